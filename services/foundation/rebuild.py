"""Rebuilding views from nothing: the whole history is folded in memory and written in bulk, then takes the views' place.

Until then the old views stay readable. Whoever keeps them up to date must stand still meanwhile; afterwards it goes on where it
had stopped, and skips by version what the rebuild has already seen.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from kafka import TopicPartition
from pymongo.database import Database

from services.foundation.broker import Broker
from services.foundation.cloudevents import recorded_from
from services.foundation.database import Document
from services.foundation.messages import Event, Recorded
from services.foundation.projection import EventGap, Projection
from services.foundation.settings import Settings

READ_AT_ONCE = 5_000
WRITE_AT_ONCE = 2_000
SILENCE_POLLS = 3
SUFFIX = ".rebuilding"


def rebuild(settings: Settings, database: Database[Document], projections: Sequence[Projection], topics: Sequence[str]) -> int:
    """Makes these views anew from these topics; gives the number of events read. Raises EventGap where history has a hole.

    Holds the documents of one partition in memory at a time.
    """
    count = 0
    shelves = _Shelves(database, projections)
    for partition in _partitions(settings, topics):
        for recorded in _history(settings, partition):
            count += len(recorded)
            shelves.fold(recorded)
        shelves.write()
    shelves.replace_views()
    return count


def _partitions(settings: Settings, topics: Sequence[str]) -> list[TopicPartition]:
    consumer = Broker(settings).consumer(None)
    try:
        return [TopicPartition(topic, each) for topic in topics for each in sorted(consumer.partitions_for_topic(topic) or ())]
    finally:
        consumer.close()


def _history(settings: Settings, partition: TopicPartition) -> Iterator[list[Recorded]]:
    """All that a partition holds, in order. Ends when several polls in a row bring nothing more."""
    consumer = Broker(settings).consumer(None)
    try:
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        silent = 0
        while silent < SILENCE_POLLS:
            records = consumer.poll(timeout_ms=settings.kafka_fetch_wait_ms * 2, max_records=READ_AT_ONCE).get(partition, [])
            silent = 0 if records else silent + 1
            if records:
                yield [recorded_from(record) for record in records]
    finally:
        consumer.close()


class _Shelves:
    """Documents being made, by collection, until they are written beside the views that they will replace."""

    def __init__(self, database: Database[Document], projections: Sequence[Projection]) -> None:
        self._database = database
        self._projections = projections
        self._made: dict[str, dict[Any, Document]] = {}
        self._names: set[str] = {projection.collection for projection in projections}
        self._written: set[str] = set()

    def fold(self, recorded: Sequence[Recorded]) -> None:
        for projection in self._projections:
            mine = [each for each in recorded if each.stream.partition("-")[0] in projection.categories]
            if mine:
                projection.prepare(mine)
            for each in mine:
                self._fold_one(projection, each)

    def _fold_one(self, projection: Projection, recorded: Recorded) -> None:
        event, envelope = recorded.message, recorded.envelope
        document = self._made.setdefault(projection.collection, {}).setdefault(envelope.stream, {"_id": envelope.stream})
        version = document.get("version", 0)
        if envelope.version <= version or not isinstance(event, Event):
            return
        if envelope.version > version + 1:
            raise EventGap(f"{projection.collection}: {envelope.stream} is at {version}, then came {envelope.version}")
        document["version"], document["updated_at"] = envelope.version, envelope.time
        projection.apply(document, event, envelope)
        for name, derived in projection.derive(document, event, envelope):
            derived["version"] = envelope.version
            self._names.add(name)
            self._made.setdefault(name, {})[derived["_id"]] = derived

    def write(self) -> None:
        """Puts what was made so far beside the views. The streams of a partition are complete at its end."""
        for name, made in self._made.items():
            shelf = self._database[name + SUFFIX]
            if name not in self._written:
                shelf.drop()
                self._written.add(name)
            documents = list(made.values())
            for start in range(0, len(documents), WRITE_AT_ONCE):
                shelf.insert_many(documents[start : start + WRITE_AT_ONCE], ordered=False)
        self._made.clear()

    def replace_views(self) -> None:
        for name in sorted(self._names):
            self._replace(name)

    def _replace(self, name: str) -> None:
        """Gives the new collection the indexes of the old one, then its name."""
        if name not in self._written:
            self._database[name].delete_many({})
            return
        shelf = self._database[name + SUFFIX]
        for index, described in self._database[name].index_information().items():
            if index != "_id_":
                options = {key: described[key] for key in ("unique", "expireAfterSeconds", "sparse") if key in described}
                shelf.create_index(described["key"], name=index, **options)
        shelf.rename(name, dropTarget=True)
