"""What is to be told of the rankings: lists in words, made when they are told, of needs and people whose list is stale."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

from services.foundation.messages import Event
from services.matching.contract import NeedRanked, PersonRanked, RankedNeed
from services.matching.facts import NeedFacts, PersonFacts, Related
from services.matching.people_index import PeopleIndex
from services.matching.pool import Pool, PoolNeed
from services.matching.ranking import candidate, judge
from services.matching.standing import Standing
from services.matching.weights import Weights

FACTS_KEPT = 5_000
ASKED_AT_ONCE = 100


class Told(NamedTuple):
    """A list to publish. ``done`` takes it from the queue: a list that could not be published stays there."""

    key: str
    state: Event
    done: Callable[[], object]


class Teller:
    """Everybody and every need, followed from the pool. ``urgent``: people who have changed; ``backlog``: whom that moved."""

    def __init__(self, pool: Pool, related: Related, weights: Weights, today: date, pause: Callable[[], None]) -> None:
        self.weights = weights
        self.today = today
        self.urgent: dict[str, None] = {}
        self._pool = pool
        self._related = related
        self._standing = Standing(weights.all_parts(), pause)
        self._company_of: dict[str, str] = {}
        self._facts: OrderedDict[str, PersonFacts] = OrderedDict()

    @property
    def backlog(self) -> dict[str, None]:
        return self._standing.stale_people

    @property
    def people(self) -> PeopleIndex:
        """Everybody who may be ranked."""
        return self._standing.index

    def load(self) -> None:
        needs = list(self._pool.needs())
        for each in needs:
            self._note(each)
        self._standing.load(self._pool.people(), (self._need_facts(each) for each in needs if each.is_open))
        self._standing.stale_needs |= dict.fromkeys(self._company_of)

    def remember(self, published: Iterable[str]) -> None:
        """Lists of people who have left since they were published are to be told as well."""
        gone = (id for id in published if id.startswith("person-") and id not in self._standing.index)
        self.urgent |= dict.fromkeys(gone)

    def follow(self, changed: Iterable[str]) -> None:
        """Brings in what has changed of these people and companies."""
        ids = set(changed)
        people = {id for id in ids if id.startswith("person-")}
        found = {person.person_id: person for person in self._pool.people(people)} if people else {}
        for id in people:
            self._facts.pop(id, None)
            self._standing.put_person(id, found.get(id))
            self.backlog.pop(id, None)
            self.urgent[id] = None
        companies = {id for id in ids if id.startswith("company-")}
        for each in self._pool.needs(companies) if companies else ():
            self._note(each)
            self._follow_need(each)

    def told_of_needs(self) -> Iterator[Told]:
        stale = self._standing.stale_needs
        for need_id in list(stale):
            need = self._standing.needs.get(need_id)
            people = self._facts_of(self._standing.best_people(need_id))
            ranked = NeedRanked(
                need_id=need_id,
                company_id=self._company_of[need_id],
                open=need is not None,
                candidates=tuple(candidate(judge(need, each, self.weights)) for each in people) if need else (),
                weights_version=self.weights.version,
            )
            yield Told(need_id, ranked, partial(stale.pop, need_id, None))

    def told_of_people(self, queue: dict[str, None]) -> Iterator[Told]:
        """Of the first ones in this queue."""
        ids = [id for id, _ in zip(queue, range(ASKED_AT_ONCE), strict=False)] if queue is self.backlog else list(queue)
        for start in range(0, len(ids), ASKED_AT_ONCE):
            part = ids[start : start + ASKED_AT_ONCE]
            known = {each.person_id: each for each in self._facts_of(part)}
            for id in part:
                ranked = PersonRanked(
                    person_id=id, needs=tuple(self._needs_for(known.get(id), id)), weights_version=self.weights.version
                )
                yield Told(id, ranked, partial(queue.pop, id, None))

    def _needs_for(self, person: PersonFacts | None, id: str) -> Iterator[RankedNeed]:
        if person is None:
            return
        for need_id in self._standing.best_needs(id):
            judgement = judge(self._standing.needs[need_id], person, self.weights)
            yield RankedNeed(
                need_id=need_id,
                company_id=self._company_of[need_id],
                score=round(judgement.score, 4),
                verdicts=judgement.verdicts,
            )

    def _follow_need(self, each: PoolNeed) -> None:
        need_id, known = each.stated.need_id, self._standing.needs.get(each.stated.need_id)
        facts = self._need_facts(each) if each.is_open else None
        if facts != known:
            self._standing.put_need(need_id, facts)
        elif facts is None:
            self._standing.stale_needs[need_id] = None

    def _note(self, each: PoolNeed) -> None:
        self._company_of[each.stated.need_id] = each.company_id

    def _need_facts(self, each: PoolNeed) -> NeedFacts:
        return NeedFacts.of(each.stated, self._related, self.today)

    def _facts_of(self, ids: Iterable[str]) -> list[PersonFacts]:
        """In this order; without those who have meanwhile left the pool, of whom the next change tells."""
        wanted = list(ids)
        missing = [id for id in wanted if id not in self._facts]
        found = {each.person_id: each for each in self._pool.people(missing)} if missing else {}
        people = [self._facts.get(id) or found.get(id) for id in wanted]
        self._facts.update(found)
        while len(self._facts) > FACTS_KEPT:
            self._facts.popitem(last=False)
        return [each for each in people if each is not None]
