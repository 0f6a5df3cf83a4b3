"""The run: every mutant made, judged, and each survivor looked up in explained.csv."""

import csv
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.bench import BROKEN, KILLED, SAME, SURVIVED, Bench, Verdict
from tests.mutation.mutant import Mutant
from tests.mutation.oracles import ORACLES
from tests.mutation.project import sql_files
from tests.mutation.seed_mutants import seed_mutants
from tests.mutation.sql_mutants import mutants_of

EXPLAINED = Path(__file__).with_name("explained.csv")
COLUMNS = ("path", "place", "code", "was", "becomes", "occurrence", "reason")
Name = tuple[str, ...]

_bench: Bench | None = None


def all_mutants() -> list[Mutant]:
    """Every mutant of the law: seeds, then SQL."""
    return [*seed_mutants(), *(mutant for path, text in sql_files().items() for mutant in mutants_of(path, text))]


def explanations() -> dict[Name, str]:
    """The reasons of explained.csv by the name of the mutant."""
    with EXPLAINED.open(newline="", encoding="utf-8") as file:
        return {tuple(row[column] for column in COLUMNS[:-1]): row["reason"] for row in csv.DictReader(file)}


@dataclass
class Result:
    """What became of each mutant."""

    verdicts: list[tuple[Mutant, Verdict]]
    explained: dict[Name, str]
    seconds: float
    faults: list[str] = field(default_factory=list)

    @property
    def survivors(self) -> list[Mutant]:
        """Survivors that nothing explains."""
        return [m for m, v in self.verdicts if v.status == SURVIVED and m.name not in self.explained]

    @property
    def wrongly_explained(self) -> list[Mutant]:
        """Mutants that a test kills although a reason says that none can."""
        return [m for m, v in self.verdicts if v.status != SURVIVED and m.name in self.explained]

    def lines(self) -> list[str]:
        """A table by kind."""
        counts: dict[str, Counter[str]] = {}
        for mutant, verdict in self.verdicts:
            status = verdict.status
            if status == SURVIVED and mutant.name in self.explained:
                status = "explained"
            counts.setdefault(mutant.kind, Counter())[status] += 1
        heads = (KILLED, SAME, "explained", BROKEN, SURVIVED)
        total = sum(counts.values(), Counter())
        return [
            f"{'mutants of':<20}{'all':>7}" + "".join(f"{head:>15}" for head in heads),
            *(
                f"{kind:<20}{count.total():>7}" + "".join(f"{count[head]:>15}" for head in heads)
                for kind, count in [*counts.items(), ("all", total)]
            ),
        ]


def build_homes(folder: Path, report: Callable[[str], None], processes: int) -> dict[str, Path]:
    """Build the home of each oracle; one that stands already is kept."""
    homes: dict[str, Path] = {}
    builders = dict.fromkeys(oracle.builder for oracle in ORACLES)
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for built in pool.imap_unordered(_build, [(builder, folder) for builder in builders]):
            report(f"built {', '.join(built)}")
            homes |= built
    return {oracle.name: homes[oracle.name] for oracle in ORACLES}


def _build(job: tuple[str, Path]) -> dict[str, Path]:
    """Build what one fixture builds: the homes of one oracle or of several."""
    builder, folder = job
    oracles = [oracle for oracle in ORACLES if oracle.builder == builder]
    place = folder / oracles[0].name
    homes = {oracle.name: place / oracle.home for oracle in oracles}
    if not all((home / "target/run_results.json").exists() for home in homes.values()):
        place.mkdir(parents=True, exist_ok=True)
        os.environ["DBT_WRITE_JSON"] = "true"  # a test's process may say false; the bench reads the manifest
        oracles[0].build(place)
    return homes


def _begin(homes: dict[str, Path]) -> None:
    global _bench  # noqa: PLW0603  (one per process)
    _bench = Bench(homes)


def _judge(mutant: Mutant) -> tuple[Mutant, Verdict]:
    assert _bench is not None
    return mutant, _bench.judge(mutant)


def _faults(_: int) -> list[str]:
    assert _bench is not None
    return _bench.faults()


def run(
    mutants: list[Mutant],
    folder: Path,
    report: Callable[[str], None],
    keep: Callable[[Mutant, Verdict], object] = lambda _mutant, _verdict: None,
    processes: int = 2,
) -> Result:
    """Judge the mutants. `folder` holds the homes that the tests build; `keep` is given each verdict."""
    clock = time.monotonic()
    homes = build_homes(folder, report, processes)
    verdicts: list[tuple[Mutant, Verdict]] = []
    with multiprocessing.get_context("spawn").Pool(processes, _begin, (homes,)) as pool:
        faults = pool.map(_faults, [0])[0]
        if not faults:
            for number, judged in enumerate(pool.imap_unordered(_judge, mutants, chunksize=8), start=1):
                verdicts.append(judged)
                keep(*judged)
                if number % 500 == 0:
                    report(f"{number} of {len(mutants)} judged, {time.monotonic() - clock:.0f} s")
    return Result(verdicts, explanations(), time.monotonic() - clock, faults)
