"""Random draws that the whole generator uses."""

import numpy as np
import pandas as pd


def chance(rng: np.random.Generator, n: int, share: float) -> np.ndarray:
    """Return True for about ``share`` of n rows."""
    return rng.random(n) < share


def category(rng: np.random.Generator, n: int, *shares: float) -> np.ndarray:
    """Draw a number for each of n rows.

    ``shares`` are the shares of the numbers 1, 2, and so on. The remaining rows get 0.
    """
    edges = np.cumsum(shares)
    drawn = np.searchsorted(edges, rng.random(n), side="right")
    return (drawn + 1) % (len(shares) + 1)


def in_force(rng: np.random.Generator, choices: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    """Draw for each day the index of one row of ``choices`` that was in force (from_day to to_day), by weight."""
    first, last = choices["from_day"].to_numpy(), choices["to_day"].to_numpy()
    weight, index = choices["weight"].to_numpy(), choices.index.to_numpy()
    draw = rng.random(len(days))
    changes = np.unique(np.concatenate([first, last + 1]))
    period = np.searchsorted(changes, days, side="right") - 1
    result = np.empty(len(days), dtype=np.int64)
    order = np.argsort(period, kind="stable")
    starts = np.flatnonzero(np.diff(period[order], prepend=-2))
    for rows in np.split(order, starts[1:]) if len(order) else ():
        today = changes[period[rows[0]]] if period[rows[0]] >= 0 else changes[0] - 1
        law = (first <= today) & (today <= last)
        edges = np.cumsum(weight[law])
        if not len(edges) or edges[-1] <= 0:
            raise AssertionError("an offense was drawn for a day on which none of its kind was law")
        picks = np.searchsorted(edges, draw[rows] * edges[-1], side="right").clip(0, len(edges) - 1)
        result[rows] = index[law][picks]
    return result
