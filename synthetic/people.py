"""Invent people: race, sex, name, birth date, identifiers. No person here exists."""

import numpy as np
import pandas as pd

from synthetic.chance import chance
from synthetic.dates import partial_text
from synthetic.tables import RACE_CODES, RACE_DESCR, Tables

_SHARES = {
    "latino": ("pcthispanic",),
    "black": ("pctblack",),
    "white": ("pctwhite",),
    "other": ("pctapi", "pctaian", "pct2prace"),
}
_OTHER = 3
_DAYS_OF_YEAR = 365.2425
_PRIME = 48_271_009  # odd and not a multiple of 5, so that multiplication by it shuffles 0..10^8-1 without a collision
_MODULUS = 100_000_000


def make_people(rng: np.random.Generator, tables: Tables, first_days: np.ndarray, group: np.ndarray) -> pd.DataFrame:
    """Return one row per person. ``first_days`` contains the day of each person's first event as an adult."""
    n = len(first_days)
    race = rng.choice(4, n, p=(0.45, 0.32, 0.20, 0.03))
    shown_race = np.where((race == _OTHER) & chance(rng, n, 0.4), 4, race)
    female = chance(rng, n, 0.14)
    age = 18.3 + np.minimum(rng.gamma(1.7, 4.6, n), 45)
    birth_day = (first_days - age * _DAYS_OF_YEAR).astype(np.int64)
    numbers = _shuffled_numbers(rng, n)
    last, first, middle = _names(rng, tables, race, female)
    people = pd.DataFrame(
        {
            "group": group,
            "race": race,
            "race_code": np.array(RACE_CODES, dtype=object)[shown_race],
            "race_descr": np.array(RACE_DESCR, dtype=object)[shown_race],
            "sex": np.where(female, "F", "M"),
            "first_day": first_days,
            "birth_day": birth_day,
            "birth_shown": birth_day,
            "birth_defect": 0,
            "last": last,
            "first": first,
            "middle": middle,
            "cii": [f"A{number:08d}" for number in numbers.tolist()],
            "subject_id": [f"{10_000_000 + number % 90_000_000:08d}" for number in _subject_numbers(rng, n).tolist()],
            "in_doj": False,
        }
    )
    people["name"] = people["last"] + "," + people["first"] + np.where(middle == "", "", " " + middle)
    return people


def personal_block(rng: np.random.Generator, people: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the personal columns of the DOJ file that affect no answer: invented numbers, and a description."""
    n = len(people)
    ssn = [
        f"9{a:02d}{b:02d}{c:04d}"
        for a, b, c in zip(
            *(rng.integers(lo, hi, n).tolist() for lo, hi in ((0, 100), (10, 50), (0, 10_000))), strict=True
        )
    ]
    cdl = [f"Z0{number:06d}" for number in rng.integers(0, 1_000_000, n).tolist()]
    eyes, hair = rng.choice(3, n, p=(0.75, 0.15, 0.10)), rng.choice(3, n, p=(0.55, 0.40, 0.05))
    inches = np.where(people["sex"].to_numpy() == "F", rng.integers(60, 69, n), rng.integers(64, 76, n))
    birth = partial_text(people["birth_shown"].to_numpy(), people["birth_defect"].to_numpy())
    return {
        "birth": birth,
        "ssn": np.where(chance(rng, n, 0.35), "", np.array(ssn, dtype=object)),
        "cdl": np.where(chance(rng, n, 0.3), "", np.array(cdl, dtype=object)),
        "eyes": np.array(("BRO,BROWN", "BLU,BLUE", "HAZ,HAZEL"), dtype=object)[eyes],
        "hair": np.array(("BLK,BLACK", "BRO,BROWN", "BLN,BLOND"), dtype=object)[hair],
        "height": np.array([f"{i // 12}{i % 12:02d}" for i in range(84)], dtype=object)[inches],
        "weight": rng.integers(110, 260, n).astype(str).astype(object),
    }


def _shuffled_numbers(rng: np.random.Generator, n: int) -> np.ndarray:
    return (np.arange(n, dtype=np.int64) * _PRIME + int(rng.integers(_MODULUS))) % _MODULUS


def _subject_numbers(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.permutation(n) * 3 + int(rng.integers(1_000_000))


def _names(
    rng: np.random.Generator, tables: Tables, race: np.ndarray, female: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = len(race)
    last = np.empty(n, dtype=object)
    first = np.empty(n, dtype=object)
    for number, columns in enumerate(_SHARES.values()):
        rows = np.flatnonzero(race == number)
        last[rows] = _draw(rng, tables.surnames, columns, "", len(rows))
        for is_female in (False, True):
            some = rows[female[rows] == is_female]
            first[some] = _draw(rng, tables.first_names, columns, "pctfemale" if is_female else "pctmale", len(some))
    letters = np.array(list("ABCDEFGHIJKLMNOPRSTVW"), dtype=object)
    middle = np.where(chance(rng, n, 0.25), "", letters[rng.integers(0, len(letters), n)])
    return last, first, middle


def _draw(rng: np.random.Generator, names: pd.DataFrame, shares: tuple[str, ...], sex: str, n: int) -> np.ndarray:
    weight = names["count"].to_numpy(dtype=float) * sum(names[share].to_numpy(dtype=float) for share in shares)
    if sex:
        weight = weight * names[sex].to_numpy(dtype=float)
    edges = np.cumsum(weight)
    picks = np.searchsorted(edges, rng.random(n) * edges[-1], side="right").clip(0, len(names) - 1)
    return names["name"].to_numpy(dtype=object)[picks]
