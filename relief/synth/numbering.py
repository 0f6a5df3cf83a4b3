"""Case numbers, agencies and courthouses; which identifiers each file shows."""

from typing import Any

import numpy as np
import pandas as pd

from relief.synth.chance import chance
from relief.synth.world import (
    BLANK,
    LOWER,
    NOT_IN_DOJ,
    NULL_TEXT,
    PLAIN,
    SPACED,
    SUFFIXED,
    WITH_COURT_STEP,
    World,
)

_STYLE_SHARES = {PLAIN: 0.40, SUFFIXED: 0.36, SPACED: 0.12, LOWER: 0.07, BLANK: 0.03, NULL_TEXT: 0.02}
_CII_UNKNOWN = 0.12
_FELONY_STEP, _FELONY_RANGE = 700_001, 1_000_000
_MISDEMEANOR_STEP, _MISDEMEANOR_RANGE = 70_001, 100_000


def number_cases(world: World) -> None:
    """Give every case a court, an agency, a unique number, and a way of writing it."""
    rng, cases, tables = world.rng, world.cases, world.tables
    n = len(cases)
    cases["courthouse"] = world.weighted(tables.courthouses, n)
    cases["agency"] = _agencies(world)
    leader = cases["leader"].to_numpy()
    follows = leader >= 0
    for column in ("courthouse", "felony_number"):
        values = cases[column].to_numpy().copy()
        values[follows] = values[leader[follows]]
        cases[column] = values
    number = _numbers(world)
    number[follows] = number[leader[follows]]
    cases["case_number"] = number
    cases["group"] = np.where(follows, leader, np.arange(n))
    cases["defendant_number"] = np.where(follows, "02", "01")
    single = chance(rng, n, 0.97)
    cases["defendant_number"] = np.where(follows | single, cases["defendant_number"], "03")
    style = rng.choice(list(_STYLE_SHARES), n, p=list(_STYLE_SHARES.values()))
    shared = follows | np.isin(np.arange(n), leader[follows])
    cases["defendant_number"] = np.where(shared & ~follows, "01", cases["defendant_number"])
    # Two defendants share the number: only the suffix tells them apart, so it is always written.
    cases["ofn_style"] = np.where(shared, SUFFIXED, style)
    _show_cii(world)


def _agencies(world: World) -> np.ndarray:
    agencies, cases = world.tables.agencies, world.cases
    own = agencies["city_attorney"] != ""
    result = world.weighted(agencies, len(cases))
    for wanted, choices in ((True, agencies[own]), (False, agencies[~own])):
        misdemeanor = ~cases["felony_number"].to_numpy() | cases["city_attorney"].to_numpy()
        rows = np.flatnonzero(misdemeanor & (cases["city_attorney"].to_numpy() == wanted))
        result[rows] = world.weighted(choices, len(rows))
    return result


def _numbers(world: World) -> np.ndarray:
    cases, courthouses = world.cases, world.tables.courthouses
    year = pd.to_datetime(cases["arrest_day"], unit="D").dt.year.to_numpy()
    felony = cases["felony_number"].to_numpy()
    here = cases["county"].to_numpy() == 0
    juvenile = (cases["kind"] == "court_juvenile").to_numpy()
    prefix = np.where(
        felony,
        courthouses["felony_prefix"].to_numpy()[cases["courthouse"].to_numpy()],
        (year % 10).astype(str).astype(object)
        + courthouses["misdemeanor_letters"].to_numpy()[cases["courthouse"].to_numpy()],
    )
    prefix = np.where(here, prefix, "M")
    prefix = np.where(juvenile, "VJ", prefix).astype(object)
    serial = pd.Series(prefix).groupby(prefix).cumcount().to_numpy()
    six = here & felony & ~juvenile
    long = (serial * _FELONY_STEP + 4_711) % _FELONY_RANGE
    short = (serial * _MISDEMEANOR_STEP + 1_789) % _MISDEMEANOR_RANGE
    digits = np.where(six, [f"{v:06d}" for v in long.tolist()], [f"{v:05d}" for v in short.tolist()])
    away = np.array([f"{v:07d}" for v in (serial % 10_000_000).tolist()], dtype=object)
    return prefix + np.where(here, digits.astype(object), away)


def _show_cii(world: World) -> None:
    """The court knows the CII of who has two cases, or a DOJ record that no case number ties to this case."""
    rng, cases, people = world.rng, world.cases, world.people
    n_people = len(people)
    in_court = cases["in_court"].to_numpy()
    person = cases["person"].to_numpy()
    court_cases = np.bincount(person[in_court], minlength=n_people)
    tied = in_court & (cases["kind"] == "wave_1").to_numpy() & ~np.isin(cases["ofn_style"], (BLANK, NULL_TEXT))
    needed = (court_cases[person] > 1) | (people["in_doj"].to_numpy()[person] & ~tied)
    cases["cii_shown"] = needed | (rng.random(len(cases)) >= _CII_UNKNOWN)


def doj_case_text(cases: pd.DataFrame) -> np.ndarray:
    """The case number as the DOJ file writes it on court steps."""
    number = cases["case_number"].to_numpy(dtype=object)
    suffix = "-" + cases["defendant_number"].to_numpy(dtype=object)
    style = cases["ofn_style"].to_numpy()
    spaced = np.array([f"{text[:2]} {text[2:]}" for text in number], dtype=object)
    lower = np.array([text.lower() for text in number], dtype=object)
    choices: dict[int, Any] = {
        PLAIN: number,
        SUFFIXED: number + suffix,
        SPACED: spaced,
        LOWER: lower + suffix,
        BLANK: "",
        NULL_TEXT: "NULL  ",
    }
    result = np.full(len(cases), "", dtype=object)
    for value, text in choices.items():
        result = np.where(style == value, text, result)
    away = (cases["county"].to_numpy() != 0) & (cases["doj_step"].to_numpy() != NOT_IN_DOJ)
    return np.where(away & (cases["doj_step"].to_numpy() == WITH_COURT_STEP), number, result)
