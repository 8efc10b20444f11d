"""What a new set of weights would change for a need: who gains and who loses among those who are named. Changes nothing."""

from collections.abc import Iterable

from services.matching.columns import Numbers
from services.matching.contract import MOST_TOLD, Move, TrialSummary, TriedNeed
from services.matching.facts import NeedFacts
from services.matching.people_index import PeopleIndex
from services.matching.ranking import SHOWN, most, score_of
from services.matching.weights import Weights


def compare(
    company_id: str, need: NeedFacts, people: PeopleIndex, before: Weights, after: Weights, limit: int = SHOWN
) -> TriedNeed:
    """The first ``limit`` by both sets of weights, and everybody whose place differs. Does not pause: the index stays as is."""
    totals = people.totals_by(need, [before.all_parts(), after.all_parts()])
    old, new = (_places(people, each, limit) for each in totals)
    of_before, of_after = (most(need, weights.all_parts()) for weights in (before, after))
    changed = [id for id in dict.fromkeys([*new, *old]) if new.get(id) != old.get(id)]
    moves = tuple(
        Move(
            person_id=id,
            place_before=old.get(id),
            place_after=new.get(id),
            score_before=_score(totals[0], people.row(id), of_before),
            score_after=_score(totals[1], people.row(id), of_after),
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


def _places(people: PeopleIndex, totals: Numbers, limit: int) -> dict[str, int]:
    return {id: place for place, (_, id) in enumerate(people.first(totals, limit), start=1)}


def _score(totals: Numbers, row: int, of: int) -> float:
    return round(score_of(int(totals[row]), of), 4)
