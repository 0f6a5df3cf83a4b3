"""How a charge is written in the DOJ file: the usual spelling, and small shares of all other spellings seen."""

import re

import numpy as np
import pandas as pd

from synthetic.tables import CONVICTED
from synthetic.world import WITH_COURT_STEP, World
from synthetic.write import quoted

SEE_COMMENT = "SEE COMMENT FOR CHARGE"
(
    USUAL,
    GLUED,
    BARE_GLUED,
    BARE,
    CODE_FIRST,
    IN_COMMENT,
    DIGIT_BEHIND,
    ONLY_IN_COMMENT,
    OTHER_IN_COMMENT,
    NO_LITERAL,
    NO_HYPHEN,
    NO_LEVEL,
    NO_CHARGE,
    NO_CHARGE_SAID,
    NO_CHARGE_NULL,
) = range(15)
N_SPELLINGS = 15
STYLES = (
    "usual", "glued", "bare_glued", "bare", "code_first", "in_comment", "digit_behind", "only_in_comment",
    "other_section_in_comment", "no_literal", "no_hyphen", "level_code_x", "no_charge", "no_charge_see_comment",
    "no_charge_null",
)  # fmt: skip
# The shares are assumed: texts of two police departments show which spellings occur, but not how often in the state's
# file.
CANNABIS_SHARES = (0.914, 0.02, 0.015, 0.015, 0.01, 0.01, 0.0, 0.004, 0.004, 0.005, 0.003, 0.0, 0.0, 0.0, 0.0)
OTHER_SHARES = (0.9804, 0.009, 0.0, 0.0, 0.0, 0.006, 0.0, 0.002, 0.0, 0.0, 0.0, 0.0, 0.001, 0.001, 0.0006)
GLUED_SHARE = 0.15  # share of look-alikes and attempts with the spelling GLUED
# Statutes of the tables, each with a spelling that must occur (docs/methodology/records.md, Which offense).
REQUIRED = (
    ("11357(B)", GLUED), ("11357(B)", BARE_GLUED), ("11357(B)(2)", DIGIT_BEHIND), ("11357(A)", BARE),
    ("11357(B)(2)", BARE), ("11360(A)(3)(D)", BARE_GLUED), ("11359", GLUED), ("11358", CODE_FIRST),
    ("11357", NO_LITERAL), ("11359", NO_HYPHEN),
)  # fmt: skip
_OTHER_SECTION = {"11357": "11359", "11358": "11360(A)", "11359": "11357(C)", "11360": "11358"}


def spellings(code: str, statute: str, code_type: str, literal: str, level: str) -> list[tuple[str, str, str]]:
    """Return each way to write one charge, as three texts.

    The texts are the columns of the charge (code, description, level), the columns of the conviction, and the comment.
    """
    bare = statute.replace("(", "").replace(")", "")
    behind = re.sub(r"\((\d+)\)$", r"\1", statute)
    usual = f"{statute} {code_type}-{literal}"
    named = _OTHER_SECTION.get(statute.partition("(")[0], "11359")
    ways = (
        (usual, level, ""),
        (f"{statute}{code_type}-{literal}", level, ""),
        (f"{bare}{code_type}-{literal}", level, ""),
        (f"{bare} {code_type}-{literal}", level, ""),
        (f"{code_type} {statute}-{literal}", level, ""),
        (SEE_COMMENT, level, usual),
        (f"{behind}{code_type}-{literal}", level, ""),
        ("", level, usual),
        (usual, level, f"{named} HS-OTHER CANNABIS"),
        (f"{statute}{code_type}", level, ""),
        (f"{statute}{code_type} {literal}", level, ""),
        (usual, "X", ""),
        ("", level, ""),
        (SEE_COMMENT, level, ""),
        ("NULL", level, ""),
    )
    return [
        (
            f"{code},{quoted(text)},{toc}",
            f"{code},{quoted(text)},{toc}" if text not in ("", SEE_COMMENT, "NULL") else ",,",
            quoted(comment),
        )
        for text, toc, comment in ways
    ]


def spell_counts(world: World) -> np.ndarray:
    """Draw a spelling for every count.

    The spellings in ``REQUIRED`` occur if some conviction in the file can have them.
    """
    rng, counts, offenses = world.detail, world.counts, world.tables.offenses
    kind = counts["kind"].to_numpy(dtype=object)
    n = len(counts)
    result = np.zeros(n, dtype=np.int64)
    for name, shares in (("cannabis", CANNABIS_SHARES), ("other", OTHER_SHARES)):
        rows = np.flatnonzero(kind == name)
        result[rows] = np.searchsorted(np.cumsum(shares), rng.random(len(rows)) * sum(shares), side="right")
    result[np.isin(kind, ("look_alike", "attempt")) & (rng.random(n) < GLUED_SHARE)] = GLUED
    offense = counts["offense"].to_numpy()
    marked = (offenses["mark"] != "").to_numpy()[offense]
    penal = (offenses["code_type"] == "PC").to_numpy()[offense]
    # The strike lists of 2019 look for a blank before PC. Without the blank, they would miss more listed sections by
    # accident.
    result[(kind == "other") & (penal | marked) & (result == GLUED)] = USUAL
    # 187 PC is on the strike list. It is written here without the blank, so that the list misses it.
    result[(offenses["statute"] == "187").to_numpy()[offense]] = GLUED
    in_court = world.cases["in_court"].to_numpy()[counts["case"].to_numpy()]
    hidden = result >= NO_CHARGE
    # If the conviction is for another offense than the charge, the charge must be shown.
    lesser = (counts["convicted_offense"] >= 0).to_numpy()
    result[hidden & (in_court | marked | lesser)] = USUAL
    _require(world, result)
    return result


def _require(world: World, result: np.ndarray) -> None:
    counts, cases = world.counts, world.cases
    case = counts["case"].to_numpy()
    offenses = world.tables.offenses
    statute = offenses["statute"].to_numpy(dtype=object)[counts["offense"].to_numpy()]
    shown = (counts["kind"] == "cannabis") & counts["doj"] & (counts["outcome"] == CONVICTED)
    shown &= pd.Series(cases["doj_step"].to_numpy()[case] == WITH_COURT_STEP, index=counts.index)
    rows = np.flatnonzero(shown.to_numpy())
    for wanted in dict.fromkeys(statute for statute, _ in REQUIRED):
        some = rows[statute[rows] == wanted]
        styles = [style for name, style in REQUIRED if name == wanted]
        missing = [style for style in styles if not (result[some] == style).any()]
        # Rows with the usual spelling are changed first, so that the other spellings are kept.
        free = some[~np.isin(result[some], styles)]
        free = free[np.argsort(result[free] != USUAL, kind="stable")]
        for row, style in zip(free, missing, strict=False):
            result[row] = style
