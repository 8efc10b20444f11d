"""The weights of ranking with all that were set before, their trials, and how people stand for needs."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import CriterionWeight, PairExplained, WeightsSet, WeightsTrialBegun, WeightsTried


class RankingWeightsView(Projection):
    """{_id, version, weights_version, weights: by criterion, note, set_at, set_by, history: [the same], the last set last}"""

    collection = "ranking_weights"
    categories = frozenset({"weights"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        if isinstance(event, WeightsSet):
            fields = {
                **event.model_dump(exclude={"weights"}),
                "weights": _by_criterion(event.weights),
                "set_by": envelope.actor.id,
            }
            earlier = [each for each in document.get("history", []) if each["weights_version"] < event.weights_version]
            document.update(fields, history=[*earlier, fields])


class WeightTrialView(Projection):
    """{_id, version, state: running|done, weights: by criterion, begun_at, tried_at, compared_with, summary, needs}"""

    collection = "weight_trials"
    categories = frozenset({"trial"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case WeightsTrialBegun():
                document.update(state="running", weights=_by_criterion(event.weights), begun_at=event.begun_at, needs=[])
                document.update(tried_at=None, compared_with=None, summary=None)
            case WeightsTried():
                document.update(event.model_dump(), state="done")


class ExplanationView(Projection):
    """The fields of PairExplained; ids and facts of a profile, nothing that identifies anybody."""

    collection = "explanations"
    categories = frozenset({"explanation"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        if isinstance(event, PairExplained):
            document.update(event.model_dump())


def _by_criterion(weights: tuple[CriterionWeight, ...]) -> dict[str, float]:
    return {each.criterion: each.weight for each in weights}
