"""Compare landing with a bare DuckDB scan of the same file: rows per second, and peak memory of each process.

    python -m benchmarks.landing [--rows 1000000] [--runs 3]

The file has the 95 columns of the DOJ layout, about 800 bytes per row, names in quotes, and ten rows per subject. The
bare scan adds up the lengths of the values of every column, so that DuckDB cannot skip a column.
"""

import argparse
import hashlib
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.process import timed
from relief.landing.layout import load_source

TARGET_RATIO = 2.5
FILLED = 62  # number of columns with a value; they make a row about 800 bytes long

SCAN = """
import sys, duckdb
duckdb.sql("set enable_progress_bar = false")
columns = sys.argv[2].split(",")
types = dict.fromkeys(columns, "VARCHAR")
lengths = ", ".join(f"sum(length({column}))" for column in columns)
rows = duckdb.sql(f"select count(*), {lengths} from read_csv('{sys.argv[1]}', columns={types}, auto_detect=false, "
    "header=true, strict_mode=true, delim=',', quote='\\"', escape='\\"', nullstr='\\x01')").fetchone()[0]
print(rows)
"""
LAND = """
import sys
from pathlib import Path
from relief.home import Home
from relief.landing import land
print(land(Home(Path(sys.argv[2])), "ca_doj", [Path(sys.argv[1])], None, None, lambda line: None)[0].loaded)
"""


def main() -> None:
    """Make the file, run the scan and landing alternately, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    columns = load_source("ca_doj").tables[0].columns
    with tempfile.TemporaryDirectory(prefix="landing-bench-") as folder:
        path = Path(folder) / "SYNTHETIC_ca_doj.csv"
        make_file(path, options.rows, columns)
        size = path.stat().st_size / 1e6
        print(f"{options.rows:,} rows x {len(columns)} columns, {size:,.0f} MB, {os.cpu_count()} cores")
        print(f"{'run':>3}  {'work':<10} {'seconds':>8} {'rows/s':>10} {'peak MB':>8}")
        best = {"bare scan": (float("inf"), 0.0), "landing": (float("inf"), 0.0)}
        for run in range(1, options.runs + 1):
            commands = {
                "bare scan": [sys.executable, "-c", SCAN, str(path), ",".join(columns)],
                "landing": [sys.executable, "-c", LAND, str(path), f"{folder}/home{run}"],
            }
            for work, command in commands.items():
                seconds, peak, answer = timed(command)
                if int(answer.split()[-1]) != options.rows:
                    raise SystemExit(f"{work} read {answer.split()[-1]} rows of {options.rows}")
                best[work] = min(best[work], (seconds, peak))
                print(f"{run:>3}  {work:<10} {seconds:>8.2f} {options.rows / seconds:>10,.0f} {peak:>8,.0f}")
        ratio = best["landing"][0] / best["bare scan"][0]
        print(f"best of {options.runs}: landing takes {ratio:.2f}x the bare scan (target {TARGET_RATIO}x)")


def make_file(path: Path, rows: int, columns: tuple[str, ...]) -> None:
    """Write rows that all differ: identifiers, dates and names come from a hash of the row number.

    The other values come from short lists.
    """
    charges = [
        "11357(B) HS-POSSESS MARIJUANA",
        "11358 HS-PLANT CULTIVATE MARIJUANA",
        "11360(A) HS-GIVE/ETC MARIJ OVER 1 OZ",
    ]
    quiet = [column for column in columns if column not in _SPEAKING][: FILLED - len(_SPEAKING)]
    row = dict.fromkeys(columns, "") | {column: "  -  " for column in quiet} | {"end_of_rec": "#"}
    with path.open("w", encoding="ascii", newline="", buffering=1 << 20) as stream:
        stream.write(",".join(columns).upper() + "\n")
        for number in range(rows):
            mark = hashlib.blake2b(number.to_bytes(8, "big"), digest_size=16).hexdigest()
            subject = number // 10
            date = f"{1961 + int(mark[0:4], 16) % 56}{1 + int(mark[4:6], 16) % 12:02d}{1 + int(mark[6:8], 16) % 28:02d}"
            row |= {
                "record_id": "SYNTHETIC",
                "subject_id": f"{10_000_000 + subject}",
                "cii_number": f"A{subject:08d}",
                "pri_name": f'"FICTION,{mark[8:16].upper()} {mark[16]}"',
                "pri_dob": date,
                "fbi_number": mark[:9].upper(),
                "pri_cdl": mark[9:17].upper(),
                "cyc_date": date,
                "stp_event_date": date,
                "stp_type_descr": "COURT ACTION" if number % 3 else "ARREST/DETAINED/CITED",
                "stp_ori_descr": f"CASC LOS ANGELES {int(mark[20:22], 16) % 40}",
                "stp_ori_cnty_name": "LOS ANGELES",
                "cnt_order": f"1{number % 10:02d}001001000",
                "ofn": f"BA{int(mark[22:27], 16):07d}",
                "offense_descr": charges[number % len(charges)],
                "offense_toc": "F" if number % 4 else "M",
                "fe_num_crt_case": f"BA{int(mark[22:27], 16):07d}01",
                "disp_descr": "CONVICTED-PROB/JAIL" if number % 3 else "",
                "conv_stat_descr": "FELONY" if number % 4 else "MISDEMEANOR",
                "sent_length": str(int(mark[27:29], 16)),
                "sent_time_code": "D",
                "comment_text": f"COMMENT {mark}" + " TEXT AS COUNTY CLERKS WRITE IT" * (number % 5 + 5),
            }
            stream.write(",".join(row.values()) + "\n")


_SPEAKING = {
    "record_id", "subject_id", "cii_number", "pri_name", "pri_dob", "fbi_number", "pri_cdl", "cyc_date",
    "stp_event_date", "stp_type_descr", "stp_ori_descr", "stp_ori_cnty_name", "cnt_order", "ofn", "offense_descr",
    "offense_toc", "fe_num_crt_case", "disp_descr", "conv_stat_descr", "sent_length", "sent_time_code", "comment_text",
    "end_of_rec",
}  # fmt: skip


if __name__ == "__main__":
    main()
