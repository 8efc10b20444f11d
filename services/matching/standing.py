"""How everybody stands: the best people of each open need and the best needs of each person, kept while both change."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from services.matching.columns import Numbers
from services.matching.facts import NeedFacts, PersonFacts
from services.matching.grades import is_ruled_out
from services.matching.people_index import PeopleIndex
from services.matching.ranking import SHOWN, most, score_of, total
from services.matching.shortlist import Key, Shortlist

DEPTH = 2 * SHOWN
NEEDS_SHOWN = 10
NEEDS_DEPTH = 15

Pause = Callable[[], None]
"""Lets others run: called between any two needs, and every few people."""
PEOPLE_A_PAUSE = 1_000


class Standing:
    """What is to be told anew collects in ``stale_needs`` and ``stale_people``; whoever tells it takes it out."""

    def __init__(self, parts: Mapping[str, int], pause: Pause) -> None:
        self.index = PeopleIndex()
        self.needs: dict[str, NeedFacts] = {}
        self.stale_needs: dict[str, None] = {}
        self.stale_people: dict[str, None] = {}
        self._parts = parts
        self._pause = pause
        self._people_of: dict[str, Shortlist] = {}
        self._needs_of: dict[str, Shortlist] = {}

    def load(self, people: Iterable[PersonFacts], needs: Iterable[NeedFacts]) -> None:
        """Everybody and everything, at the beginning."""
        with _collecting_nothing():
            for number, person in enumerate(people):
                self.index.put(person)
                if number % PEOPLE_A_PAUSE == 0:
                    self._pause()
        self.needs = {need.need_id: need for need in sorted(needs, key=lambda each: each.need_id)}
        for need in self.needs.values():
            self._search_people(need)
            self._pause()
        self._search_all_needs()
        self.stale_needs |= dict.fromkeys(self.needs)
        self.stale_people |= dict.fromkeys(self.index.ids())

    def best_people(self, need_id: str) -> list[str]:
        found = self._people_of.get(need_id)
        return found.shown() if found else []

    def best_needs(self, person_id: str) -> list[str]:
        found = self._needs_of.get(person_id)
        return found.shown() if found else []

    def put_person(self, person_id: str, person: PersonFacts | None) -> None:
        """Takes a person in, anew, or out."""
        self.stale_people[person_id] = None
        if person is None or not person.consent_to_matching:
            self.index.remove(person_id)
            self._needs_of.pop(person_id, None)
            person = None
        else:
            self.index.put(person)
        keys = []
        for need in self.needs.values():
            points = None if person is None or is_ruled_out(need, person) else total(need, person, self._parts)
            self._put_into_need(need, person_id, points)
            if points is not None:
                keys.append((-score_of(points, most(need, self._parts)), need.need_id))
        if person is not None:
            self._needs_of[person_id] = _needs_list(sorted(keys))

    def put_need(self, need_id: str, need: NeedFacts | None) -> None:
        """Takes an open need in, anew, or out."""
        self.stale_needs[need_id] = None
        if need is None:
            self.needs.pop(need_id, None)
            self._people_of.pop(need_id, None)
            scores = None
        else:
            self.needs[need_id] = need
            scores = self._scores(need, self._search_people(need))
        for number, person_id in enumerate(list(self.index.ids())):
            score = -1.0 if scores is None else float(scores[self.index.row(person_id)])
            self._put_into_person(person_id, need_id, None if score < 0 else (-score, need_id))
            if number % PEOPLE_A_PAUSE == 0:
                self._pause()
        short = [id for id, found in self._needs_of.items() if found.is_short]
        if short:
            self._search_all_needs(short)

    def _put_into_need(self, need: NeedFacts, person_id: str, points: int | None) -> None:
        found = self._people_of[need.need_id]
        if found.put(person_id, None if points is None else (-points, person_id)):
            self.stale_needs[need.need_id] = None
        if found.is_short:
            self._search_people(need)

    def _put_into_person(self, person_id: str, need_id: str, key: Key | None) -> None:
        if self._needs_of[person_id].put(need_id, key):
            self.stale_people[person_id] = None

    def _search_people(self, need: NeedFacts) -> Numbers:
        totals = self.index.totals(need, self._parts)
        found = self.index.first(totals, DEPTH)
        keys = [(-points, id) for points, id in found]
        self._people_of[need.need_id] = Shortlist(keys, SHOWN, DEPTH, complete=len(keys) < DEPTH)
        return totals

    def _scores(self, need: NeedFacts, totals: Numbers) -> Numbers:
        """Scores from totals, -1 where somebody is ruled out. Like ``score_of``: one division of the same two numbers."""
        of = most(need, self._parts)
        scores: Numbers = totals / of if of else np.zeros(len(totals))
        scores[totals < 0] = -1.0
        return scores

    def _search_all_needs(self, only: Iterable[str] | None = None) -> None:
        """The best needs of everybody, or of these: all needs in the order of their ids, each put among those before it."""
        ids = list(self.index.ids() if only is None else only)
        rows = np.array([self.index.row(id) for id in ids], np.int64)
        best = np.full((len(rows), NEEDS_DEPTH), -1.0)
        needs = np.full((len(rows), NEEDS_DEPTH), -1, np.int32)
        names = sorted(self.needs)
        for number, name in enumerate(names):
            need = self.needs[name]
            scores = self._scores(need, self.index.totals(need, self._parts))[rows]
            better = np.flatnonzero(scores > best[:, -1])
            among = np.concatenate([best[better], scores[better, None]], axis=1)
            which = np.concatenate([needs[better], np.full((len(better), 1), number, np.int32)], axis=1)
            order = np.argsort(-among, axis=1, kind="stable")[:, :NEEDS_DEPTH]
            best[better] = np.take_along_axis(among, order, axis=1)
            needs[better] = np.take_along_axis(which, order, axis=1)
            self._pause()
        for at, id in enumerate(ids):
            found = zip(best[at].tolist(), needs[at].tolist(), strict=True)
            self._needs_of[id] = _needs_list([(-score, names[which]) for score, which in found if which >= 0])
            if at % PEOPLE_A_PAUSE == 0:
                self._pause()


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """The millions of objects that are made while everybody is loaded hold no cycles; looking for some takes a third of the
    time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _needs_list(keys: list[Key]) -> Shortlist:
    """``keys``: all of them in order, or the first NEEDS_DEPTH."""
    return Shortlist(keys[:NEEDS_DEPTH], NEEDS_SHOWN, NEEDS_DEPTH, complete=len(keys) < NEEDS_DEPTH)
