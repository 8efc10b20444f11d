"""Projections: views made of events alone. One primary document a stream, upserted with the version it was made from.

A second delivery changes nothing, because what is not newer than the document is skipped. A gap is an error, never skipped.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pymongo import InsertOne, ReplaceOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from services.foundation.consumer import Batch
from services.foundation.database import Document
from services.foundation.event_store import DUPLICATE_KEY, LOOKUP
from services.foundation.faults import PassingFault
from services.foundation.messages import Envelope, Event, Recorded

CACHED_DOCUMENTS = 5_000


class EventGap(Exception):
    """An event came whose predecessor has not been seen."""


class ViewOvertaken(PassingFault):
    """Another instance has written a newer version of a document meanwhile: read it again."""


class Projection:
    """Describes one view. Subclasses set ``collection`` and ``categories`` and write ``apply``."""

    collection: ClassVar[str]
    categories: ClassVar[frozenset[str]]
    """The kinds of streams that it follows, e.g. ``{"person"}``."""
    derives: ClassVar[tuple[str, ...]] = ()
    """The collections of its further documents."""
    shape: ClassVar[int] = 1
    """Raised whenever documents are to hold something else: the next start makes all of them again (see rebuilding.py)."""

    def prepare(self, batch: Sequence[Recorded]) -> None:
        """Called before the events of a batch are applied, to fetch at once what they will need."""

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        """Changes the document of the stream. Sets and never adds up; may not fail on anything that was once written."""
        raise NotImplementedError(f"{type(self).__name__} must say what an event changes")

    def derive(self, document: Document, event: Event, envelope: Envelope) -> Iterable[tuple[str, Document]]:
        """Further documents, each with its collection and ``_id``, that follow from the event. Made from this stream alone."""
        return ()


@dataclass(slots=True)
class _Changes:
    """What a batch changes in one view."""

    documents: dict[str, Document]
    known: dict[str, int]
    derived: dict[str, dict[Any, Document]] = field(default_factory=dict)

    @property
    def advanced(self) -> list[tuple[str, int]]:
        return [(id, doc["version"]) for id, doc in self.documents.items() if doc["version"] > self.known[id]]


class Projector:
    """Keeps views up to date from batches of events.

    ``on_advance`` is told (stream, version) of every primary document after it was written.
    """

    def __init__(
        self,
        database: Database[Document],
        projections: Sequence[Projection],
        on_advance: Callable[[list[tuple[str, int]]], None] | None = None,
    ) -> None:
        self._database = database
        self._projections = projections
        self._on_advance = on_advance
        self._cache: dict[str, OrderedDict[str, Document]] = {each.collection: OrderedDict() for each in projections}

    def handle(self, batch: Batch) -> None:
        """Applies a batch to all views; raises EventGap, or ViewOvertaken when it is to be tried again."""
        if batch.fresh:
            for cached in self._cache.values():
                cached.clear()
        for projection in self._projections:
            mine = [each for each in batch.recorded if _category(each.stream) in projection.categories]
            if mine:
                self._project(projection, mine)

    def _project(self, projection: Projection, recorded: Sequence[Recorded]) -> None:
        cache = self._cache[projection.collection]
        documents = self._load(projection.collection, cache, [each.stream for each in recorded])
        changes = _Changes(documents, {stream: document.get("version", 0) for stream, document in documents.items()})
        projection.prepare(recorded)
        try:
            for each in recorded:
                _apply(projection, changes, each)
            self._write(projection.collection, changes)
        except BaseException:
            for stream in documents:
                cache.pop(stream, None)
            raise
        self._remember(cache, documents)
        if self._on_advance is not None and changes.advanced:
            self._on_advance(changes.advanced)

    def _load(self, collection: str, cache: OrderedDict[str, Document], streams: Iterable[str]) -> dict[str, Document]:
        wanted = list(dict.fromkeys(streams))
        documents = {stream: cache[stream] for stream in wanted if stream in cache}
        missing = [stream for stream in wanted if stream not in documents]
        for start in range(0, len(missing), LOOKUP):
            for document in self._database[collection].find({"_id": {"$in": missing[start : start + LOOKUP]}}):
                documents[document["_id"]] = document
        return {stream: documents.get(stream) or {"_id": stream} for stream in wanted}

    def _write(self, collection: str, changes: _Changes) -> None:
        for name, documents in changes.derived.items():
            _write_derived(self._database[name], documents)
        writes: list[Any] = []
        for stream, version in changes.advanced:
            document = changes.documents[stream]
            if changes.known[stream] == 0:
                writes.append(InsertOne(document))
            else:
                writes.append(ReplaceOne({"_id": stream, "version": {"$lt": version}}, document))
        if writes:
            _write_primary(self._database[collection], writes)

    def _remember(self, cache: OrderedDict[str, Document], documents: dict[str, Document]) -> None:
        for stream, document in documents.items():
            cache[stream] = document
            cache.move_to_end(stream)
        while len(cache) > CACHED_DOCUMENTS:
            cache.popitem(last=False)


def _category(stream: str) -> str:
    return stream.partition("-")[0]


def _apply(projection: Projection, changes: _Changes, recorded: Recorded) -> None:
    document, envelope = changes.documents[recorded.stream], recorded.envelope
    version = document.get("version", 0)
    if envelope.version <= version:
        return
    if envelope.version > version + 1:
        raise EventGap(f"{projection.collection}: {recorded.stream} is at {version}, then came {envelope.version}")
    if not isinstance(recorded.message, Event):
        raise TypeError(f"{recorded.message.TYPE} is no event")
    document["version"] = envelope.version
    document["updated_at"] = envelope.time
    projection.apply(document, recorded.message, envelope)
    for collection, derived in projection.derive(document, recorded.message, envelope):
        derived["version"] = envelope.version
        changes.derived.setdefault(collection, {})[derived["_id"]] = derived


def _write_derived(collection: Collection[Document], documents: dict[Any, Document]) -> None:
    """Writes in the order of the events. Most of these documents are new; one that is there is replaced unless it is newer."""
    waiting = list(documents.values())
    while waiting:
        try:
            collection.insert_many(waiting, ordered=True)
        except BulkWriteError as error:
            failed = error.details["writeErrors"][0]
            if failed["code"] != DUPLICATE_KEY:
                raise
            _replace_older(collection, waiting[failed["index"]])
            waiting = waiting[failed["index"] + 1 :]
        else:
            return


def _replace_older(collection: Collection[Document], document: Document) -> None:
    collection.replace_one({"_id": document["_id"], "version": {"$lt": document["version"]}}, document)


def _write_primary(collection: Collection[Document], writes: list[Any]) -> None:
    try:
        result = collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        if any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
            raise
        raise ViewOvertaken("another instance inserted this document") from None
    if result.inserted_count + result.matched_count != len(writes):
        raise ViewOvertaken("another instance wrote a newer version of this document")
