"""Every command with its options and help. The work is done in packages that each command imports when it runs."""

# Imports inside the commands keep `relief --help` fast: dbt and Great Expectations take seconds to import.
# ruff: noqa: PLC0415

from pathlib import Path
from typing import Annotated

import typer

from relief.cli.briefing import briefing
from relief.cli.court import ab1706, calendar_day, filing, worklist
from relief.cli.explain import explain
from relief.cli.linkage import link, link_quality
from relief.cli.policy import policy_app
from relief.errors import ReliefError
from relief.home import current_home
from relief.text import printable

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    help="Find, explain, track and report the dismissal of past cannabis convictions. "
    "RELIEF_HOME selects the data folder.",
)
export_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Files for people who may hold identifiers.")
app.add_typer(policy_app, name="policy")
rejects_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Records that could not be loaded.")
app.add_typer(export_app, name="export")
app.add_typer(rejects_app, name="rejects")

Scale = Annotated[float, typer.Option(min=0.001, max=10.0, help="1.0 is the size of Los Angeles.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Same seed, same bytes.")]
County = Annotated[str, typer.Option(help="County whose convictions are evaluated.")]
Day = Annotated[str | None, typer.Option(help="Date, YYYY-MM-DD.")]


def _say(line: str) -> None:
    typer.echo(printable(line))


@app.command(short_help="The main job on SYNTHETIC extracts, start to end")
def run(scale: Scale = 1.0, seed: Seed = 20200211) -> None:
    """Run the whole job on SYNTHETIC Los Angeles extracts: synth, land, validate, build, validate, publish, summary."""
    from relief.building.progress import build_progress
    from relief.pipeline import run as run_pipeline

    run_pipeline(current_home(), scale=scale, seed=seed, report=_say, progress=build_progress())


@app.command(short_help="Write SYNTHETIC extracts and their truth file")
def synth(
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    scale: Scale = 1.0,
    seed: Seed = 20200211,
    shortfall: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SHARE",
            help="Share of a stage that never happens, in the place of the seed's: wave_1_order=0.05. Names: wave_1_ "
            "or wave_2_ with order, entered, court_record_updated or doj_updated. Repeat for several.",
        ),
    ] = None,
) -> None:
    """Write SYNTHETIC extracts of every source in the real layouts, with a truth file."""
    from synthetic import write_extracts
    from synthetic.sizes import parse_shortfalls

    write_extracts(out, scale=scale, seed=seed, report=_say, shortfalls=parse_shortfalls(shortfall or ()))


@app.command(short_help="Land files; nothing is lost")
def land(  # noqa: PLR0917  (the options of the command)
    paths: Annotated[list[Path], typer.Argument(help="Files to land: plain, gz or zip.", show_default=False)],
    source: Annotated[str, typer.Option(help="ca_doj, la_court, relief_events or review_decisions.")],
    as_of: Annotated[
        str | None,
        typer.Option(help="As-of date of the data, YYYY-MM-DD. Give it; by default it is the landing date."),
    ] = None,
    supersedes: Annotated[str | None, typer.Option(help="Delivery that this one replaces.")] = None,
    layout: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Layout that reads the files, where headers fit several: its file's name without .yml."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Report what would happen, and exit as landing would; write nothing.")
    ] = False,
) -> None:
    """Land deliveries: every record is loaded or kept as a reject with its reason. Mended records close rejects."""
    from relief.landing import land as land_paths
    from relief.landing.progress import progress_on_terminal

    day, progress = calendar_day("--as-of", as_of), progress_on_terminal()
    land_paths(current_home(), source, paths, day, supersedes, _say, layout=layout, dry_run=dry_run, progress=progress)


@rejects_app.command("list", short_help="How many rejects are open, and why")
def rejects_list() -> None:
    """Count rejects by delivery: repaired, dropped and open, and the reasons of open rejects. No value is printed."""
    from relief.landing.open_rejects import list_rejects

    list_rejects(current_home(), _say)


@rejects_app.command("export", short_help="Write the open rejects for mending")
def rejects_export(
    out: Annotated[Path, typer.Option(help="CSV file to write, a new one. It contains identifiers.")],
    delivery: Annotated[str | None, typer.Option(help="Only this delivery; default: all in use.")] = None,
) -> None:
    """Write the open rejects for mending in a text editor; landing the mended file closes them.

    Mend the record after the five columns reject_..., or write drop in reject_action to close it without data.
    """
    from relief.landing.open_rejects import export_rejects

    export_rejects(current_home(), delivery, out, _say)
    _say("mend the records in a text editor (a spreadsheet changes digits) and land the file: relief land --help")


@app.command(short_help="Run a gate: landed or published")
def validate(gate: Annotated[str, typer.Argument(help="landed or published.", show_default=False)]) -> None:
    """Run a Great Expectations gate. If a check fails that stops the gate, the exit code is not zero."""
    from relief.validation import validate as run_gate

    result = run_gate(current_home(), gate, _say)
    if not result.passed:
        raise ReliefError(result.failure_line())


@app.command(short_help="Build every model, run every data test")
def build(  # noqa: PLR0917  (the options of the command)
    target: Annotated[str, typer.Option(help="duckdb or dev.")] = "duckdb",
    county: County = "LOS ANGELES",
    evaluated_as_of: Annotated[
        str | None, typer.Option(help="Day of evaluation, YYYY-MM-DD. Default: the latest extract's as-of date.")
    ] = None,
    as_known_at: Annotated[
        str | None,
        typer.Option(
            help="Build what was known at an earlier time: YYYY-MM-DD (to its end) or YYYY-MM-DDTHH:MM:SS, UTC."
        ),
    ] = None,
    selector: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Build the models of one selector of selectors.yml only; answers builds what determinations need.",
        ),
    ] = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Build all, even where nothing has changed since the last build.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress on stderr.")] = False,
) -> None:
    """Build every model and run every data test with dbt, in this process. Unit tests run in make test."""
    from relief.building.as_known import read_time
    from relief.building.build import build as run_build
    from relief.building.progress import build_progress

    run_build(
        current_home(),
        target=target,
        county=county,
        evaluated_as_of=calendar_day("--evaluated-as-of", evaluated_as_of),
        as_known_at=read_time(as_known_at) if as_known_at is not None else None,
        selector=selector,
        full_refresh=full_refresh,
        progress=build_progress(quiet=quiet),
        report=_say,
    )


@app.command(short_help="Publish releases, or roll back")
def publish(
    agreement: Annotated[
        str | None, typer.Option(help="Row-level research release under an agreement; not in this version.")
    ] = None,
    rollback: Annotated[bool, typer.Option("--rollback", help="Point to the release before the current one.")] = False,
    accept: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="Why a headline figure is right although it is 0 or fell by more than its band. Your user name, the "
            "time and the reason are kept and shown inside the office.",
        ),
    ] = None,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Report what would leave and what changed, exit as publishing; write nothing."),
    ] = False,
) -> None:
    """Publish the leadership, public and research releases, and move the pointer.

    No headline figure may be 0, or fall by more than its band from the release before, without --accept REASON.
    """
    from relief.publishing import preview as preview_releases
    from relief.publishing import publish as publish_releases
    from relief.publishing import rollback as roll_back

    if rollback and (accept is not None or preview):
        raise ReliefError("--rollback returns to a release that was published before; leave out --accept and --preview")
    if preview:
        preview_releases(current_home(), agreement, _say, accept)
    elif rollback:
        release = roll_back(current_home())
        _say(f"current release is {release.release_id}")
    else:
        publish_releases(current_home(), agreement, _say, accept)


@app.command()
def status() -> None:
    """Show deliveries, freshness, the last build, checks, the verdict on each headline figure, and releases."""
    from relief.status import show_status

    show_status(current_home(), _say)


@export_app.command("determinations")
def determinations(
    policy: Annotated[str, typer.Option(help="Policy id, see relief policy list.")],
    out: Annotated[Path, typer.Option(help="CSV file to write. It contains identifiers.")],
) -> None:
    """Write one line per evaluated conviction: determination, reason, missing facts, defects."""
    from relief.export.determinations import export_determinations

    lines = export_determinations(current_home(), policy, out)
    _say(f"wrote {lines} determinations to {out}; it contains identifiers, keep it inside the office")


@export_app.command("cmr", short_help="The older tool's result files and summary")
def cmr(
    policy: Annotated[str, typer.Option(help="Policy id, see relief policy list.")],
    out: Annotated[Path, typer.Option(help="Folder to write to, made if need be. Its files contain identifiers.")],
) -> None:
    """The result files of Clear My Record: All_Results.csv, All_Results_Condensed.csv, Prop64_Results.csv, gogen.json.

    County, day of evaluation and policy are those of the last build. Every loaded row of the DOJ's file is written in
    the order of its file. Several deliveries are written to the same files, in the order in which they were landed. The
    files are byte for byte like those of Clear My Record, so a spreadsheet could run some values as formulas. Give
    these files to programs only, and use relief export determinations for a spreadsheet.
    """
    from relief.export.cmr import export_cmr

    written = export_cmr(current_home(), policy, out)
    _say(
        f"wrote {written.rows} rows of {written.deliveries} deliveries, {written.evaluated} of them evaluated, "
        f"to {out}; the files contain identifiers, keep them inside the office"
    )


export_app.command("worklist", short_help="What waits for an attorney, and the form for the answers")(worklist)
export_app.command("filing", short_help="What goes to the court, the public defender and the DOJ")(filing)
export_app.command("briefing", short_help="Two pages of HTML from the public release")(briefing)
export_app.command("ab1706", short_help="The AB 1706 joint progress report")(ab1706)


app.command(short_help="Explain the determination of a conviction in words")(explain)
app.command(short_help="Link the records of any two files")(link)
app.command("link-quality", short_help="Links of the last build against true pairs, by group")(link_quality)


@app.command(short_help="Compare with the older tool's answers")
def compare(
    policy: Annotated[str, typer.Option(help="Policy id, see relief policy list.")],
    peer_results: Annotated[
        Path,
        typer.Option(
            help="A result file of Clear My Record (All_Results.csv, All_Results_Condensed.csv, Prop64_Results.csv, "
            "gogen.json), or a CSV with its answers and row_no, or SUBJECT_ID and CNT_ORDER."
        ),
    ],
    peer_columns: Annotated[
        str | None, typer.Option(help="Its two columns with the answers, DETERMINATION,REASON, if named otherwise.")
    ] = None,
    delivery: Annotated[
        str | None, typer.Option(help="The delivery it was made from; without it, all of the DOJ's deliveries in use.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="CSV file that lists the differences. It contains identifiers.")
    ] = None,
) -> None:
    """List differences from the older tool (Clear My Record), each with the defect that explains it, or as unexplained.

    A difference is explained if the peer's answer follows from the older tool's known defects. Rows of a whole result
    file are matched by all their columns, so the file may contain only some of the rows. The exit code is not zero if
    a difference is unexplained.
    """
    from relief.compare import compare as compare_with

    columns = None
    if peer_columns is not None:
        determination, _, reason = peer_columns.partition(",")
        if not determination or not reason or "," in reason:
            raise ReliefError(f"--peer-columns {peer_columns}: give two names, DETERMINATION,REASON")
        columns = (determination, reason)
    result = compare_with(
        current_home(), policy, peer_results, answer_columns=columns, delivery_id=delivery, out=out, report=_say
    )
    if result.unexplained:
        raise ReliefError(result.failure_line())


@app.command(short_help="Query the research release, read-only")
def sql(
    statement: Annotated[str, typer.Argument(help="One SELECT.", show_default=False)],
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.")] = False,
    parquet: Annotated[Path | None, typer.Option(help="New Parquet file to write instead of printing.")] = None,
) -> None:
    """Query the current research release: read-only, no names, no files, no network."""
    from relief.sandbox import run_and_print

    if csv and parquet is not None:
        raise ReliefError("give --csv or --parquet, not both")
    run_and_print(current_home(), statement, as_csv=csv, parquet=parquet)


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
) -> None:
    """Serve the pages on 127.0.0.1 until stopped."""
    from relief.dashboard import serve

    serve(current_home(), port, _say)
