"""A trial as a plain loop over all people, one after the other: what the arrays of trial.py have to equal."""

from collections.abc import Sequence

from services.matching.contract import Move, TriedNeed
from services.matching.facts import NeedFacts, PersonFacts
from services.matching.ranking import best, most, score_of, total
from services.matching.weights import Weights


def compare_plainly(
    company_id: str, need: NeedFacts, people: Sequence[PersonFacts], before: Weights, after: Weights, limit: int
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


def _places(need: NeedFacts, people: Sequence[PersonFacts], weights: Weights, limit: int) -> dict[str, int]:
    return {id: place for place, (_, id) in enumerate(best(need, people, weights, limit), start=1)}


def _score(need: NeedFacts, person: PersonFacts, weights: Weights) -> float:
    parts = weights.all_parts()
    return round(score_of(total(need, person, parts), most(need, parts)), 4)
