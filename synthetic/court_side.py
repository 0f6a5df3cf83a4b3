"""How the court's file writes each case and its defendant, and the causes of differences from the DOJ's file."""

import numpy as np
import pandas as pd

from synthetic.chance import category
from synthetic.court_names import OTHER_NAME, SLIGHT, Causes, court_names
from synthetic.dates import PROP_64, as_text
from synthetic.misspell import day_and_month_swapped, digits_swapped, number_digit_wrong, year_off
from synthetic.rates import Rates, load_rates
from synthetic.world import FRAGMENT_STYLES, SAME_STYLES, WITH_COURT_STEP, World

BIRTHS = (
    "birth_day_and_month_swapped", "birth_digits_swapped", "birth_year_off", "birth_year_only", "birth_month_only",
    "birth_bare_year", "birth_missing",
)  # fmt: skip
NOT_FULL = BIRTHS[3:]
# At most this share of a group's true pairs cannot be recognized. Further hard pairs show their correct CII number
# instead.
MOST_HARD = 0.005
_DAYS_APART = 21


def write_court_side(world: World) -> None:
    """Write ``world.court``: one row per case in the court's file, with its texts and the causes of differences."""
    rng, rates, cases = world.identity, load_rates(), world.cases
    case = np.flatnonzero(cases["in_court"].to_numpy())
    here = cases.iloc[case]
    person = here["person"].to_numpy()
    people = world.people.iloc[person]
    name, alias, causes = court_names(rng, rates, world.tables, world.people, person)
    birth = _birth_dates(rng, rates, people, causes)
    cii = people["cii"].to_numpy(dtype=object).copy()
    wrong = _wrong_numbers(rng, rates, world, people, cii)
    shown = here["cii_shown"].to_numpy().copy()
    hard = _hard(world, here, causes, shown & ~wrong & (people["cii"] != "").to_numpy())
    surplus = hard & ~_allowed(rng, people, hard)
    shown |= surplus
    wrong &= shown & ~surplus
    causes["cii_digit_wrong"] = wrong
    n = len(case)
    number, defendant = _numbers(rng, rates, here)
    shift = np.where(rng.random(n) < rates.share("conviction_date_differs"), rng.integers(1, _DAYS_APART, n), 0)
    shift *= np.where(rng.random(n) < 0.5, -1, 1)  # noqa: PLR2004  (earlier or later)
    day = here["court_day"].to_numpy()
    both = (here["doj_step"] == WITH_COURT_STEP).to_numpy()
    same_law = ((day + shift) < PROP_64) == (day < PROP_64)
    world.court = pd.DataFrame(
        {
            "person": person,
            "case_number": number,
            "defendant_number": defendant,
            "defendant_name": name,
            "alias_names": alias,
            "birth_date": birth,
            "cii_number": np.where(shown, np.where(wrong, cii, people["cii"].to_numpy()), ""),
            "day": day + np.where(both & same_law & (day + shift > here["arrest_day"].to_numpy()), shift, 0),
            "hard": hard & ~surplus,
            "causes": _joined({cause: hit for cause, hit in causes.items() if cause != "doj_name_among_aliases"}),
        },
        index=case,
    )
    half = rates.share("statute_written_otherwise") / 2
    otherwise = category(rng, len(world.counts), half, half)
    world.counts["statute_otherwise"] = np.where(world.counts["kind"] == "cannabis", otherwise, 0)
    cases["is_plain_link"] = False
    plain = (world.court["causes"] == "").to_numpy() & np.isin(here["ofn_style"], SAME_STYLES)
    cases.loc[case[plain], "is_plain_link"] = True


def _birth_dates(rng: np.random.Generator, rates: Rates, people: pd.DataFrame, causes: Causes) -> np.ndarray:
    """Return birth dates as the court's file writes them. Each differs for one cause at most."""
    n = len(people)
    text = as_text(people["birth_day"].to_numpy()).copy()
    drawn, place, start = rng.random(n), rng.random(n), np.zeros(n)
    rewrite = {
        "birth_day_and_month_swapped": lambda iso, _: day_and_month_swapped(iso),
        "birth_digits_swapped": digits_swapped,
        "birth_year_off": year_off,
        "birth_year_only": lambda iso, _: iso[:4] + "-00-00",
        "birth_month_only": lambda iso, _: iso[:7] + "-00",
        "birth_bare_year": lambda iso, _: iso[:4],
        "birth_missing": lambda _, __: "",
    }
    for cause in BIRTHS:
        end = start + rates.of(cause, people)
        struck = np.flatnonzero((drawn >= start) & (drawn < end))
        start, causes[cause] = end, np.zeros(n, dtype=bool)
        for row in struck.tolist():
            written = rewrite[cause](text[row], float(place[row]))
            causes[cause][row] = written != text[row]
            text[row] = written
    return text


def _wrong_numbers(
    rng: np.random.Generator, rates: Rates, world: World, people: pd.DataFrame, cii: np.ndarray
) -> np.ndarray:
    """Change one digit in some CII numbers, but never into the CII number of another person in the files."""
    place = rng.random(len(people))
    struck = (rng.random(len(people)) < rates.of("cii_digit_wrong", people)) & (cii != "")
    struck &= people["in_doj"].to_numpy()
    taken = set(world.people["cii"])
    for row in np.flatnonzero(struck).tolist():
        other = number_digit_wrong(cii[row], 1, float(place[row]))
        struck[row] = other not in taken
        cii[row] = other if struck[row] else cii[row]
    return struck


def _hard(world: World, here: pd.DataFrame, causes: Causes, cii_right: np.ndarray) -> np.ndarray:
    """Return True for the cases that show too little to be recognized.

    The CII number is missing or wrong, and too many of the other facts differ.
    """
    people = world.people.iloc[here["person"].to_numpy()]
    exact = np.isin(here["ofn_style"], SAME_STYLES) & (here["doj_step"] == WITH_COURT_STEP).to_numpy()
    part = np.isin(here["ofn_style"], FRAGMENT_STYLES) & (here["doj_step"] == WITH_COURT_STEP).to_numpy()
    other_name = np.any([causes[cause] for cause in OTHER_NAME], axis=0) & ~causes["doj_name_among_aliases"]
    changed = np.any([hit for cause, hit in causes.items() if cause not in (*SLIGHT, *BIRTHS)], axis=0)
    not_full = np.any([causes[cause] for cause in NOT_FULL], axis=0) | (people["birth_defect"] > 0).to_numpy()
    birth_differs = np.any([causes[cause] for cause in BIRTHS], axis=0) | not_full
    without_number = other_name | not_full | (changed & birth_differs)
    hard = np.where(
        exact, other_name & birth_differs, np.where(part, (changed | other_name) & birth_differs, without_number)
    )
    return hard & ~cii_right & people["in_doj"].to_numpy()


def _allowed(rng: np.random.Generator, people: pd.DataFrame, hard: np.ndarray) -> np.ndarray:
    """Return which hard pairs stay hard: at most the share ``MOST_HARD`` of the pairs in each group."""
    order = rng.permutation(len(hard))
    allowed = hard.copy()
    in_doj = people["in_doj"].to_numpy()
    for column in ("surname_type", "sex", "race"):
        group = people[column].to_numpy()
        size = pd.Series(group[in_doj]).value_counts()
        rows = order[allowed[order]]
        rank = pd.Series(group[rows]).groupby(group[rows]).cumcount().to_numpy()
        most = size.reindex(group[rows]).fillna(0).to_numpy() * MOST_HARD
        allowed[rows[rank + 1 > most]] = False
    return allowed


def _numbers(rng: np.random.Generator, rates: Rates, here: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the case number and the defendant number as the court's three files write them."""
    number, letters = here["case_number"].to_numpy(dtype=object).copy(), here["letters"].to_numpy()
    drawn = rng.random(len(here))
    spaced, dashed = rates.share("court_number_spaced"), rates.share("court_number_dashed")
    for row in np.flatnonzero(drawn < spaced + dashed).tolist():
        mark = " " if drawn[row] < spaced else "-"
        number[row] = number[row][: letters[row]] + mark + number[row][letters[row] :]
    defendant = here["defendant_number"].to_numpy(dtype=object)
    drawn = rng.random(len(here))
    short, long = rates.share("court_defendant_1"), rates.share("court_defendant_001")
    stripped = np.array([text.lstrip("0") for text in defendant], dtype=object)
    return number, np.where(drawn < short, stripped, np.where(drawn < short + long, "0" + defendant, defendant))


def _joined(causes: Causes) -> np.ndarray:
    """Return for each row the names of its causes, in the order of the table, separated by semicolons."""
    n = len(next(iter(causes.values())))
    result = np.full(n, "", dtype=object)
    for cause in load_rates().table:
        if cause in causes:
            hit = causes[cause]
            result[hit] = np.where(result[hit] == "", cause, result[hit] + ";" + cause)
    return result
