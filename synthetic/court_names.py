"""Write the defendants' names as the court recorded them, by applying the changes in ``disagreement.csv`` in turn."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from synthetic.chance import chance
from synthetic.family import full_name
from synthetic.misspell import misspelled
from synthetic.rates import Rates
from synthetic.tables import DATA, Tables

Causes = dict[str, np.ndarray]
# Causes so slight that a reader still recognizes the name, without knowing nicknames or marriages.
SLIGHT = ("middle_left_out", "middle_other", "suffix_left_out", "suffix_added", "double_surname_hyphen")
OTHER_NAME = ("married_name", "alias_name", "double_surname_other_part")
RANDOM_ALIAS_SHARE, SUFFIX_BEHIND_SHARE = 0.1, 0.5


@dataclass(frozen=True)
class Defendants:
    """The defendant of each case, and how likely each cause of a difference is."""

    rng: np.random.Generator
    rates: Rates
    everyone: pd.DataFrame
    person: np.ndarray

    @cached_property
    def people(self) -> pd.DataFrame:
        """The defendants, one row per case."""
        return self.everyone.iloc[self.person]

    def struck(self, cause: str) -> np.ndarray:
        """Return True for the cases that a cause affects, drawn anew for each case."""
        return self.rng.random(len(self.person)) < self.rates.of(cause, self.people)

    def struck_people(self, cause: str) -> np.ndarray:
        """Return True for all cases of the people whom a cause affects, drawn once for each person."""
        struck: np.ndarray = self.rng.random(len(self.everyone)) < self.rates.of(cause, self.everyone)
        return struck[self.person]

    def texts(self, column: str) -> np.ndarray:
        """Return a text column of the defendants, one value per case."""
        return self.people[column].to_numpy(dtype=object).copy()


def court_names(
    rng: np.random.Generator, rates: Rates, tables: Tables, everyone: pd.DataFrame, person: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Causes]:
    """Return name and aliases of each case's defendant, and the causes for which the name differs from the DOJ's."""
    draw, n = Defendants(rng, rates, everyone, person), len(person)
    text = {name: draw.texts(name) for name in ("first", "middle", "suffix", "last")}
    causes: Causes = {}
    _surnames(draw, text, causes)
    _given_names(draw, text, causes)
    other_first = tables.first_names["name"].to_numpy(dtype=object)[rng.integers(0, 300, n)]
    other_last = tables.surnames["name"].to_numpy(dtype=object)[rng.integers(0, 800, n)]
    alias = causes["alias_name"]
    text["first"] = np.where(alias, other_first, text["first"])
    text["last"] = np.where(alias, other_last, text["last"])
    causes["initial_only"] = draw.struck("initial_only") & ~alias
    text["first"] = np.where(causes["initial_only"], [first[:1] for first in text["first"]], text["first"])
    _small_parts(draw, text, causes)
    swapped = causes["names_swapped"] = draw.struck("names_swapped")
    last = np.where(swapped, text["first"], text["last"])
    first = np.where(swapped, text["last"], text["first"])
    behind = chance(rng, n, SUFFIX_BEHIND_SHARE) | (text["suffix"] == "")
    name = np.where(
        behind,
        full_name(last, first, text["middle"], text["suffix"]),
        full_name(last + " " + text["suffix"], first, text["middle"], np.full(n, "", dtype=object)),
    )
    return name, _aliases(draw, other_last, causes), causes


def _surnames(draw: Defendants, text: dict[str, np.ndarray], causes: Causes) -> None:
    rng, person = draw.rng, draw.person
    first_part, second_part = draw.texts("last_1"), draw.texts("last_2")
    two = second_part != ""
    shown = text["last"]
    drawn = rng.random(len(person))
    start = np.zeros(len(person))
    forms = {
        "double_surname_part_left_out": np.where(shown == first_part, first_part + " " + second_part, first_part),
        "double_surname_other_part": second_part,
        "double_surname_swapped": second_part + " " + first_part,
        "double_surname_hyphen": np.where(
            shown == first_part + "-" + second_part, first_part + " " + second_part, first_part + "-" + second_part
        ),
    }
    result = shown.copy()
    for cause, form in forms.items():
        end = start + draw.rates.of(cause, draw.people)
        struck = two & (drawn >= start) & (drawn < end)
        # This cause exchanges a hyphen for a blank or a blank for a hyphen, so both parts of the surname must be shown.
        if cause == "double_surname_hyphen":
            struck &= shown != first_part
        result, start, causes[cause] = np.where(struck, form, result), end, struck
    particles = pd.read_csv(DATA / "particles.csv", keep_default_na=False).set_index("surname")
    apart, other = (pd.Series(first_part).map(particles[name]).fillna("").to_numpy() for name in particles.columns)
    struck = (apart != "") & ~two & draw.struck("particle_written_otherwise")
    written = np.where(shown == apart, np.where(chance(rng, len(person), 0.5), first_part, other), apart)
    result = np.where(struck, written, result)
    causes["particle_written_otherwise"] = struck
    result, causes["surname_typo"] = _typos(rng, result, draw.struck("surname_typo"))
    married = draw.struck_people("married_name")
    alias = draw.struck_people("alias_name") & ~married
    other_last = draw.texts("other_last")
    married &= other_last != first_part
    text["last"] = np.where(married, other_last, result)
    causes["married_name"], causes["alias_name"] = married, alias
    for cause in (*forms, "particle_written_otherwise", "surname_typo"):
        causes[cause] = causes[cause] & ~married & ~alias


def _given_names(draw: Defendants, text: dict[str, np.ndarray], causes: Causes) -> None:
    table = pd.read_csv(DATA / "nicknames.csv", keep_default_na=False)
    known = table.groupby("first_name")["nickname"].agg(list)
    first = pd.Series(text["first"])
    named = first.map(known.map(len)).fillna(0).to_numpy().astype(np.int64)
    place = draw.rng.random(len(first))
    struck = (named > 0) & draw.struck("nickname") & ~causes["alias_name"]
    for row in np.flatnonzero(struck).tolist():
        text["first"][row] = known[text["first"][row]][int(place[row] * named[row])]
    typo = draw.struck("given_name_typo") & ~struck & ~causes["alias_name"]
    text["first"], causes["given_name_typo"] = _typos(draw.rng, text["first"], typo)
    causes["nickname"] = struck


def _typos(rng: np.random.Generator, texts: np.ndarray, struck: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    way, place = rng.integers(0, 4, len(texts)), rng.random(len(texts))
    result = texts.copy()
    for row in np.flatnonzero(struck).tolist():
        result[row] = misspelled(texts[row], int(way[row]), float(place[row]))
    return result, struck & (result != texts)


def _small_parts(draw: Defendants, text: dict[str, np.ndarray], causes: Causes) -> None:
    letters = np.array(list("ABCDEFGHIJKLMNOPRSTVW"), dtype=object)[draw.rng.integers(0, 21, len(draw.person))]
    has_middle = text["middle"] != ""
    left_out = has_middle & draw.struck("middle_left_out")
    other = has_middle & ~left_out & draw.struck("middle_other") & (letters != text["middle"])
    text["middle"] = np.where(left_out, "", np.where(other, letters, text["middle"]))
    causes["middle_left_out"], causes["middle_other"] = left_out, other
    has_suffix = text["suffix"] != ""
    male = (draw.people["sex"] == "M").to_numpy()
    gone = has_suffix & draw.struck("suffix_left_out")
    added = ~has_suffix & male & draw.struck("suffix_added")
    text["suffix"] = np.where(gone, "", np.where(added, "JR", text["suffix"]))
    causes["suffix_left_out"], causes["suffix_added"] = gone, added


def _aliases(draw: Defendants, other_last: np.ndarray, causes: Causes) -> np.ndarray:
    rng, n = draw.rng, len(draw.person)
    first, doj_name = draw.texts("first"), draw.texts("name")
    some = np.where(chance(rng, n, RANDOM_ALIAS_SHARE), other_last[rng.permutation(n)] + "," + first, "")
    under_other = np.any([causes[cause] for cause in OTHER_NAME], axis=0)
    told = under_other & draw.struck("doj_name_among_aliases")
    causes["doj_name_among_aliases"] = told
    return np.where(told, np.where(some == "", doj_name, some + "; " + doj_name), some)
