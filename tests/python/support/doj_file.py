"""DOJ research files written by hand: one person per case, and only the columns that affect the result."""

import csv
from pathlib import Path

from relief.landing.layout import load_source

COLUMNS = list(load_source("ca_doj").tables[0].columns)
DEFAULTS = {
    "pri_dob": "19800115",
    "stp_event_date": "20050615",
    "stp_type_descr": "COURT ACTION",
    "stp_ori_cnty_name": "LOS ANGELES",
    "offense_descr": "11359 HS-POSSESS MARIJUANA FOR SALE",
    "offense_toc": "F",
    "disp_descr": "CONVICTED-PROBATION",
    "conv_stat_descr": "FELONY",
    "ofn": "BA000001",
}


def row(subject_id: str, number: int = 1, cycle: int = 101, **columns: str) -> dict[str, str]:
    """One row of a subject; `number` is the number of the count within step 001 of the cycle."""
    return {**DEFAULTS, "subject_id": subject_id, "cnt_order": f"{cycle}001{number:03d}000", **columns}


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write the rows below a header; all other columns are empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        file.write(",".join(COLUMNS).upper() + "\n")
        writer.writerows(rows)
    return path
