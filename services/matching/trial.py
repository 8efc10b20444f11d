"""What a new set of weights would change for a need: who gains and who loses among those who are named. Changes nothing."""

from collections.abc import Iterable, Sequence

from services.matching.contract import MOST_TOLD, Move, TrialSummary, TriedNeed
from services.matching.facts import NeedFacts, PersonFacts
from services.matching.ranking import SHOWN, best, most, score_of, total
from services.matching.weights import Weights


def compare(
    company_id: str, need: NeedFacts, people: Sequence[PersonFacts], before: Weights, after: Weights, limit: int = SHOWN
) -> TriedNeed:
    """The first ``limit`` by both sets of weights, and everybody whose place differs."""
    old, new = _places(need, people, before, limit), _places(need, people, after, limit)
    changed = [id for id in dict.fromkeys([*new, *old]) if new.get(id) != old.get(id)]
    by_id = {person.person_id: person for person in people if person.person_id in set(changed)}
    moves = tuple(
        Move(
            person_id=id,
            place_before=old.get(id),
            place_after=new.get(id),
            score_before=_score(need, by_id[id], before),
            score_after=_score(need, by_id[id], after),
        )
        for id in changed
    )
    entering, leaving = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    return TriedNeed(need_id=need.need_id, company_id=company_id, entering=entering, leaving=leaving, moves=moves)


def gains(move: Move, limit: int = SHOWN) -> bool:
    """Whether somebody comes to stand higher; beyond the last place stands everybody who is not named."""
    return (move.place_after or limit + 1) < (move.place_before or limit + 1)


def summary(needs: Iterable[TriedNeed]) -> TrialSummary:
    needs = tuple(needs)
    rising = [gains(move) for need in needs for move in need.moves]
    return TrialSummary(
        needs=len(needs),
        needs_changed=sum(bool(need.moves) for need in needs),
        gaining=sum(rising),
        losing=len(rising) - sum(rising),
        entering=sum(need.entering for need in needs),
        leaving=sum(need.leaving for need in needs),
    )


def told(needs: Iterable[TriedNeed]) -> tuple[TriedNeed, ...]:
    """The needs that change, the most changed first, as many as are told."""
    changed = (need for need in needs if need.moves)
    return tuple(sorted(changed, key=lambda need: (-need.entering, -len(need.moves), need.need_id)))[:MOST_TOLD]


def _places(need: NeedFacts, people: Sequence[PersonFacts], weights: Weights, limit: int) -> dict[str, int]:
    return {id: place for place, (_, id) in enumerate(best(need, people, weights, limit), start=1)}


def _score(need: NeedFacts, person: PersonFacts, weights: Weights) -> float:
    parts = weights.all_parts()
    return round(score_of(total(need, person, parts), most(need, parts)), 4)
