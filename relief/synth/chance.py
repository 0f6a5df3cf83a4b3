"""Two ways of drawing that the whole generator uses."""

import numpy as np


def chance(rng: np.random.Generator, n: int, share: float) -> np.ndarray:
    """True for about ``share`` of n rows."""
    return rng.random(n) < share


def category(rng: np.random.Generator, n: int, *shares: float) -> np.ndarray:
    """A number from 0 for each of n rows; ``shares`` are those of 1, 2, ...; what is left is 0."""
    edges = np.cumsum(shares)
    drawn = np.searchsorted(edges, rng.random(n), side="right")
    return (drawn + 1) % (len(shares) + 1)
