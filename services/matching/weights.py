"""How much each criterion weighs. Weights are data: a set has a version, and whoever ranks is given one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import gcd

from services.matching.contract import DEFAULT_WEIGHT_BY_CRITERION

PARTS = 1_000_000
"""A weight counts in whole millionths: whole numbers add up the same in whatever order, and however they are computed."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight by criterion; one that is not named weighs nothing. Only what they are in proportion to each other counts."""

    version: int
    by_criterion: Mapping[str, float] = field(default_factory=dict)

    def all_parts(self) -> dict[str, int]:
        """The weights as whole numbers, the smallest with the same proportions to a millionth."""
        counted = {criterion: round(weight * PARTS) for criterion, weight in self.by_criterion.items()}
        divisor = gcd(*counted.values()) or 1
        return {criterion: parts // divisor for criterion, parts in counted.items()}


DEFAULT_WEIGHTS = Weights(
    version=0,
    by_criterion=DEFAULT_WEIGHT_BY_CRITERION,
)
"""What counts as long as nobody has set other weights."""
