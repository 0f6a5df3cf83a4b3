"""Questions to the research release through the sandbox: examples, the answer, and its file."""

import csv
import io

from relief.home import Home
from relief.sandbox import Answer, query
from relief.text import formula_safe

EXAMPLES = {
    "Dismissals by year of the order": "select year, dismissals, mark\n"
    "from rpt_dismissals_by_year_and_offense\n"
    "where year_basis = 'relief_order_year' and offense = 'all' and level = 'all' and wave = 'all'\n"
    "    and unit = 'convictions'\n"
    "order by year",
    "Where convictions stand, by courthouse": "select courthouse, standing, convictions, mark\n"
    "from rpt_relief_standing\norder by courthouse, standing",
    "Which tables there are": "show tables",
    "What the columns mean": "select table_name, column_name, description\nfrom data_dictionary\norder by all",
}
MAX_ROWS = 1_000
MAX_SECONDS = 20


def ask(home: Home, sql: str) -> Answer:
    """The answer of one SELECT; ReliefError with one line where there is none."""
    return query(home, sql, max_rows=MAX_ROWS, max_seconds=MAX_SECONDS)


def answer_csv(answer: Answer) -> str:
    """Return the answer as CSV: the first line describes it, and no cell is one that a spreadsheet runs."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow([f"# {' '.join(answer.about.split())}"])
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([formula_safe(name) for name in answer.columns])
    writer.writerows([[formula_safe(value) for value in row] for row in answer.rows])
    return out.getvalue()
