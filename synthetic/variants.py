"""Variants of a person: names, birth dates and numbers that agencies recorded differently in different cycles."""

import numpy as np
import pandas as pd

from synthetic.chance import category
from synthetic.dates import as_text
from synthetic.family import full_name
from synthetic.misspell import swapped_neighbours
from synthetic.world import World

# Assumed share of the cycles that show each variant.
SHARES = {
    "alias": 0.008, "other_surname": 0.006, "middle_left_out": 0.020, "other_middle": 0.004, "hyphenated": 0.004,
    "letters_transposed": 0.006, "birth_date_transposed": 0.004, "birth_year_off": 0.004, "birth_date_blank": 0.003,
    "no_driver_license": 0.030, "no_social_security_number": 0.030,
}  # fmt: skip
NAMES = tuple(SHARES)[:6]
# The first valid birth date in file order counts as the person's. So a first cycle may lack a birth date, but never has
# a wrong one.
BIRTHS = ("birth_date_transposed", "birth_year_off")
MOST_CYCLES = 1_000
FEMALE_FACTOR = 6  # women change their surname at marriage, men rarely
REQUESTED_OTHERWISE = 0.04
_LAST_SWAPPED_DAY, _HALF = 12, 0.5
_SHORT, _OTHER_SURNAME = 1, 2


def draw_variants(world: World, person: np.ndarray, cycle: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Draw the variants of people, for rows in file order.

    Return a table of variants (person, cycle, variant), and for each row the number of its variant or -1.
    """
    rng, people = world.detail, world.people
    # Rows are grouped by person and cycle, even if the rows of a cycle are not next to each other.
    _, starts, group = np.unique(person * MOST_CYCLES + cycle, return_index=True, return_inverse=True)
    who = person[starts]
    first = np.diff(who, prepend=-1) != 0
    kind = category(rng, len(starts), *SHARES.values())
    names = list(SHARES)
    numbers = {name: 1 + names.index(name) for name in names}
    marries = (people["sex"].to_numpy() == "F")[who] | (rng.random(len(starts)) < 1 / FEMALE_FACTOR)
    kind[(kind == numbers["other_surname"]) & ~marries] = 0
    in_court = np.zeros(len(people), dtype=bool)
    in_court[world.cases.loc[world.cases["in_court"], "person"].to_numpy()] = True
    # The court's file has the name of a person's first cycle, so that cycle must show the person's own name.
    kind[first & in_court[who] & np.isin(kind, [numbers[name] for name in NAMES])] = 0
    kind[first & np.isin(kind, [numbers[name] for name in BIRTHS])] = 0
    several = np.isin(who, who[~first])
    blank = numbers["birth_date_blank"]
    kind[(kind == blank) & ~several] = 0
    kind[
        (people["birth_defect"].to_numpy()[who] > 0) & (kind >= numbers["birth_date_transposed"]) & (kind <= blank)
    ] = 0
    # If the first cycle lacks a birth date, all other cycles have the true one, so that the first valid date is true.
    late = np.isin(who, who[first & (kind == blank)]) & ~first
    kind[late & (kind >= numbers["birth_date_transposed"]) & (kind <= blank)] = 0
    kind = _without_idle(world, who, kind, numbers)
    chosen = np.flatnonzero(kind > 0)
    number = np.full(len(starts), -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))
    variants = pd.DataFrame(
        {
            "person": who[chosen],
            "cycle": cycle[starts[chosen]],
            "variant": np.array(["", *names], dtype=object)[kind[chosen]],
        }
    )
    return variants, number[group]


def _without_idle(world: World, who: np.ndarray, kind: np.ndarray, numbers: dict[str, int]) -> np.ndarray:
    """Remove variants that would change nothing: no middle name to leave out, or day and month not to be exchanged."""
    people = world.people
    kind = kind.copy()
    kind[(kind == numbers["middle_left_out"]) & (people["middle"].to_numpy(dtype=object)[who] == "")] = 0
    rows = np.flatnonzero(kind == numbers["birth_date_transposed"])
    text = as_text(people["birth_shown"].to_numpy()[who[rows]], "compact")
    idle = np.array([int(t[6:]) > _LAST_SWAPPED_DAY or t[4:6] == t[6:] for t in text], dtype=bool)
    kind[rows[idle]] = 0
    return kind


def vary(world: World, variants: pd.DataFrame, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the personal texts of each variant.

    Name, birth date, ssn and cdl may be changed. All other texts are those of the person.
    """
    rng, people = world.detail, world.people
    who = variants["person"].to_numpy()
    result = {name: values[who].copy() for name, values in columns.items()}
    last, first, middle = (people[name].to_numpy(dtype=object)[who].copy() for name in ("last", "first", "middle"))
    kind = variants["variant"].to_numpy(dtype=object)
    surnames = world.tables.surnames["name"].to_numpy(dtype=object)[rng.integers(0, 800, len(who))]
    given = world.tables.first_names["name"].to_numpy(dtype=object)[rng.integers(0, 300, len(who))]
    letter = np.array(list("ABCDEFGHIJKLMNOPRSTVW"), dtype=object)[rng.integers(0, 21, len(who))]
    place = rng.random(len(who))
    is_alias, hyphenated = kind == "alias", kind == "hyphenated"
    last[is_alias] = surnames[is_alias]
    # For a person who married, this is the surname that the court's file may have.
    last[kind == "other_surname"] = people["other_last"].to_numpy(dtype=object)[who[kind == "other_surname"]]
    first[is_alias] = given[is_alias]
    last[hyphenated] = last[hyphenated] + "-" + surnames[hyphenated]
    middle[kind == "middle_left_out"] = ""
    middle[kind == "other_middle"] = letter[kind == "other_middle"]
    for row in np.flatnonzero(kind == "letters_transposed"):
        last[row] = swapped_neighbours(last[row], place[row])
    result["name"] = full_name(last, first, middle, people["suffix"].to_numpy(dtype=object)[who])
    birth = result["birth"]
    for row in np.flatnonzero(kind == "birth_date_transposed"):
        birth[row] = birth[row][:4] + birth[row][6:] + birth[row][4:6]
    for row in np.flatnonzero(kind == "birth_year_off"):
        # The previous and the next year of a leap year have no February 29.
        text = birth[row] if birth[row][4:] != "0229" else birth[row][:4] + "0228"
        birth[row] = f"{int(text[:4]) + (1 if place[row] < _HALF else -1)}{text[4:]}"
    birth[kind == "birth_date_blank"] = ""
    result["cdl"][kind == "no_driver_license"] = ""
    result["ssn"][kind == "no_social_security_number"] = ""
    return result


def requested_names(world: World, name: np.ndarray) -> np.ndarray:
    """Return the name under which each record was requested: the primary name, or for a few people another form."""
    rng, people = world.detail, world.people
    kind = category(rng, len(people), REQUESTED_OTHERWISE * 0.7, REQUESTED_OTHERWISE * 0.3)
    short = (people["last"] + "," + people["first"]).to_numpy(dtype=object)
    surname = world.tables.surnames["name"].to_numpy(dtype=object)[rng.integers(0, 800, len(people))]
    return np.where(
        kind == _SHORT,
        short,
        np.where(kind == _OTHER_SURNAME, surname + "," + people["first"].to_numpy(dtype=object), name),
    )
