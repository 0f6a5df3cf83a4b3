"""Draw the sentences of convicted counts. A sentence has parts, which are the same in both files."""

import numpy as np
import pandas as pd

from synthetic.tables import CONVICTED
from synthetic.world import World

# Each template has a disposition text and parts; a part is (place, unit, lengths). A fine has no length.
FELONY_TEMPLATES = (
    ("CONVICTED-PROB/JAIL", (("PROBATION", "Y", (3, 3, 5, 4)), ("JAIL", "D", (90, 180, 270, 365)))),
    ("CONVICTED-PRISON", (("PRISON", "M", (16, 24, 36, 32)),)),
    (
        "CONVICTED-PROB/JAIL",
        (("PROBATION", "M", (36, 36, 60, 48)), ("JAIL", "D", (60, 120, 180, 30)), ("FINE", "", (0,))),
    ),
    ("CONVICTED-JAIL", (("JAIL", "D", (60, 120, 180, 365)),)),
    ("CONVICTED-PRISON", (("PRISON", "Y", (2, 3, 4, 2)),)),
    ("CONVICTED-PRISON", (("PRISON", "Y", (1, 2, 3, 5)), ("PRISON", "M", (4, 8, 8, 4)), ("FINE", "", (0,)))),
    (
        "CONVICTED-PROB/JAIL",
        (("PROBATION", "Y", (3, 5, 3, 2)), ("JAIL", "M", (6, 9, 12, 4)), ("JAIL", "D", (1, 10, 30, 5))),
    ),
)
PRISON_TEMPLATES = (1, 4, 5)
MISDEMEANOR_TEMPLATES = (
    ("CONVICTED-FINE", (("FINE", "", (0,)),)),
    ("CONVICTED-PROB/JAIL", (("PROBATION", "Y", (1, 2, 3, 3)), ("JAIL", "D", (1, 5, 10, 30)))),
    ("CONVICTED-JAIL", (("JAIL", "D", (2, 5, 10, 45)),)),
    ("CONVICTED-PROBATION", (("PROBATION", "M", (12, 12, 24, 18)), ("FINE", "", (0,)))),
)
FELONY_SHARES, MISDEMEANOR_SHARES = (0.38, 0.21, 0.10, 0.17, 0.09, 0.03, 0.02), (0.5, 0.2, 0.15, 0.15)
DISPOSITIONS = tuple(text for text, _ in FELONY_TEMPLATES + MISDEMEANOR_TEMPLATES)
PLACES = ("PROBATION", "PRISON", "JAIL", "FINE")
_MAX_PARTS = 3


def add_sentences(world: World) -> None:
    """Draw a template for every convicted count and add a row to ``world.sentences`` for each of its parts."""
    rng, counts = world.rng, world.counts
    convicted = counts["outcome"].to_numpy() == CONVICTED
    felony = counts["level"].to_numpy() == "F"
    n = len(counts)
    template = np.where(
        felony,
        rng.choice(len(FELONY_SHARES), n, p=FELONY_SHARES),
        len(FELONY_SHARES) + rng.choice(len(MISDEMEANOR_SHARES), n, p=MISDEMEANOR_SHARES),
    )
    counts["template"] = np.where(convicted, template, -1)
    all_templates = FELONY_TEMPLATES + MISDEMEANOR_TEMPLATES
    parts = np.array([len(items) for _, items in all_templates])
    place = np.zeros((len(all_templates), _MAX_PARTS), dtype=np.int64)
    unit = np.full((len(all_templates), _MAX_PARTS), "", dtype=object)
    length = np.zeros((len(all_templates), _MAX_PARTS, 4), dtype=np.int64)
    for i, (_, items) in enumerate(all_templates):
        for j, (where, letter, lengths) in enumerate(items):
            place[i, j], unit[i, j] = PLACES.index(where), letter
            length[i, j] = lengths * 4 if len(lengths) == 1 else lengths
    rows = np.flatnonzero(convicted)
    repeated = np.repeat(rows, parts[template[rows]])
    order = np.arange(len(repeated)) - np.searchsorted(repeated, repeated)
    kind = template[repeated]
    drawn = length[kind, order, rng.integers(0, 4, len(repeated))]
    world.sentences = pd.DataFrame(
        {
            "count": repeated,
            "order": order + 1,
            "place": np.array(PLACES, dtype=object)[place[kind, order]],
            "unit": unit[kind, order],
            "length": np.where(drawn == 0, "", drawn.astype(str).astype(object)),
        }
    )
