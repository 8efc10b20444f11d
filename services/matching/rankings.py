"""Keeps the rankings fresh: follows what changes in the pool, and tells whoever follows which lists have changed by it.

A revision counts the changes of the pool. One instance at a time leads: it holds everybody in memory, brings that up to each
revision, and publishes the lists that differ from what was published before. Whoever takes over the lead begins by ranking
everybody. A ranking is a state, not a fact: its topic is compacted, by need and by person.

What was told of a list is known only once the broker has confirmed it: before it is sent, its digest goes, so that after a
crash or a fault in between it is told again. Who finds after sending that another leads by now lets that one begin anew.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import uuid4

import mongoengine
from kafka.errors import KafkaError
from pymongo import ReturnDocument, UpdateOne
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.foundation.broker import Broker
from services.foundation.cloudevents import headers_of
from services.foundation.database import Document
from services.foundation.faults import PassingFault
from services.foundation.messages import SYSTEM, Envelope, Event, now
from services.matching.contract import SERVICE
from services.matching.facts import Related
from services.matching.people_index import PeopleIndex
from services.matching.pool import Pool
from services.matching.telling import Teller, Told
from services.matching.weights import Weights

TOPIC = f"{SERVICE}.rankings"
LEASE = timedelta(seconds=5)
STATE = "rankings"
FLUSH_SECONDS = 3
SENDING_SECONDS = FLUSH_SECONDS + 1
"""Less than the lease: what is on its way has arrived, or was given up, before another can take the lead."""
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


class LeadLost(PassingFault):
    """Another instance has taken the lead meanwhile."""


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
        self._held_until = 0.0
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
        try:
            self._tell(self._follow(state), state)
        except LeadLost:
            self._teller = None
            raise

    def forget_published(self) -> None:
        """Whatever was published is told again: the topic may have been made anew."""
        self._published.update_many({}, {"$unset": {"digest": ""}})  # who has a list stays known: they may leave the pool
        self._begin_anew()

    def resign(self) -> None:
        """Leaves the lead to another instance at once."""
        self._state.update_one({"_id": STATE, "leader": self._me}, {"$set": {"led_until": now()}})

    def _begin_anew(self) -> None:
        """More has changed than is remembered: whoever leads compares everything with what was published."""
        self._touched({"$inc": {"revision": 1, "changed": CHANGES_KEPT + 1}, "$setOnInsert": {"ranked": 0}})

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
        held_until = time.monotonic() + LEASE.total_seconds()
        try:
            state = self._state.find_one_and_update(
                {"_id": STATE, "$or": [{"leader": self._me}, {"led_until": None}, {"led_until": {"$lte": moment}}]},
                {"$set": {"leader": self._me, "led_until": moment + LEASE}},
                projection={"changes": 0},
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            return None
        self._held_until = held_until if state else 0.0
        return state

    def _follow(self, state: Document) -> Teller:
        """What this instance holds in memory, as of this state or a later one."""
        today, weights, teller = now().date(), self._weights(), self._teller
        changes: list[str] = []
        if teller and state.get("changed") != self._seen:
            # both from one reading: more may have changed since the state was read
            state = self._state.find_one({"_id": STATE}, {"changed": 1, "changes": 1}) or {}
            changes = state.get("changes") or []
        changed = int(state.get("changed") or 0)
        missed = changed - self._seen
        if teller is None or (teller.today, teller.weights) != (today, weights) or not 0 <= missed <= len(changes):
            teller = self._begin(today, weights)
        elif missed:
            self._teller = None  # a fault in the middle leaves it neither as it was nor as it should be
            teller.follow(changes[-missed:])
        self._seen = changed
        self._teller = teller
        return teller

    def _tell(self, teller: Teller, state: Document) -> None:
        revision = int(state["revision"])
        self._publish(teller.told_of_needs(), revision)
        self._publish(teller.told_of_people(teller.urgent), revision)
        if state["ranked"] < revision:
            self._state.update_one({"_id": STATE}, {"$max": {"ranked": revision}})
        self._work_off(teller, revision)

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
        """Lets others run, and keeps the lead for as long as the next step may take. Raises LeadLost."""
        self._pause()
        if time.monotonic() + SENDING_SECONDS > self._held_until:
            self._renew()

    def _renew(self) -> None:
        held_until = time.monotonic() + LEASE.total_seconds()
        mine = {"_id": STATE, "leader": self._me}
        if not self._state.update_one(mine, {"$set": {"led_until": now() + LEASE}}).matched_count:
            raise LeadLost("another instance leads the rankings by now")
        self._held_until = held_until

    def _publish(self, told: Iterator[Told], revision: int) -> None:
        """Publishes those lists that differ from what was published; what is told is out of the queue once it is confirmed."""
        while batch := list(islice(told, TOLD_AT_ONCE)):
            self._breathe()
            found = self._published.find({"_id": {"$in": [each.key for each in batch]}})
            known = {each["_id"]: each.get("digest") for each in found}
            new = [(each, sha256(each.state.to_json()).hexdigest()) for each in batch]
            new = [(each, digest) for each, digest in new if known.get(each.key) != digest]
            if new:
                self._publish_new(new, revision)
            for each in batch:
                each.done()

    def _publish_new(self, new: list[tuple[Told, str]], revision: int) -> None:
        unknown = {"$unset": {"digest": ""}, "$set": {"by": self._me, "revision": revision}}
        self._published.bulk_write([UpdateOne({"_id": each.key}, unknown, upsert=True) for each, _ in new])
        self._send([(each.key, each.state) for each, _ in new], revision)
        self._require_lead([each.key for each, _ in new])
        self._published.bulk_write(
            [UpdateOne({"_id": each.key, "by": self._me}, {"$set": {"digest": digest}}) for each, digest in new]
        )

    def _require_lead(self, sent: list[str]) -> None:
        """Within the lease nobody else can have begun to lead. Beyond it, what was just sent may stand after newer lists, which
        are then told again, though they are as they were."""
        if time.monotonic() < self._held_until:
            return
        try:
            self._renew()
        except LeadLost:
            self._published.update_many({"_id": {"$in": sent}}, {"$unset": {"digest": ""}})
            self._begin_anew()
            raise

    def _send(self, states: list[tuple[str, Event]], revision: int) -> None:
        if not states:
            return
        if self._producer is None:
            self._broker.ensure_topics([TOPIC])
            self._producer = self._broker.producer()
        try:
            self._confirmed([self._sending(key, state, revision) for key, state in states])
        except (RankingNotPublished, KafkaError):
            self._give_up_sending()
            raise

    def _give_up_sending(self) -> None:
        """What still waits would otherwise arrive after newer lists, when another leads."""
        producer, self._producer = self._producer, None
        try:
            producer.close(timeout=1)
        except KafkaError:  # it waits for what waits before it closes, and then does not close
            producer._sender.force_close()

    def _sending(self, key: str, state: Event, revision: int) -> Any:
        name = f"{key}/{revision}"
        envelope = Envelope(name, key, SERVICE, now(), SYSTEM, correlation_id=name, version=revision)
        return self._producer.send(TOPIC, state.to_json(), key.encode(), headers_of(state.TYPE, envelope))

    def _confirmed(self, futures: Iterable[Any]) -> None:
        self._producer.flush(FLUSH_SECONDS)
        failed = next((each for each in futures if not each.is_done or each.failed()), None)
        if failed is not None:
            raise RankingNotPublished(f"the broker did not confirm: {failed.exception or 'no answer'}")


def pause() -> None:
    """Gives other greenlets a turn."""
    time.sleep(0)
