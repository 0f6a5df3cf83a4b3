"""Ask the research release a question through the sandbox: examples, the answer, and a file of the answer."""

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
    """Return the answer to one SELECT; raise ReliefError with a one-line message if there is no answer."""
    return query(home, sql, max_rows=MAX_ROWS, max_seconds=MAX_SECONDS)


def answer_csv(answer: Answer) -> str:
    """Return the answer as CSV.

    The first line describes the answer, and no cell is a formula that a spreadsheet would run.
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow([f"# {' '.join(answer.about.split())}"])
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([formula_safe(name) for name in answer.columns])
    writer.writerows([[formula_safe(value) for value in row] for row in answer.rows])
    return out.getvalue()
