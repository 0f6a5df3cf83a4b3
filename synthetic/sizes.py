"""Sizes of an extract: published totals times the scale, and shortfalls that depend on the seed."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from relief.errors import ReliefError

MIN_SCALE, MAX_SCALE = 0.001, 10.0


@dataclass(frozen=True)
class Sizes:
    """Numbers of people, cases and planted oddities at a given scale."""

    scale: float

    def of(self, at_full_scale: float) -> int:
        """Convert a number at full scale to this scale; the result is at least one."""
        return max(1, round(at_full_scale * self.scale))

    @property
    def wave_1_people(self) -> int:
        """Number of people in the first wave (published: 53,000)."""
        return self.of(53_000)

    @property
    def wave_1_felonies(self) -> int:
        """Number of felony convictions in the first wave (published: about 62,000)."""
        return self.of(62_000)

    @property
    def wave_1_misdemeanors(self) -> int:
        """Number of misdemeanor convictions in the first wave (published: about 4,000)."""
        return self.of(4_000)

    @property
    def wave_2_cases(self) -> int:
        """Number of cases in the second wave (published: about 58,000)."""
        return self.of(58_000)

    @property
    def wave_2_felony_cases(self) -> int:
        """Number of felony cases in the second wave (published: about 20,000)."""
        return self.of(20_000)


@dataclass(frozen=True)
class Shortfalls:
    """The share of convictions that never reach a stage, for each wave and stage.

    The seed decides the shares, or they are planted. Only the truth file contains them.
    """

    wave_1_no_order: float
    wave_1_not_entered: float
    wave_1_court_not_updated: float
    wave_1_doj_not_updated: float
    wave_2_no_order: float
    wave_2_not_entered: float
    wave_2_court_not_updated: float
    wave_2_doj_not_updated: float


# Names of the shortfalls that can be planted, and the field of ``Shortfalls`` for each name.
SHORTFALLS = {
    f"wave_{wave}_{stage}": f"wave_{wave}_{share}"
    for wave in (1, 2)
    for stage, share in (
        ("order", "no_order"),
        ("entered", "not_entered"),
        ("court_record_updated", "court_not_updated"),
        ("doj_updated", "doj_not_updated"),
    )
}
MOST_PLANTED = 0.9


def draw_shortfalls(rng: np.random.Generator, planted: Mapping[str, float]) -> Shortfalls:
    """Draw the shares, from a few tenths of a percent to a few percent for each wave and stage.

    Planted shares replace the drawn ones.
    """
    low_high = ((0.004, 0.02), (0.003, 0.015), (0.005, 0.03), (0.01, 0.05))
    values = [float(rng.uniform(low, high)) for _ in range(2) for low, high in low_high]
    return replace(Shortfalls(*values), **{SHORTFALLS[name]: share for name, share in planted.items()})


def parse_shortfalls(texts: Iterable[str]) -> dict[str, float]:
    """Read ``NAME=SHARE`` texts. An unknown stage, an invalid share and a repeated name are refused."""
    planted: dict[str, float] = {}
    for text in texts:
        name, equals, share_text = text.partition("=")
        if not equals or name not in SHORTFALLS:
            raise ReliefError(
                f"synth: --shortfall {text} names no stage; write NAME=SHARE with one of {', '.join(SHORTFALLS)}"
            )
        try:
            share = float(share_text)
        except ValueError:
            share = math.nan
        if not 0 <= share <= MOST_PLANTED:
            raise ReliefError(f"synth: --shortfall {text}: a share is a number from 0 to {MOST_PLANTED}, 0.05 is 5%")
        if name in planted:
            raise ReliefError(f"synth: --shortfall {name} is given twice")
        planted[name] = share
    return planted


def check_arguments(scale: float, seed: int) -> None:
    """Refuse a scale or seed that the generator does not support."""
    if not math.isfinite(scale) or not MIN_SCALE <= scale <= MAX_SCALE:
        raise ReliefError(
            f"synth: scale {scale} is outside {MIN_SCALE} to {MAX_SCALE:g}; 1.0 is the size of Los Angeles"
        )
    if seed < 0:
        raise ReliefError(f"synth: seed {seed} is negative; give a whole number from 0")
