"""Claims: whose turn it is to send a message, how often it was tried, and whether it may have been sent already."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.foundation.database import Document
from services.foundation.messages import now
from services.notifications.timing import wait_after

SPARE = timedelta(seconds=30)
"""Beyond the time that a try may take: whoever has claimed a message and died is waited for until then."""
RECORD_AGAIN = timedelta(seconds=5)
"""How soon the recording of what is sent is tried again, where the broker was away or the process has died."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to try a message. ``attempt`` counts from 1. ``open``: an earlier try did not say how it ended, so it may have
    been sent. ``sent``: the language in which it was sent, where only the recording is missing."""

    key: str
    attempt: int
    open: bool
    sent: str


class Claims:
    """A message is claimed before it is sent, and is known to be sent before that is recorded."""

    def __init__(self, database: Database[Document]) -> None:
        self._deliveries = database["deliveries"]

    def claim(self, key: str, longest: float) -> Claim | None:
        """None where it is not due or somebody else is at it. ``longest``: seconds that a try may take."""
        moment = now()
        until = moment + timedelta(seconds=longest) + SPARE
        try:
            before = self._deliveries.find_one_and_update(
                {"_id": key, "not_before": {"$lte": moment}},
                {"$inc": {"attempt": 1}, "$set": {"not_before": until, "open": True}},
                upsert=True,
                return_document=ReturnDocument.BEFORE,
            )
        except DuplicateKeyError:
            return None
        known = before or {}
        return Claim(key, known.get("attempt", 0) + 1, bool(known.get("open")), known.get("sent", ""))

    def waiting(self, keys: list[str]) -> dict[str, datetime]:
        """Those of these that are not due, with when they are."""
        found = self._deliveries.find({"_id": {"$in": keys}, "not_before": {"$gt": now()}}, {"not_before": 1})
        return {each["_id"]: each["not_before"] for each in found}

    def taken(self, claim: Claim, language: str) -> None:
        """It is sent: whatever happens now, it is not sent again, and to record it nobody has to wait for this try to end."""
        known = {"sent": language, "not_before": now() + RECORD_AGAIN}
        self._deliveries.update_one({"_id": claim.key}, {"$set": known})

    def later(self, claim: Claim, uncertain: bool) -> None:
        """To be tried again, after a while."""
        due = now() + wait_after(claim.attempt, random.random())
        self._deliveries.update_one({"_id": claim.key}, {"$set": {"not_before": due, "open": claim.open or uncertain}})

    def older_than(self, moment: datetime, most: int) -> list[str]:
        """The keys of those that nobody has claimed or put off since, the oldest first."""
        found = self._deliveries.find({"not_before": {"$lt": moment}}, {"_id": 1}).sort("not_before", 1).limit(most)
        return [each["_id"] for each in found]

    def forget(self, keys: list[str], untouched_since: datetime) -> None:
        self._deliveries.delete_many({"_id": {"$in": keys}, "not_before": {"$lt": untouched_since}})
