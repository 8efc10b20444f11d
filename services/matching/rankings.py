"""Keeps the rankings fresh: after the pool has changed, ranks the people anew for each need and tells whoever follows.

A revision counts the changes of the pool. One instance at a time claims a revision, ranks, and publishes the needs whose
ranking differs from what was published before. A ranking is a state, not a fact: its topic is compacted by need.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import mongoengine
from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.foundation.broker import Broker
from services.foundation.cloudevents import headers_of
from services.foundation.database import Document
from services.foundation.faults import PassingFault
from services.foundation.messages import SYSTEM, Envelope, now
from services.matching.contract import SERVICE, NeedRanked
from services.matching.pool import Pool
from services.matching.ranking import rank
from services.matching.weights_kept import current_weights

TOPIC = f"{SERVICE}.rankings"
CLAIM = timedelta(seconds=60)
STATE = "rankings"
FLUSH_SECONDS = 20


class RankingStateDocument(mongoengine.Document):
    """Which revision the pool has, which one is ranked, and until when somebody is at it."""

    id = mongoengine.StringField(primary_key=True)
    revision = mongoengine.LongField(required=True)
    ranked = mongoengine.LongField(required=True)
    claimed_until = mongoengine.DateTimeField()
    meta = {"collection": "ranking_state", "auto_create_index": False}  # noqa: RUF012


class RankingNotPublished(PassingFault):
    """The broker did not confirm a ranking."""


class Rankings:
    """Ranks all needs of the pool and publishes what changed. ``pause`` lets others run between two needs."""

    def __init__(self, database: Database[Document], broker: Broker, pause: Callable[[], None]) -> None:
        self._state = database["ranking_state"]
        self._published = database["published_rankings"]
        self._database = database
        self._pool = Pool(database)
        self._broker = broker
        self._pause = pause
        self._producer: Any = None

    def touch(self) -> int:
        """The pool has changed; gives the revision that it has now."""
        change = {"$inc": {"revision": 1}, "$setOnInsert": {"ranked": 0}}
        after = ReturnDocument.AFTER
        state: Document = self._state.find_one_and_update({"_id": STATE}, change, upsert=True, return_document=after) or {}
        return int(state["revision"])

    @property
    def ranked(self) -> int:
        """The last revision that was ranked and published."""
        return int((self._state.find_one({"_id": STATE}) or {}).get("ranked", 0))

    def refresh(self) -> None:
        """Ranks anew if the pool has changed since the last time and nobody else is at it."""
        state = self._claim()
        if state is None:
            return
        self._rank_all(state["revision"])
        self._state.update_one({"_id": STATE}, {"$max": {"ranked": state["revision"]}, "$set": {"claimed_until": now()}})

    def forget_published(self) -> None:
        """Whatever was published is told again: the topic may have been made anew."""
        self._published.delete_many({})
        self.touch()

    def _claim(self) -> Document | None:
        moment = now()
        try:
            return self._state.find_one_and_update(
                {
                    "_id": STATE,
                    "$expr": {"$gt": ["$revision", "$ranked"]},
                    "$or": [{"claimed_until": None}, {"claimed_until": {"$lte": moment}}],
                },
                {"$set": {"claimed_until": moment + CLAIM}},
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            return None

    def _rank_all(self, revision: int) -> None:
        people, weights = list(self._pool.people()), current_weights(self._database)
        known = {each["_id"]: each["ranking"] for each in self._published.find({})}
        for company_id, need, is_open in list(self._pool.needs()):
            candidates = rank(need, people, weights) if is_open else ()
            ranked = NeedRanked(
                need_id=need.need_id,
                company_id=company_id,
                open=is_open,
                candidates=candidates,
                weights_version=weights.version,
            )
            text = ranked.to_json().decode()
            if known.get(need.need_id) != text:
                self._publish(ranked, revision)
                self._published.replace_one({"_id": need.need_id}, {"ranking": text, "revision": revision}, upsert=True)
            self._pause()

    def _publish(self, ranked: NeedRanked, revision: int) -> None:
        if self._producer is None:
            self._broker.ensure_topics([TOPIC])
            self._producer = self._broker.producer()
        name = f"{ranked.need_id}/{revision}"
        envelope = Envelope(name, ranked.need_id, SERVICE, now(), SYSTEM, correlation_id=name, version=revision)
        headers = headers_of(ranked.TYPE, envelope)
        future = self._producer.send(TOPIC, ranked.to_json(), ranked.need_id.encode(), headers)
        self._producer.flush(FLUSH_SECONDS)
        if not future.is_done or future.failed():
            self._producer.close(timeout=1)
            self._producer = None
            raise RankingNotPublished(f"the broker did not confirm: {future.exception or 'no answer'}")


def pause() -> None:
    """Gives other greenlets a turn."""
    time.sleep(0)
