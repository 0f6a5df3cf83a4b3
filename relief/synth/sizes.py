"""How much of everything one extract holds: published totals times scale, and shortfalls that the seed decides."""

import math
from dataclasses import dataclass

import numpy as np

from relief.errors import ReliefError

MIN_SCALE, MAX_SCALE = 0.001, 10.0


@dataclass(frozen=True)
class Sizes:
    """Numbers of people, cases and planted oddities at one scale."""

    scale: float

    def of(self, at_full_scale: float) -> int:
        """A number of full scale at this scale, never less than one."""
        return max(1, round(at_full_scale * self.scale))

    @property
    def wave_1_people(self) -> int:
        """People of the first wave (published: 53,000)."""
        return self.of(53_000)

    @property
    def wave_1_felonies(self) -> int:
        """Felony convictions of the first wave (published: about 62,000)."""
        return self.of(62_000)

    @property
    def wave_1_misdemeanors(self) -> int:
        """Misdemeanor convictions of the first wave (published: about 4,000)."""
        return self.of(4_000)

    @property
    def wave_2_cases(self) -> int:
        """Cases of the second wave (published: about 58,000)."""
        return self.of(58_000)

    @property
    def wave_2_felony_cases(self) -> int:
        """Felony cases of the second wave (published: about 20,000)."""
        return self.of(20_000)


@dataclass(frozen=True)
class Shortfalls:
    """Shares of each stage that never happened; decided by the seed and recorded in the truth file only."""

    wave_1_no_order: float
    wave_1_not_entered: float
    wave_1_court_not_updated: float
    wave_1_doj_not_updated: float
    wave_2_no_order: float
    wave_2_not_entered: float
    wave_2_court_not_updated: float
    wave_2_doj_not_updated: float


def draw_shortfalls(rng: np.random.Generator) -> Shortfalls:
    """Draw the shares: a few tenths of a percent to a few percent for each wave and stage."""
    low_high = ((0.004, 0.02), (0.003, 0.015), (0.005, 0.03), (0.01, 0.05))
    values = [float(rng.uniform(low, high)) for _ in range(2) for low, high in low_high]
    return Shortfalls(*values)


def check_arguments(scale: float, seed: int) -> None:
    """Refuse a scale or seed that the generator cannot honour."""
    if not math.isfinite(scale) or not MIN_SCALE <= scale <= MAX_SCALE:
        raise ReliefError(
            f"synth: scale {scale} is outside {MIN_SCALE} to {MAX_SCALE:g}; 1.0 is the size of Los Angeles"
        )
    if seed < 0:
        raise ReliefError(f"synth: seed {seed} is negative; give a whole number from 0")
