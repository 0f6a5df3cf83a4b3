"""The truth about identity: which records belong to one person, which counts are one conviction, and what differs."""

from typing import Any

import numpy as np
import pandas as pd

from synthetic.court import count_number
from synthetic.rates import SURNAME_TYPES
from synthetic.tables import RACES
from synthetic.world import NUMBER_STYLES, WITH_COURT_STEP, World
from synthetic.write import LABEL

NOT_IN_DOJ_FILE = "case_not_in_doj_file"
GROUPS = ("surname_type", "sex", "race")
MEANING = (
    "a pair is a subject of the DOJ file and a defendant of one case of the court's file who are one person; causes "
    "say what the court wrote otherwise than the DOJ's first rows; hard pairs show too little to be told: no right "
    "CII number, and number, name and birth date differ too much at once"
)


def true_pairs(world: World, order: np.ndarray) -> pd.DataFrame:
    """Return one row per DOJ subject and court case of that subject, as texts.

    ``order`` lists the cases in the order of the court's file.
    """
    court, people, cases = world.court.loc[order], world.people, world.cases
    row_no = np.arange(1, len(court) + 1)
    person = court["person"].to_numpy()
    known = people["in_doj"].to_numpy()[person]
    court, person, row_no = court[known], person[known], row_no[known]
    its_case, its_people = cases.iloc[court.index.to_numpy()], people.iloc[person]
    in_doj = (its_case["doj_step"] == WITH_COURT_STEP).to_numpy()
    number = np.where(in_doj, np.array(NUMBER_STYLES, dtype=object)[its_case["ofn_style"].to_numpy()], NOT_IN_DOJ_FILE)
    doj_cii = its_people["cii"].to_numpy(dtype=object)
    shown = court["cii_number"].to_numpy(dtype=object)
    cii = np.where((shown == "") | (doj_cii == ""), "missing", np.where(shown == doj_cii, "same", "digit_wrong"))
    defect = (its_people["birth_defect"] > 0).to_numpy()
    later = its_people["is_born_later"].to_numpy()
    causes = court["causes"].to_numpy(dtype=object)
    for hit, cause in ((defect, "doj_birth_date_not_full"), (later, "doj_birth_date_wrong")):
        causes = np.where(hit, np.where(causes == "", cause, causes + ";" + cause), causes)
    return pd.DataFrame(
        {
            "extract_label": LABEL,
            "person": person.astype(str).astype(object),
            "subject_id": its_people["subject_id"].to_numpy(),
            "case_number": court["case_number"].to_numpy(),
            "defendant_number": court["defendant_number"].to_numpy(),
            "court_row_no": row_no.astype(str).astype(object),
            "doj_case_number": number,
            "court_cii_number": cii,
            "causes": causes,
            "confusable_with": its_people["confusable"].to_numpy(),
            "surname_type": np.array(SURNAME_TYPES, dtype=object)[its_people["surname_type"].to_numpy()],
            "sex": its_people["sex"].to_numpy(),
            "race": np.array(RACES, dtype=object)[its_people["race"].to_numpy()],
            "is_hard": np.where(court["hard"], "true", "false").astype(object),
        }
    )


def conviction_pairs(world: World) -> pd.DataFrame:
    """Return one row per conviction that is in both files, of any offense, as texts."""
    counts, cases = world.counts, world.cases
    rows = counts[counts["doj_convicted"] & counts["court_convicted"]]
    case = rows["case"].to_numpy()
    court = world.court.loc[case]
    people = world.people.iloc[cases["person"].to_numpy()[case]]
    dated = (cases["undated"].to_numpy()[case] == 0) & (court["day"].to_numpy() != cases["court_day"].to_numpy()[case])
    spelled = rows["statute_otherwise"].to_numpy() > 0
    causes = np.where(dated, "conviction_date_differs", "").astype(object)
    causes = np.where(spelled, np.where(dated, causes + ";", "") + "statute_written_otherwise", causes)
    return pd.DataFrame(
        {
            "extract_label": LABEL,
            "subject_id": people["subject_id"].to_numpy(),
            "cnt_order": rows["cnt_order"].to_numpy(),
            "case_number": court["case_number"].to_numpy(),
            "defendant_number": court["defendant_number"].to_numpy(),
            "count_number": count_number(rows["court_number"].to_numpy()),
            "kind": rows["kind"].to_numpy(),
            "causes": causes,
        }
    )


def pair_facts(pairs: pd.DataFrame, same: pd.DataFrame) -> dict[str, Any]:
    """Count the rows of both tables for the truth file, by cause and by group."""
    groups = {
        column: {
            str(name): {
                "pairs": len(part),
                "with_a_cause": int((part["causes"] != "").sum()),
                "hard": int((part["is_hard"] == "true").sum()),
            }
            for name, part in pairs.groupby(column, sort=True)
        }
        for column in GROUPS
    }
    return {
        "meaning": MEANING,
        "pairs": len(pairs),
        "hard_pairs": int((pairs["is_hard"] == "true").sum()),
        "pairs_by_cause": _counts(pairs["causes"].str.split(";").explode()),
        "pairs_by_number_in_doj_file": _counts(pairs["doj_case_number"]),
        "pairs_by_cii_number": _counts(pairs["court_cii_number"]),
        "pairs_by_confusable": _counts(pairs["confusable_with"]),
        "by_group": groups,
        "conviction_pairs": len(same),
        "conviction_pairs_by_cause": _counts(same["causes"].str.split(";").explode()),
    }


def _counts(texts: pd.Series) -> dict[str, int]:
    return {str(k) or "none": int(v) for k, v in texts.value_counts().sort_index().items()}
