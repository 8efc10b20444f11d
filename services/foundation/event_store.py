"""The event store: what was decided, for good. One document holds all the events of one command.

A partition of the store has the same order as the partition of the topic: ``position`` counts its commits without gaps. The
unique indexes are the fences: whoever writes beside the owner of a partition, or decides on an outdated stream, meets them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import mongoengine
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from services.foundation.database import Document
from services.foundation.faults import PassingFault
from services.foundation.messages import Actor, Envelope, Event, Recorded, now, read
from services.foundation.outcomes import Outcome

LOOKUP = 100
"""Streams asked for in one query: some servers compare every document found with every id asked for."""

DUPLICATE_KEY = 11000
ANSWERS_KEPT_SECONDS = 8 * 24 * 60 * 60
"""Longer than a command can lie on its topic, so that a second delivery still finds the first answer."""


class CommitDocument(mongoengine.Document):
    """The events of one command. ``version`` is that of its first event, so that two decisions on the same state collide."""

    command_id = mongoengine.StringField(primary_key=True)
    stream = mongoengine.StringField(required=True)
    version = mongoengine.LongField(required=True)
    partition = mongoengine.IntField(required=True)
    position = mongoengine.LongField(required=True)
    events = mongoengine.ListField(required=True)
    time = mongoengine.DateTimeField(required=True)
    actor = mongoengine.StringField(required=True)
    correlation_id = mongoengine.StringField(required=True)
    causation_id = mongoengine.StringField()
    traceparent = mongoengine.StringField()
    meta = {  # noqa: RUF012
        "collection": "commits",
        "auto_create_index": False,
        "indexes": [
            {"fields": ("stream", "version"), "unique": True},
            {"fields": ("partition", "position"), "unique": True},
        ],
    }


class AnswerDocument(mongoengine.Document):
    """The outcome of a command that wrote no events: refused, or all was so already."""

    command_id = mongoengine.StringField(primary_key=True)
    outcome = mongoengine.DictField(required=True)
    at = mongoengine.DateTimeField(required=True)
    meta = {  # noqa: RUF012
        "collection": "answers",
        "auto_create_index": False,
        "indexes": [{"fields": ("at",), "expireAfterSeconds": ANSWERS_KEPT_SECONDS}],
    }


class CheckpointDocument(mongoengine.Document):
    """Up to which position a partition is published, on which topic (its id), and the offset behind its last record."""

    partition = mongoengine.IntField(primary_key=True)
    position = mongoengine.LongField(required=True)
    topic_id = mongoengine.StringField(required=True)
    end_offset = mongoengine.LongField(required=True)
    meta = {"collection": "checkpoints", "auto_create_index": False}  # noqa: RUF012


DOCUMENTS = (CommitDocument, AnswerDocument, CheckpointDocument)


class Fenced(PassingFault):
    """Somebody else has written to this stream or partition meanwhile: load again and decide anew."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is stored and published: its type name and its JSON data."""

    type: str
    data: str

    @classmethod
    def of(cls, event: Event) -> "StoredEvent":
        return cls(event.TYPE, event.to_json().decode())


@dataclass(frozen=True, slots=True)
class Commit:
    """The events of one command and where they stand. The version of the i-th event is ``version + i``."""

    command_id: str
    stream: str
    version: int
    partition: int
    position: int
    events: tuple[StoredEvent, ...]
    time: datetime
    actor: Actor
    correlation_id: str
    causation_id: str = ""
    traceparent: str = ""

    @property
    def last_version(self) -> int:
        return self.version + len(self.events) - 1

    def envelopes(self, source: str) -> Iterator[Envelope]:
        """The envelope of each event, in order."""
        for index in range(len(self.events)):
            yield Envelope(
                id=f"{self.command_id}.{index}",
                stream=self.stream,
                source=source,
                time=self.time,
                actor=self.actor,
                correlation_id=self.correlation_id,
                causation_id=self.command_id,
                traceparent=self.traceparent,
                version=self.version + index,
                position=self.position,
                partition=self.partition,
            )

    def recorded(self, source: str) -> Iterator[Recorded]:
        """The events themselves, lifted to their present types."""
        for stored, envelope in zip(self.events, self.envelopes(source), strict=True):
            yield Recorded(read(stored.type, stored.data), envelope)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """See CheckpointDocument."""

    partition: int
    position: int = 0
    topic_id: str = ""
    end_offset: int = 0


class EventStore:
    """The commits, answers and checkpoints of one service."""

    def __init__(self, database: Database[Document]) -> None:
        self._commits = database["commits"]
        self._answers = database["answers"]
        self._checkpoints = database["checkpoints"]

    def load(self, streams: Sequence[str]) -> dict[str, list[Commit]]:
        """The commits of each of these streams in order; an unknown stream has none."""
        found: dict[str, list[Commit]] = {stream: [] for stream in streams}
        wanted = list(found)
        for start in range(0, len(wanted), LOOKUP):
            for document in self._commits.find({"stream": {"$in": wanted[start : start + LOOKUP]}}):
                found[document["stream"]].append(_commit(document))
        for commits in found.values():
            commits.sort(key=lambda commit: commit.version)
        return found

    def append(self, commits: Sequence[Commit]) -> None:
        """Writes these commits in order; raises Fenced when one of them meets what somebody else wrote."""
        if not commits:
            return
        try:
            self._commits.insert_many([_document(commit) for commit in commits], ordered=True)
        except BulkWriteError as error:
            if any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
                raise
            raise Fenced("another writer was faster") from None

    def after(self, partition: int, position: int, slice_size: int = 1_000) -> Iterator[list[Commit]]:
        """The commits of the partition beyond this position, in order, in slices."""
        while True:
            beyond = {"$gt": position, "$lte": position + slice_size}
            found = self._commits.find({"partition": partition, "position": beyond})
            commits = sorted((_commit(document) for document in found), key=lambda commit: commit.position)
            if not commits:
                return
            yield commits
            position = commits[-1].position

    def answers(self, command_ids: Sequence[str]) -> dict[str, Outcome]:
        """The outcomes of those of these commands that were answered without a commit."""
        known = {}
        for start in range(0, len(command_ids), 500):
            for document in self._answers.find({"_id": {"$in": command_ids[start : start + 500]}}):
                known[document["_id"]] = Outcome.model_validate(document["outcome"])
        return known

    def remember(self, outcomes: Iterable[Outcome]) -> None:
        """Keeps the outcomes of commands that wrote no events; a second time changes nothing."""
        at = now()
        writes: list[Any] = [
            UpdateOne(
                {"_id": each.command_id},
                {"$setOnInsert": {"outcome": each.model_dump(exclude_defaults=True), "at": at}},
                upsert=True,
            )
            for each in outcomes
        ]
        if writes:
            self._answers.bulk_write(writes, ordered=False)

    def checkpoint(self, partition: int) -> Checkpoint:
        document = self._checkpoints.find_one({"_id": partition})
        if document is None:
            return Checkpoint(partition)
        return Checkpoint(partition, document["position"], document["topic_id"], document["end_offset"])

    def advance(self, checkpoints: Iterable[Checkpoint]) -> None:
        """Moves checkpoints on. On the same topic they never move back, however late a former owner comes."""
        writes: list[Any] = [
            UpdateOne(
                {"_id": each.partition, "topic_id": each.topic_id},
                {"$max": {"position": each.position, "end_offset": each.end_offset}},
            )
            for each in checkpoints
        ]
        if writes:
            self._checkpoints.bulk_write(writes, ordered=False)

    def restart(self, checkpoint: Checkpoint) -> None:
        """Sets a checkpoint for a topic that was made (anew), from which all is published again."""
        fields = {"position": checkpoint.position, "topic_id": checkpoint.topic_id, "end_offset": checkpoint.end_offset}
        self._checkpoints.update_one({"_id": checkpoint.partition}, {"$set": fields}, upsert=True)


def _document(commit: Commit) -> Document:
    return {
        "_id": commit.command_id,
        "stream": commit.stream,
        "version": commit.version,
        "partition": commit.partition,
        "position": commit.position,
        "events": [{"type": event.type, "data": event.data} for event in commit.events],
        "time": commit.time,
        "actor": str(commit.actor),
        "correlation_id": commit.correlation_id,
        "causation_id": commit.causation_id,
        "traceparent": commit.traceparent,
    }


def _commit(document: Document) -> Commit:
    return Commit(
        command_id=document["_id"],
        stream=document["stream"],
        version=document["version"],
        partition=document["partition"],
        position=document["position"],
        events=tuple(StoredEvent(each["type"], each["data"]) for each in document["events"]),
        time=document["time"],
        actor=Actor.parse(document["actor"]),
        correlation_id=document["correlation_id"],
        causation_id=document.get("causation_id", ""),
        traceparent=document.get("traceparent", ""),
    )
