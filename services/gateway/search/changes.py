"""Which streams' views were written, so that every gateway can look at what changed and at nothing else.

Collection ``view_changes``: {_id, at, streams: [id], everything}. One document a batch, forgotten after an hour.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from pymongo.database import Database

from services.foundation.consumer import Batch
from services.foundation.database import Document
from services.foundation.messages import now

COLLECTION = "view_changes"
CATEGORIES = ("person-", "company-", "search-")
FEW = 100
"""Streams that can be read anew for a search while they are being written."""
OVERLAP = timedelta(seconds=10)
"""How far the clocks of two gateways may differ, with the time that a write takes."""


@dataclass(frozen=True, slots=True)
class News:
    """The streams that changed. ``everything``: so much that all is to be read anew."""

    streams: frozenset[str]
    everything: bool


class ViewChanges:
    """Records what this process writes, and reads what all have written. Safe to use from several threads."""

    def __init__(self, database: Database[Document]) -> None:
        self._changes = database[COLLECTION]
        self._seen: dict[str, datetime] = {}
        self._since = now() - OVERLAP
        self._expected: set[str] = set()
        self._writing: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    @contextmanager
    def writing(self, batch: Batch) -> Iterator[None]:
        """While this batch is being written, whoever asks for news is told to read its streams: a document may be seen, and
        somebody be answered, before it is said to be written. Of a large batch nobody waits for that."""
        streams = _streams_in(batch)
        with self._lock:
            self._writing = frozenset(streams if len(streams) <= FEW else ())
        try:
            yield
        finally:
            with self._lock:
                self._expected.update(streams)
                self._writing = frozenset()

    def expect(self, streams: Iterable[str]) -> None:
        """To be called when this process has written these, so that whoever waits for them also finds them at once."""
        with self._lock:
            self._expected.update(stream for stream in streams if stream.startswith(CATEGORIES))

    def record(self, batch: Batch) -> None:
        """To be called when the views of a batch are written. A batch that comes again is recorded again."""
        streams = _streams_in(batch)
        if streams:
            record: Document = {"_id": str(uuid4()), "at": now(), "streams": streams, "everything": False}
            with self._lock:
                self._expected.update(streams)
                self._seen[record["_id"]] = record["at"]
            self._changes.insert_one(record)

    def record_everything(self) -> None:
        """To be called when the views were made anew."""
        self._changes.insert_one({"_id": str(uuid4()), "at": now(), "streams": [], "everything": True})

    def news(self) -> News:
        """What has been recorded since this was asked last."""
        asked = now()
        with self._lock:
            news = self._news(asked, self._writing | self._expected)
            self._expected.clear()
            return news

    def _news(self, asked: datetime, expected: frozenset[str]) -> News:
        found = [each for each in self._changes.find({"at": {"$gte": self._since}}) if each["_id"] not in self._seen]
        self._since = asked - OVERLAP
        self._seen = {id: at for id, at in self._seen.items() if at >= self._since - OVERLAP}
        self._seen |= dict.fromkeys((each["_id"] for each in found), asked)
        return News(_streams(found) | expected, any(each["everything"] for each in found))


def _streams_in(batch: Batch) -> list[str]:
    return sorted({each.stream for each in batch.recorded if each.stream.startswith(CATEGORIES)})


def _streams(found: Sequence[Document]) -> frozenset[str]:
    return frozenset(stream for each in found for stream in each["streams"])
