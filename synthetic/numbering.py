"""Give the cases numbers, agencies and courthouses, and decide which identifiers each file shows."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from synthetic.chance import chance
from synthetic.misspell import number_digit_wrong, number_digits_swapped
from synthetic.rates import load_rates
from synthetic.world import (
    ANOTHER,
    BLANK,
    DASHED,
    DIGIT_WRONG,
    DIGITS_SWAPPED,
    GLUED,
    LETTER_O,
    LOWER,
    NO_PREFIX,
    NO_PREFIX_SUFFIXED,
    NOT_IN_DOJ,
    NULL_TEXT,
    NUMBER_STYLES,
    PLAIN,
    SPACED,
    SUFFIXED,
    SUFFIXED_LONG,
    WITH_COURT_STEP,
    ZEROS,
    World,
)

# Co-defendants share a case number. Without a suffix, only name and birth date distinguish them.
_SHARED_WITHOUT_SUFFIX = 0.1
_FELONY_LETTERS, _MISDEMEANOR_LETTERS = 2, 3
_FELONY_STEP, _FELONY_RANGE = 700_001, 1_000_000
_MISDEMEANOR_STEP, _MISDEMEANOR_RANGE = 70_001, 100_000


def number_cases(world: World) -> None:
    """Give every case a court, an agency, a unique number, and a way in which the DOJ's file writes this number."""
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
    shares = [load_rates().share(name) for name in NUMBER_STYLES[1:]]
    style = rng.choice(len(NUMBER_STYLES), n, p=[1 - sum(shares), *shares])
    shared = follows | np.isin(np.arange(n), leader[follows])
    cases["defendant_number"] = np.where(shared & ~follows, "01", cases["defendant_number"])
    cases["ofn_style"] = np.where(
        shared, np.where(chance(world.identity, n, _SHARED_WITHOUT_SUFFIX), PLAIN, SUFFIXED), style
    )
    cases["letters"] = np.where(cases["felony_number"], _FELONY_LETTERS, _MISDEMEANOR_LETTERS)
    _write_numbers(world)
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
    """Decide which court cases show the defendant's CII number.

    The share of cases that show it depends on the defendant's group. If a person who is not in the DOJ's file has
    several court cases, all of them show the number, because the court keeps these cases together.
    """
    rng, cases, people = world.rng, world.cases, world.people
    in_court = cases["in_court"].to_numpy()
    person = cases["person"].to_numpy()
    court_cases = np.bincount(person[in_court], minlength=len(people))
    kept_together = (court_cases[person] > 1) & ~people["in_doj"].to_numpy()[person]
    rates, its_people = load_rates(), people.iloc[person]
    missing = np.where(
        cases["felony_number"],
        rates.of("cii_missing_felony", its_people),
        rates.of("cii_missing_misdemeanor", its_people),
    )
    cases["cii_shown"] = kept_together | (rng.random(len(cases)) >= missing)


def _write_numbers(world: World) -> None:
    """Write ``ofn_text``, the case number on court steps of the DOJ's file.

    If a way of writing does not change the number, its style is recorded as plain.
    """
    rng, cases = world.identity, world.cases
    number, letters = cases["case_number"].to_numpy(dtype=object), cases["letters"].to_numpy()
    style, defendant = cases["ofn_style"].to_numpy().copy(), cases["defendant_number"].to_numpy(dtype=object)
    here = (cases["county"].to_numpy() == 0) & (cases["kind"] != "court_juvenile").to_numpy()
    style[~here & ~np.isin(style, (BLANK, NULL_TEXT))] = PLAIN
    place = rng.random(len(cases))
    text = number.copy()
    for kind, way in _WAYS.items():
        for row in np.flatnonzero(style == kind).tolist():
            whole, length = number[row], letters[row]
            text[row] = way(whole[:length], whole[length:], defendant[row], float(place[row]))
    another = np.flatnonzero(style == ANOTHER)
    pool = np.flatnonzero(here)
    text[another] = number[pool[(place[another] * len(pool)).astype(np.int64)]]
    style[(text == number) & (style != PLAIN)] = PLAIN
    cases["ofn_style"], cases["ofn_text"] = style, text


# One function for each way to write a number. Its arguments: letters, digits, defendant number, and place of an error.
_Way = Callable[[str, str, str, float], str]
_WAYS: dict[int, _Way] = {
    SUFFIXED: lambda letters, digits, defendant, _: f"{letters}{digits}-{defendant}",
    SUFFIXED_LONG: lambda letters, digits, defendant, _: f"{letters}{digits}-0{defendant}",
    SPACED: lambda letters, digits, *_: f"{letters} {digits}",
    DASHED: lambda letters, digits, *_: f"{letters}-{digits}",
    LOWER: lambda letters, digits, defendant, _: f"{letters.lower()}{digits}-{defendant}",
    GLUED: lambda letters, digits, defendant, _: letters + digits + defendant,
    NO_PREFIX: lambda _, digits, *__: digits,
    NO_PREFIX_SUFFIXED: lambda _, digits, defendant, __: f"{digits}-{defendant}",
    ZEROS: lambda letters, digits, *_: letters + (digits.lstrip("0") if digits[0] == "0" else "0" + digits),
    LETTER_O: lambda letters, digits, *_: letters + digits.replace("0", "O", 1),
    DIGIT_WRONG: lambda letters, digits, _, place: letters + number_digit_wrong(digits, 0, place),
    DIGITS_SWAPPED: lambda letters, digits, _, place: letters + number_digits_swapped(digits, 0, place),
    BLANK: lambda *_: "",
    NULL_TEXT: lambda *_: "NULL  ",
}


def doj_case_text(cases: pd.DataFrame) -> np.ndarray:
    """Return the case number as the DOJ's file writes it on court steps."""
    number = cases["case_number"].to_numpy(dtype=object)
    away = (cases["county"].to_numpy() != 0) & (cases["doj_step"].to_numpy() != NOT_IN_DOJ)
    elsewhere = away & (cases["doj_step"].to_numpy() == WITH_COURT_STEP)
    return np.where(elsewhere, number, cases["ofn_text"].to_numpy(dtype=object))
