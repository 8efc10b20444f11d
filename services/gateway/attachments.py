"""The files beside messages: a store of its own in a database of its own, for no event holds their content.

It is no view: it is never rebuilt, and it is backed up. Content and name are sealed like the message. A file waits a day for
the message that names it; then it expires.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import mongoengine
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.database import Database

from services.foundation.messages import Recorded, now
from services.foundation.privacy import KeyVault
from services.gateway.documents import COMMAND_SECONDS
from services.gateway.imports.berths import Berths
from services.gateway.problems import Problem
from services.gateway.sealed_twice import open_part_twice, seal_part_twice, seal_twice
from services.matching.contract import MessageHidden, MessagePosted, MessageWithdrawn
from services.profiles.contract import ProfileErased

DATABASE = "attachments"
WAITS = timedelta(days=1)
WAITS_FOR_COMMAND = timedelta(seconds=COMMAND_SECONDS)
SOON = timedelta(minutes=10)
"""A file that expires within that is not taken into a message any more."""
PART_BYTES = 512_000
MOST_WAITING = 20
UPLOADS_AT_ONCE = 8

Document = dict[str, Any]


class AttachmentDocument(mongoengine.DynamicDocument):
    """{_id, subject, author, role, owners, name: sealed, media_type, size, parts, created_at, message_id, expires_at}"""

    id = mongoengine.StringField(primary_key=True)
    expires_at = mongoengine.DateTimeField()
    meta = {  # noqa: RUF012
        "collection": "attachments",
        "auto_create_index": False,
        "indexes": [{"fields": ("expires_at",), "expireAfterSeconds": 0}, ("owners",), ("message_id",), ("author",)],
    }


class AttachmentPartDocument(mongoengine.DynamicDocument):
    """{_id: attachment/number, attachment_id, data: sealed, expires_at}"""

    id = mongoengine.StringField(primary_key=True)
    expires_at = mongoengine.DateTimeField()
    meta = {  # noqa: RUF012
        "collection": "parts",
        "auto_create_index": False,
        "indexes": [{"fields": ("expires_at",), "expireAfterSeconds": 0}, ("attachment_id",)],
    }


DOCUMENTS = (AttachmentDocument, AttachmentPartDocument)


class AttachmentStore:
    """Takes files and gives them out again. Belongs to one event loop."""

    def __init__(self, database: AsyncDatabase[Document], vault: KeyVault) -> None:
        self._attachments = database["attachments"]
        self._parts = database["parts"]
        self._vault = vault
        self.berths = Berths(UPLOADS_AT_ONCE, "uploads")

    async def keep(self, about: Document, name: str, media_type: str, data: bytes) -> Document:
        """Seals this file and keeps it for a day. ``about``: {subject, author, role, owners}.

        Raises KeyMissing, and a 409 problem where too many files of this author wait already.
        """
        waiting = {"author": about["author"], "message_id": None, "expires_at": {"$gt": now()}}
        if await self._attachments.count_documents(waiting) >= MOST_WAITING:
            raise Problem(409, "uploads-pending", f"{MOST_WAITING} files wait for a message already; write one, or wait a day")
        id, moment = f"attachment-{uuid4()}", now()
        sealed_name, parts = await asyncio.to_thread(self._sealed, id, about["owners"], name, data)
        document = {"_id": id, **about, "name": sealed_name, "media_type": media_type, "size": len(data), "parts": len(parts)}
        document |= {"created_at": moment, "message_id": None, "expires_at": moment + WAITS}
        for number, part in enumerate(parts):
            kept = {"_id": f"{id}/{number:04d}", "attachment_id": id, "data": part, "expires_at": moment + WAITS}
            await self._parts.insert_one(kept)
        await self._attachments.insert_one(document)
        return document

    async def find(self, id: str) -> Document | None:
        """What is known of this file, unless it has expired."""
        document = await self._attachments.find_one({"_id": id})
        return None if document is None or _expires(document, timedelta(0)) else document

    async def claim(self, id: str, subject: str, author: str, message_id: str) -> Document | None:
        """This file of this author, if it still waits here for a message, or has come with this one.

        It waits longer then: the message may be on its way for as long as a command is kept.
        """
        wanted = {"_id": id, "subject": subject, "author": author, "message_id": {"$in": [None, message_id]}}
        document = await self._attachments.find_one(wanted)
        if document is None or _expires(document, SOON):
            return None
        for collection, which in ((self._parts, {"attachment_id": id}), (self._attachments, {"_id": id})):
            waits = {"$set": {"expires_at": now() + WAITS_FOR_COMMAND}}
            await collection.update_many({**which, "expires_at": {"$exists": True}}, waits)
        return document

    async def content(self, document: Document) -> AsyncIterator[bytes | None]:
        """The file part by part; None in place of what cannot be read any more, and then nothing further."""
        for number in range(document["parts"]):
            id = f"{document['_id']}/{number:04d}"
            kept = await self._parts.find_one({"_id": id})
            part = await asyncio.to_thread(self._opened, document, number, kept) if kept else None
            yield part
            if part is None:
                return

    def _sealed(self, id: str, owners: Sequence[str], name: str, data: bytes) -> tuple[str, list[bytes]]:
        pieces = [data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)]
        parts = [
            seal_part_twice(self._vault, owners, part_field(id, number, len(pieces)), piece)
            for number, piece in enumerate(pieces)
        ]
        return seal_twice(self._vault, owners, name_field(id), name), parts

    def _opened(self, document: Document, number: int, kept: Document) -> bytes | None:
        field = part_field(document["_id"], number, document["parts"])
        return open_part_twice(self._vault, document["owners"], field, bytes(kept["data"]))


def name_field(id: str) -> str:
    """The field under which the name of this file is sealed: it cannot be given to another file."""
    return f"name of {id}"


def part_field(id: str, number: int, count: int) -> str:
    """The same for a part: it cannot be moved, and none can be left out."""
    return f"part {number} of {count} of {id}"


class AttachmentKeeper:
    """Follows messages and erasures: what a message names stays, what was withdrawn, hidden or erased goes.

    All of it may be done again.
    """

    def __init__(self, database: Database[Document]) -> None:
        self._attachments = database["attachments"]
        self._parts = database["parts"]

    def handle(self, recorded: Sequence[Recorded]) -> None:
        for each in recorded:
            match each.message:
                case MessagePosted() as posted:
                    for attachment in posted.attachments:
                        self._settle(attachment.attachment_id, posted.message_id)
                case MessageWithdrawn() | MessageHidden() as gone:
                    self._drop({"message_id": gone.message_id})
                case ProfileErased():
                    self._drop({"owners": each.stream})

    def _settle(self, id: str, message_id: str) -> None:
        self._parts.update_many({"attachment_id": id}, {"$unset": {"expires_at": ""}})
        self._attachments.update_one({"_id": id}, {"$set": {"message_id": message_id}, "$unset": {"expires_at": ""}})

    def _drop(self, which: Document) -> None:
        """The content first: what is left by a crash in between is found again."""
        for document in list(self._attachments.find(which, {"_id": 1})):
            self._parts.delete_many({"attachment_id": document["_id"]})
            self._attachments.delete_one({"_id": document["_id"]})


def _expires(document: Document, within: timedelta) -> bool:
    expires_at = document.get("expires_at")
    return expires_at is not None and expires_at.replace(tzinfo=None) <= (now() + within).replace(tzinfo=None)
