"""Keeps the rankings fresh: follows what changes in the pool, and tells whoever follows which lists have changed by it.

A revision counts the changes of the pool. One instance at a time leads: it holds everybody in memory, brings that up to each
revision, and publishes the lists that differ from what was published before. Whoever takes over the lead begins by ranking
everybody. A ranking is a state, not a fact: its topic is compacted, by need and by person.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import uuid4

import mongoengine
from pymongo import ReplaceOne, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.foundation.broker import Broker
from services.foundation.cloudevents import headers_of
from services.foundation.database import Document
from services.foundation.faults import PassingFault
from services.foundation.messages import SYSTEM, Envelope, Event, now
from services.matching.contract import SERVICE, PersonRanked
from services.matching.facts import Related
from services.matching.people_index import PeopleIndex
from services.matching.pool import Pool
from services.matching.telling import Teller, Told
from services.matching.weights import Weights

TOPIC = f"{SERVICE}.rankings"
LEASE = timedelta(seconds=5)
STATE = "rankings"
FLUSH_SECONDS = 20
CHANGES_KEPT = 2_000
"""So many changed profiles are remembered; a leader that has missed more of them begins anew."""
TOLD_AT_ONCE = 100
BACKLOG_SECONDS = 0.5
"""How long a refresh works on lists that only others have changed, before it looks for new changes again."""


class RankingStateDocument(mongoengine.Document):
    """Which revision the pool has, which one is ranked, who leads until when; how many profiles changed, and the last."""

    id = mongoengine.StringField(primary_key=True)
    revision = mongoengine.LongField(required=True)
    ranked = mongoengine.LongField(required=True)
    leader = mongoengine.StringField()
    led_until = mongoengine.DateTimeField()
    changed = mongoengine.LongField()
    changes = mongoengine.ListField(mongoengine.StringField())
    meta = {"collection": "ranking_state", "auto_create_index": False}  # noqa: RUF012


class RankingNotPublished(PassingFault):
    """The broker did not confirm a ranking."""


class Rankings:
    """Ranks the pool and publishes what changed. ``pause`` lets others run; ``weights`` gives those that count now."""

    def __init__(
        self,
        database: Database[Document],
        broker: Broker,
        pause: Callable[[], None],
        related: Related,
        weights: Callable[[], Weights],
    ) -> None:
        self._state = database["ranking_state"]
        self._published = database["published_rankings"]
        self._pool = Pool(database)
        self._broker = broker
        self._pause = pause
        self._related = related
        self._weights = weights
        self._me = str(uuid4())
        self._teller: Teller | None = None
        self._seen = 0
        self._producer: Any = None

    def touch(self, changed: Iterable[str] = ()) -> int:
        """These profiles of the pool have changed; gives the revision that it has now."""
        streams = list(dict.fromkeys(changed))
        change: Document = {"$inc": {"revision": 1, "changed": len(streams)}, "$setOnInsert": {"ranked": 0}}
        if streams:
            change["$push"] = {"changes": {"$each": streams, "$slice": -CHANGES_KEPT}}
        return self._touched(change)

    @property
    def ranked(self) -> int:
        """The last revision that was ranked and published."""
        return int((self._state.find_one({"_id": STATE}, {"ranked": 1}) or {}).get("ranked", 0))

    @property
    def people(self) -> PeopleIndex | None:
        """Everybody, where this instance leads and holds them in memory."""
        return self._teller.people if self._teller else None

    def refresh(self) -> None:
        """Where this instance leads: brings the rankings up to the pool, and publishes what has changed by it."""
        state = self._lead()
        if state is None:
            self._teller = None
            return
        teller = self._follow(state)
        revision = int(state["revision"])
        self._publish(teller.told_of_needs(), revision)
        self._publish(teller.told_of_people(teller.urgent), revision)
        if state["ranked"] < revision:
            self._state.update_one({"_id": STATE}, {"$max": {"ranked": revision}})
        self._work_off(teller, revision)

    def forget_published(self) -> None:
        """Whatever was published is told again: the topic may have been made anew."""
        self._published.delete_many({})
        self._touched({"$inc": {"revision": 1, "changed": CHANGES_KEPT + 1}, "$setOnInsert": {"ranked": 0}})

    def resign(self) -> None:
        """Leaves the lead to another instance at once."""
        self._state.update_one({"_id": STATE, "leader": self._me}, {"$set": {"led_until": now()}})

    def _touched(self, change: Document) -> int:
        after = ReturnDocument.AFTER
        state: Document = (
            self._state.find_one_and_update(
                {"_id": STATE}, change, projection={"revision": 1}, upsert=True, return_document=after
            )
            or {}
        )
        return int(state["revision"])

    def _lead(self) -> Document | None:
        """The state without its changes if this instance leads, or can take the lead; it is renewed before it runs out."""
        state: Document | None = self._state.find_one({"_id": STATE}, {"changes": 0})
        moment = now()
        if state is None or (state.get("leader") == self._me and state["led_until"] > moment + LEASE / 2):
            return state
        try:
            return self._state.find_one_and_update(
                {"_id": STATE, "$or": [{"leader": self._me}, {"led_until": None}, {"led_until": {"$lte": moment}}]},
                {"$set": {"leader": self._me, "led_until": moment + LEASE}},
                projection={"changes": 0},
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            return None

    def _follow(self, state: Document) -> Teller:
        """What this instance holds in memory, as of this state."""
        today, weights = now().date(), self._weights()
        changed, changes = self._changes(int(state.get("changed") or 0))
        missed, teller = changed - self._seen, self._teller
        is_lost = not 0 <= missed <= CHANGES_KEPT
        if teller is None or is_lost or (teller.today, teller.weights) != (today, weights):
            teller = self._begin(today, weights)
        elif missed:
            teller.follow(changes[-missed:])
        self._seen = changed
        self._teller = teller
        return teller

    def _changes(self, changed: int) -> tuple[int, list[str]]:
        """How many profiles have changed, and the last of them. Both are read at once, and again: more may have changed since
        the state was read, and would take the places of those."""
        if changed == self._seen:
            return changed, []
        state = self._state.find_one({"_id": STATE}, {"changed": 1, "changes": 1}) or {}
        return int(state.get("changed") or 0), list(state.get("changes", ()))

    def _begin(self, today: date, weights: Weights) -> Teller:
        teller = Teller(self._pool, self._related, weights, today, self._breathe)
        teller.load()
        gone = (each["_id"] for each in self._published.find({}, {"_id": 1}))
        teller.remember(gone)
        return teller

    def _work_off(self, teller: Teller, revision: int) -> None:
        deadline = time.monotonic() + BACKLOG_SECONDS
        while teller.backlog and time.monotonic() < deadline:
            self._publish(teller.told_of_people(teller.backlog), revision)

    def _breathe(self) -> None:
        """Lets others run, and keeps the lead meanwhile."""
        self._pause()
        if time.monotonic() > self._renewal:
            self._renewal = time.monotonic() + LEASE.total_seconds() / 3
            self._state.update_one({"_id": STATE, "leader": self._me}, {"$set": {"led_until": now() + LEASE}})

    _renewal = 0.0

    def _publish(self, told: Iterator[Told], revision: int) -> None:
        """Publishes those lists that differ from what was published; what is told is out of the queue once it is confirmed."""
        while batch := list(islice(told, TOLD_AT_ONCE)):
            self._breathe()
            found = self._published.find({"_id": {"$in": [each.key for each in batch]}})
            known = {each["_id"]: each.get("digest") for each in found}
            new = [(each, sha256(each.state.to_json()).hexdigest()) for each in batch]
            new = [(each, digest) for each, digest in new if known.get(each.key) != digest]
            self._send([(each.key, each.state) for each, _ in new], revision)
            if new:
                fields = [{"_id": each.key, "digest": digest, "revision": revision} for each, digest in new]
                self._published.bulk_write([ReplaceOne({"_id": each["_id"]}, each, upsert=True) for each in fields])
            for each in batch:
                each.done()

    def _send(self, states: list[tuple[str, Event]], revision: int) -> None:
        if not states:
            return
        if self._producer is None:
            self._broker.ensure_topics([TOPIC])
            self._producer = self._broker.producer()
        futures = []
        for key, state in states:
            # a consumer of both would take a state under the person's own id for an event of that stream
            stream = f"{STATE}-{key}" if isinstance(state, PersonRanked) else key
            name = f"{stream}/{revision}"
            envelope = Envelope(name, stream, SERVICE, now(), SYSTEM, correlation_id=name, version=revision)
            futures.append(self._producer.send(TOPIC, state.to_json(), stream.encode(), headers_of(state.TYPE, envelope)))
        self._producer.flush(FLUSH_SECONDS)
        failed = next((each for each in futures if not each.is_done or each.failed()), None)
        if failed is not None:
            self._producer.close(timeout=1)
            self._producer = None
            raise RankingNotPublished(f"the broker did not confirm: {failed.exception or 'no answer'}")


def pause() -> None:
    """Gives other greenlets a turn."""
    time.sleep(0)
