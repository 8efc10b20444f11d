"""Rebuilding views from nothing: they are dropped, the whole history is folded in memory, and they are written anew in bulk.
Or adding views that are new: the same, and nothing is dropped.

Whoever keeps these views up to date must stand still meanwhile; afterwards it goes on where it had stopped, and skips by
version what the rebuild has already seen.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import structlog
from kafka import TopicPartition
from pymongo import ReplaceOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from services.foundation.broker import Broker
from services.foundation.cloudevents import InvalidMessage, UnreadableMessage, envelope_of, recorded_from
from services.foundation.database import Document
from services.foundation.event_store import DUPLICATE_KEY
from services.foundation.faults import PassingFault
from services.foundation.messages import Event, Recorded
from services.foundation.projection import EventGap, Projection
from services.foundation.settings import Settings

READ_AT_ONCE = 5_000
WRITE_AT_ONCE = 2_000

Made = dict[str, dict[Any, Document]]
"""Documents by collection and id."""

log = structlog.get_logger()


class HistoryIncomplete(PassingFault):
    """The topics do not hold all that a view has seen: whoever publishes on them has not told everything again yet."""


def rebuild(settings: Settings, database: Database[Document], projections: Sequence[Projection], topics: Sequence[str]) -> int:
    """Makes these views anew from these topics; gives the number of events read. Raises EventGap where history has a hole.

    The documents of one partition are written while those of the next are made; memory holds both. Indexes go with the old
    views: the caller declares them again (``open_database``), which is quicker than keeping them up to date meanwhile.
    """
    names = [name for each in projections for name in (each.collection, *each.derives)]
    return _make(settings, database, projections, topics, lambda: _empty(database, names), _write)


def add(settings: Settings, database: Database[Document], projections: Sequence[Projection], topics: Sequence[str]) -> int:
    """Makes these views, of which there may be documents, from these topics; what is newer there stays. Gives the number of
    events read. Raises EventGap where history has a hole."""
    return _make(settings, database, projections, topics, lambda: None, _replace)


def require_history(
    settings: Settings, database: Database[Document], projections: Sequence[Projection], topics: Sequence[str]
) -> None:
    """Raises HistoryIncomplete where these views could not be made again from these topics as they are."""
    told: dict[str, int] = {}
    with closing(Broker(settings).consumer(None)) as consumer:
        for partition in _partitions(consumer, topics):
            for records in _records(consumer, partition):
                told.update(_versions(records))
    for projection in projections:
        for document in database[projection.collection].find({}, {"version": 1}):
            if told.get(document["_id"], 0) < document.get("version", 0):
                raise HistoryIncomplete(f"the topics do not hold yet all that {projection.collection} has seen")


def _make(
    settings: Settings,
    database: Database[Document],
    projections: Sequence[Projection],
    topics: Sequence[str],
    begin: Callable[[], None],
    write: Callable[[Database[Document], Made], None],
) -> int:
    names = [name for each in projections for name in (each.collection, *each.derives)]
    count = 0
    with ThreadPoolExecutor(1, thread_name_prefix="rebuild") as writer, closing(Broker(settings).consumer(None)) as consumer:
        writing: Future[None] = writer.submit(begin)
        for partition in _partitions(consumer, topics):
            made: Made = {name: {} for name in names}
            for recorded in _history(consumer, partition):
                count += len(recorded)
                _fold(projections, made, recorded)
            writing.result()
            writing = writer.submit(write, database, made)
        writing.result()
    return count


def _partitions(consumer: Any, topics: Sequence[str]) -> list[TopicPartition]:
    return [TopicPartition(topic, each) for topic in topics for each in sorted(consumer.partitions_for_topic(topic) or ())]


def _history(consumer: Any, partition: TopicPartition) -> Iterator[list[Recorded]]:
    """All that can be read of what a partition holds, in order."""
    parked: set[bytes | None] = set()
    for records in _records(consumer, partition):
        yield list(_readable(records, parked))


def _records(consumer: Any, partition: TopicPartition) -> Iterator[list[Any]]:
    """All that a partition holds, in order. Ends when the end was reached and a further poll brings nothing."""
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    end = consumer.end_offsets([partition])[partition]
    while True:
        # What is left of the last batch lies in the consumer's buffer, so at the end there is nothing to wait for.
        wait = 1 if consumer.position(partition) >= end else 500
        records = consumer.poll(timeout_ms=wait, max_records=READ_AT_ONCE).get(partition, [])
        if records:
            yield records
        elif consumer.position(partition) >= end:
            return


def _readable(records: Iterable[Any], parked: set[bytes | None]) -> Iterator[Recorded]:
    """Leaves out what the consumer puts aside too: a message that cannot be read, and whatever follows it in its stream."""
    for record in records:
        if record.key in parked:
            continue
        try:
            yield recorded_from(record)
        except (UnreadableMessage, InvalidMessage) as wrong:
            parked.add(record.key)
            log.error("rebuild.left_out", topic=record.topic, offset=record.offset, reason=str(wrong))


def _versions(records: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """The streams of these records with their versions, also of what cannot be read any further."""
    for record in records:
        try:
            envelope = envelope_of(record.headers, record.partition)[1]
        except UnreadableMessage:
            continue
        yield envelope.stream, envelope.version


def _fold(projections: Sequence[Projection], made: Made, recorded: Sequence[Recorded]) -> None:
    for projection in projections:
        mine = [each for each in recorded if each.stream.partition("-")[0] in projection.categories]
        if mine:
            projection.prepare(mine)
        for each in mine:
            _fold_one(projection, made, each)


def _fold_one(projection: Projection, made: Made, recorded: Recorded) -> None:
    event, envelope = recorded.message, recorded.envelope
    document = made[projection.collection].setdefault(envelope.stream, {"_id": envelope.stream})
    version = document.get("version", 0)
    if envelope.version <= version or not isinstance(event, Event):
        return
    if envelope.version > version + 1:
        raise EventGap(f"{projection.collection}: {envelope.stream} is at {version}, then came {envelope.version}")
    document["version"], document["updated_at"] = envelope.version, envelope.time
    projection.apply(document, event, envelope)
    for name, derived in projection.derive(document, event, envelope):
        derived["version"] = envelope.version
        made.setdefault(name, {})[derived["_id"]] = derived


def _empty(database: Database[Document], names: Iterable[str]) -> None:
    for name in names:
        database[name].drop()


def _write(database: Database[Document], made: Made) -> None:
    """Writes what was made of a partition. The streams of a partition are complete at its end."""
    for name, documents in made.items():
        waiting = list(documents.values())
        for start in range(0, len(waiting), WRITE_AT_ONCE):
            database[name].insert_many(waiting[start : start + WRITE_AT_ONCE], ordered=False)


def _replace(database: Database[Document], made: Made) -> None:
    """The same where documents may be there: one that is newer stays."""
    for name, documents in made.items():
        waiting = [
            ReplaceOne({"_id": id, "version": {"$lte": document["version"]}}, document, upsert=True)
            for id, document in documents.items()
        ]
        for start in range(0, len(waiting), WRITE_AT_ONCE):
            try:
                database[name].bulk_write(waiting[start : start + WRITE_AT_ONCE], ordered=False)
            except BulkWriteError as error:
                if any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
                    raise
