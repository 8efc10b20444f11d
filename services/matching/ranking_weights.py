"""The weights of ranking as an aggregate, and the trial of a new set of them."""

from collections.abc import Iterator, Mapping

from services.foundation.aggregate import Aggregate, Context, Refusal
from services.foundation.messages import Event
from services.matching.contract import (
    CriterionWeight,
    RecordTrial,
    SetWeights,
    TryWeights,
    WeightsSet,
    WeightsTrialBegun,
    WeightsTried,
)
from services.matching.criteria import CRITERIA


class CriterionUnknown(Refusal):
    """There is no such criterion."""


class NothingWeighs(Refusal):
    """At least one criterion has to weigh something."""


class TrialAlreadyBegun(Refusal):
    """This trial is about other weights."""


class RankingWeights(Aggregate):
    """Which weights count; their version is that of the stream."""

    category = "weights"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._weights: tuple[CriterionWeight, ...] = ()

    def set_weights(self, command: SetWeights, context: Context) -> Iterator[Event]:
        weights = checked(command.weights)
        if weights != self._weights:
            yield WeightsSet(weights_version=self.version + 1, weights=weights, note=command.note, set_at=context.time)

    def apply(self, event: Event) -> None:
        if isinstance(event, WeightsSet):
            self._weights = event.weights


class WeightsTrial(Aggregate):
    """A set of weights that is compared with those that count, once."""

    category = "trial"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._weights: tuple[CriterionWeight, ...] = ()
        self._is_over = False

    def begin(self, command: TryWeights, context: Context) -> Iterator[Event]:
        weights = checked(command.weights)
        if self.exists and weights != self._weights:
            raise TrialAlreadyBegun("a trial with this id is about other weights", field="weights")
        if not self.exists:
            yield WeightsTrialBegun(weights=weights, begun_at=context.time)

    def record(self, command: RecordTrial, context: Context) -> Iterator[Event]:
        if not self._is_over:
            yield WeightsTried(
                compared_with=command.compared_with, summary=command.summary, needs=command.needs, tried_at=context.time
            )

    def apply(self, event: Event) -> None:
        match event:
            case WeightsTrialBegun():
                self._weights = event.weights
            case WeightsTried():
                self._is_over = True


def checked(weights: Mapping[str, float]) -> tuple[CriterionWeight, ...]:
    """In the order of the criteria. Raises CriterionUnknown, naming it, and NothingWeighs."""
    for name in weights:
        if name not in CRITERIA:
            raise CriterionUnknown(f"there is no criterion {name}; there are {', '.join(CRITERIA)}", field=f"weights.{name}")
    if not any(weights.values()):
        raise NothingWeighs("at least one criterion has to weigh more than 0", field="weights")
    return tuple(CriterionWeight(criterion=name, weight=weights[name]) for name in CRITERIA if name in weights)
