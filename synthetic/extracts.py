"""Write all files of one synthetic delivery."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from synthetic import (
    CONVICTION_PAIRS_NAME,
    CONVICTIONS_NAME,
    DEFECTS_NAME,
    FILE_NAMES,
    PAIRS_NAME,
    TRUTH_NAME,
    court,
    decisions,
    doj,
    events,
    layouts,
)
from synthetic.build import build_world
from synthetic.ledger import planted_facts, planted_rows, planted_table
from synthetic.pairs import conviction_pairs, pair_facts, true_pairs
from synthetic.truth import conviction_table, make_truth
from synthetic.write import all_or_nothing, frame_lines, refuse_foreign, write_lines


def write_all(
    out: Path, scale: float, seed: int, report: Callable[[str], None], shortfalls: Mapping[str, float]
) -> dict[str, Any]:
    """Build the invented world, write its extracts and its truth files, and return the truth."""
    names = [name for group in FILE_NAMES.values() for name in group]
    refuse_foreign(out, [*names, TRUTH_NAME, CONVICTIONS_NAME, DEFECTS_NAME, PAIRS_NAME, CONVICTION_PAIRS_NAME])
    report(f"inventing people and cases at scale {scale:g}, seed {seed}")
    world = build_world(scale, seed, shortfalls)
    log = events.make_events(world)
    decided = decisions.make_decisions(world)
    rows: dict[str, int] = {}
    with all_or_nothing(out) as work:
        report("writing the DOJ file")
        file = doj.doj_file(world)
        rows[names[0]] = write_lines(work / names[0], layouts.DOJ, doj.doj_lines(world, file))
        report("writing the court's files, the relief events and the decisions")
        frames = (court.court_cases(world), court.court_counts(world), court.court_sentences(world))
        for name, frame in zip(names[1:4], frames, strict=True):
            rows[name] = write_lines(work / name, frame.columns, frame_lines(frame))
        frame = log[list(layouts.EVENTS)]
        rows[names[4]] = write_lines(work / names[4], frame.columns, frame_lines(frame))
        frame = decided[list(layouts.DECISIONS)]
        rows[names[5]] = write_lines(work / names[5], frame.columns, frame_lines(frame))
        table = conviction_table(world)
        rows[CONVICTIONS_NAME] = write_lines(work / CONVICTIONS_NAME, table.columns, frame_lines(table))
        pairs, same = true_pairs(world, frames[0].index.to_numpy()), conviction_pairs(world)
        for name, frame in ((PAIRS_NAME, pairs), (CONVICTION_PAIRS_NAME, same)):
            rows[name] = write_lines(work / name, frame.columns, frame_lines(frame))
        planted = planted_rows(world, file)
        table = planted_table(world, file, planted)
        rows[DEFECTS_NAME] = write_lines(work / DEFECTS_NAME, table.columns, frame_lines(table))
        truth = make_truth(world, log, rows, scale, seed) | planted_facts(world, file, planted)
        truth["shortfalls"]["planted_shares"] = dict(shortfalls)
        truth["disagreement"] = pair_facts(pairs, same)
        truth["decisions"] = decisions.decision_facts(decided)
        truth["bytes"] = {path.name: path.stat().st_size for path in sorted(work.iterdir())}
        (work / TRUTH_NAME).write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return truth
