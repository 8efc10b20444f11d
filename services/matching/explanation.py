"""How a person stands for a need, told to whoever asks: a stream a pair, which grows only by what has changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from services.foundation.aggregate import Aggregate, Context, Decide, Refusal
from services.foundation.messages import Event
from services.matching.contract import ExplainPair, Obstacle, PairExplained, ToldChange, Verdict, explanation_stream
from services.matching.facts import NeedFacts, PersonFacts
from services.matching.ranking import judge
from services.matching.weights import Weights
from services.matching.why_not import Change, costs, turning


class PairUnknown(Refusal):
    """Matching knows no such person, or no such need of this company."""


class ExplanationBelongsToAnotherStream(Refusal):
    """The stream is that of another pair."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of a person and a need, and which weights count."""

    need: NeedFacts
    need_open: bool
    person: PersonFacts
    weights: Weights


PairOf = Callable[[ExplainPair], Pair | None]
"""It may wait until matching has seen the versions that the sender has seen."""


class Explanation(Aggregate):
    category = "explanation"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._told: dict[str, Any] = {}

    def explain(self, command: ExplainPair, context: Context, pair: Pair | None) -> Iterator[Event]:
        if self.stream != explanation_stream(command.need_id, command.person_id):
            raise ExplanationBelongsToAnotherStream("an explanation stands on the stream of its pair")
        if pair is None:
            raise PairUnknown("there is no such person, or no such need at this company")
        told = explained(pair)
        if told != self._told:
            yield PairExplained(**told, company_id=command.company_id, explained_at=context.time)

    def apply(self, event: Event) -> None:
        if isinstance(event, PairExplained):
            self._told = {name: getattr(event, name) for name in type(event).model_fields if name not in NOT_COMPARED}


NOT_COMPARED = frozenset({"company_id", "explained_at"})


def explained(pair: Pair) -> dict[str, Any]:
    """The fields of PairExplained that follow from the facts."""
    judgement = judge(pair.need, pair.person, pair.weights)
    return {
        "need_id": pair.need.need_id,
        "person_id": pair.person.person_id,
        "need_open": pair.need_open,
        "score": round(judgement.score, 4),
        "ruled_out_by": tuple(
            Obstacle(condition=why.condition, de=why.reason_de, en=why.reason_en, change=_told(change))
            for why, change in turning(pair.need, pair.person)
        ),
        "costs": tuple(
            Obstacle(condition=cost.criterion, lost=round(cost.lost, 4), de=cost.de, en=cost.en, change=_told(cost.change))
            for cost in costs(pair.need, pair.person, pair.weights)
        ),
        "verdicts": tuple(Verdict.model_validate(each) for each in judgement.verdicts),
        "weights_version": pair.weights.version,
    }


def explaining(pair_of: PairOf) -> Decide:
    def decide(explanation: Explanation, command: ExplainPair, context: Context) -> Iterator[Event]:
        return explanation.explain(command, context, pair_of(command))

    return decide


def _told(change: Change | None) -> ToldChange | None:
    return ToldChange(field=change.field, de=change.de, en=change.en) if change else None
