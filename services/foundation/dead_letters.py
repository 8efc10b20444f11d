"""Dead letters: messages that cannot be read or that a bug rejects, put aside so that other streams go on.

The key is parked, not the message: later messages of the same stream follow it here, so order holds. They are kept in the
consumer's own database, in the same write that parks the key (docs/decisions/0005).
"""

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import mongoengine
from pymongo import UpdateOne
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.messages import now


class DeadLetterDocument(mongoengine.Document):
    """One message put aside. ``order`` sorts the letters of a key; ``replay`` asks the owning consumer to try again."""

    id = mongoengine.StringField(primary_key=True)
    group = mongoengine.StringField(required=True)
    key = mongoengine.StringField()
    topic = mongoengine.StringField(required=True)
    partition = mongoengine.IntField(required=True)
    offset = mongoengine.LongField(required=True)
    headers = mongoengine.ListField()
    value = mongoengine.BinaryField()
    error = mongoengine.StringField()
    order = mongoengine.LongField(required=True)
    at = mongoengine.DateTimeField(required=True)
    tries = mongoengine.IntField(required=True)
    replay = mongoengine.BooleanField(required=True)
    meta = {  # noqa: RUF012
        "collection": "dead_letters",
        "auto_create_index": False,
        "indexes": [{"fields": ("group", "key", "order")}],
    }


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter in the shape of a Kafka record, so that it is read and handled like one."""

    id: str
    key: bytes
    topic: str
    partition: int
    offset: int
    headers: tuple[tuple[str, bytes], ...]
    value: bytes
    requested: bool


class DeadLetters:
    """The dead letters of one consumer group."""

    def __init__(self, database: Database[Document], group: str) -> None:
        self._letters = database["dead_letters"]
        self._group = group
        self._last_order = 0

    def parked_keys(self) -> set[bytes]:
        """The keys whose messages must wait because an earlier one does."""
        return {str(key).encode() for key in self._letters.distinct("key", {"group": self._group})}

    def put(self, records: Iterable[Any], error: str) -> None:
        """Puts these Kafka records aside in order; a record that is there already stays as it is."""
        writes: list[Any] = []
        for record in records:
            letter = self._document(record, error)
            writes.append(UpdateOne({"_id": letter.pop("_id")}, {"$setOnInsert": letter}, upsert=True))
        if writes:
            self._letters.bulk_write(writes, ordered=True)

    def _document(self, record: Any, error: str) -> Document:
        self._last_order = max(self._last_order + 1, time.time_ns())
        return {
            "_id": self._id(record),
            "group": self._group,
            "key": (record.key or b"").decode(errors="replace"),
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "headers": [[name, bytes(value or b"")] for name, value in record.headers],
            "value": record.value or b"",
            "error": error,
            "order": self._last_order,
            "at": now(),
            "tries": 1,
            "replay": False,
        }

    def _id(self, record: Any) -> str:
        """Names the message, not its offset: a broker that was rebuilt counts offsets anew."""
        message_id = dict(record.headers).get("ce_id")
        name = bytes(message_id) if message_id else b"%d/%d" % (record.partition, record.offset) + (record.value or b"")
        return hashlib.sha256(b"/".join((self._group.encode(), record.topic.encode(), name))).hexdigest()[:24]

    def requested(self) -> Iterator[list[DeadLetter]]:
        """The letters of each key that staff want to be tried again, in order."""
        for key in self._letters.distinct("key", {"group": self._group, "replay": True}):
            found = self._letters.find({"group": self._group, "key": key}).sort("order", 1)
            yield [_letter(document) for document in found]

    def resolve(self, letter: DeadLetter) -> None:
        """The letter was handled after all."""
        self._letters.delete_one({"_id": letter.id})

    def failed_again(self, letter: DeadLetter, error: str) -> None:
        """The letter stays; nothing is tried until staff ask once more."""
        self._letters.update_one({"_id": letter.id}, {"$set": {"error": error, "replay": False}, "$inc": {"tries": 1}})

    def count(self) -> int:
        return self._letters.count_documents({"group": self._group})


def _letter(document: Document) -> DeadLetter:
    return DeadLetter(
        id=document["_id"],
        key=document["key"].encode(),
        topic=document["topic"],
        partition=document["partition"],
        offset=document["offset"],
        headers=tuple((name, bytes(value)) for name, value in document["headers"]),
        value=bytes(document["value"]),
        requested=document["replay"],
    )
