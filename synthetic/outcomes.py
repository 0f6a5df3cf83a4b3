"""What the orders changed for people, counted only from the generator's own facts."""

import numpy as np
import pandas as pd

from synthetic.dates import day
from synthetic.world import World

LAST_WAVE_1_DAY = day("2020-12-31")
DEFINITION = (
    "people with an order of relief of any type, over every conviction of theirs in either file, any county, any "
    "offense, attempts and conspiracies too: no_conviction_left = every one dismissed by an order; no_felony_left = "
    "had a felony, and every felony dismissed or redesignated by an order; a conviction in both files is one"
)


def people_outcomes(world: World) -> dict[str, dict[str, int] | str]:
    """Count what the orders changed for people, once for the first wave and once for all orders.

    The first wave consists of the orders until 2020-12-31.
    """
    counts = world.counts
    rows = counts[counts["doj_convicted"] | counts["court_convicted"]]
    frame = pd.DataFrame(
        {
            "person": world.cases["person"].to_numpy()[rows["case"].to_numpy()],
            "felony": (rows["level"] == "F").to_numpy(),
            "dismissed": rows["relief_type"].isin(("dismissal", "dismissal_and_sealing")).to_numpy(),
            "relieved": (rows["relief_type"] != "").to_numpy(),
            "early": ((rows["order_day"] <= LAST_WAVE_1_DAY) & rows["doj_convicted"]).to_numpy(),
        }
    )
    first = frame.assign(dismissed=frame["dismissed"] & frame["early"], relieved=frame["relieved"] & frame["early"])
    return {"definition": DEFINITION, "orders_by_2020_12_31": _count(first), "all_orders": _count(frame)}


def _count(frame: pd.DataFrame) -> dict[str, int]:
    everyone = int(frame["person"].max()) + 1 if len(frame) else 0

    def per_person(condition: pd.Series) -> np.ndarray:
        return np.bincount(frame.loc[condition, "person"], minlength=everyone)

    some = per_person(frame["relieved"]) > 0
    felonies = per_person(frame["felony"])
    felony_left = per_person(frame["felony"] & ~frame["relieved"]) > 0
    left = per_person(~frame["dismissed"]) > 0
    return {
        "people_with_relief": int(some.sum()),
        "no_felony_left": int((some & (felonies > 0) & ~felony_left).sum()),
        "no_conviction_left": int((some & ~left).sum()),
    }
