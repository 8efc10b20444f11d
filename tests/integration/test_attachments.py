"""The store of files on a real database: sealed part by part, kept while a message names them, gone with the erased."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from pydantic import SecretStr, TypeAdapter
from pymongo import AsyncMongoClient
from pymongo.database import Database

from services.foundation.database import Document, open_database
from services.foundation.messages import now
from services.foundation.privacy import KeyVault, open_vault
from services.foundation.settings import Settings
from services.gateway.attachments import DATABASE, DOCUMENTS, MOST_WAITING, PART_BYTES, AttachmentKeeper, AttachmentStore
from services.gateway.problems import Problem
from services.gateway.sealed_twice import open_twice, seal_twice
from services.matching.contract import LONGEST_MESSAGE, MessagePosted, MessageWithdrawn, SealedBody
from services.profiles.contract import LONGEST_SEALED, ProfileErased
from tests.unit.recording import recorded
from tests.unit.story import NOW

pytestmark = pytest.mark.servers

T = TypeVar("T")
CONTENT = bytes(range(256)) * 5_000
CONTACT = "contact-1"


class Shelf:
    """The store, its keeper, and who writes: a company to a person."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.vault: KeyVault = open_vault(settings)
        self.person, self.company = f"person-{uuid4()}", f"company-{uuid4()}"
        for each in (self.person, self.company):
            self.vault.create(each)
        self.database: Database[Document] = open_database(settings, DATABASE, *DOCUMENTS)
        self.keeper = AttachmentKeeper(self.database)

    def run(self, ask: Callable[[AttachmentStore], Awaitable[T]]) -> T:
        async def whole() -> T:
            async with AsyncMongoClient[dict[str, Any]](self.settings.mongo_url) as mongo:
                return await ask(AttachmentStore(mongo[f"{self.settings.mongo_prefix}{DATABASE}"], self.vault))

        return asyncio.run(whole())

    def keep(self, data: bytes = CONTENT) -> Document:
        owners = [self.company, self.person]
        about = {"subject": CONTACT, "author": self.company, "role": "company", "owners": owners}
        return self.run(lambda store: store.keep(dict(about), "Angebot.pdf", "application/pdf", data))

    def content(self, document: Document) -> list[bytes | None]:
        async def read(store: AttachmentStore) -> list[bytes | None]:
            return [part async for part in store.content(document)]

        return self.run(read)

    def found(self, document: Document) -> Document | None:
        return self.run(lambda store: store.find(document["_id"]))

    def post(self, document: Document) -> None:
        file = {name: document[name] for name in ("name", "media_type", "size")} | {"attachment_id": document["_id"]}
        about = {"message_id": "message-1", "subject": CONTACT, "author": self.company, "role": "company"}
        posted = MessagePosted.model_validate(about | {"body": "sealed.v1.x", "language": "de", "attachments": (file,)})
        self.keeper.handle([recorded(posted, "thread-1")])

    def let_expire(self) -> None:
        for name in ("attachments", "parts"):
            past = {"$set": {"expires_at": now() - timedelta(seconds=1)}}
            self.database[name].update_many({"expires_at": {"$exists": True}}, past)


@pytest.fixture
def shelf(settings: Settings) -> Shelf:
    key = SecretStr(base64.b64encode(b"k" * 32).decode())
    return Shelf(settings.model_copy(update={"master_key": key}))


def test_a_file_comes_back_as_it_was_and_lies_sealed_in_small_parts(shelf: Shelf) -> None:
    kept = shelf.keep()
    assert b"".join(part or b"" for part in shelf.content(kept)) == CONTENT
    parts = [bytes(each["data"]) for each in shelf.database["parts"].find()]
    assert len(parts) == -(-len(CONTENT) // PART_BYTES)
    assert all(len(each) < 1_000_000 and CONTENT[:64] not in each for each in parts)
    assert "Angebot" not in str(list(shelf.database["attachments"].find()))


def test_a_part_that_was_moved_or_left_out_is_noticed(shelf: Shelf) -> None:
    kept = shelf.keep()
    first, second = (f"{kept['_id']}/{number:04d}" for number in (0, 1))
    parts = shelf.database["parts"]
    other = parts.find_one({"_id": second}) or {}
    parts.update_one({"_id": first}, {"$set": {"data": other["data"]}})
    assert shelf.content(kept) == [None]
    parts.delete_one({"_id": first})
    assert shelf.content(kept) == [None]


def test_what_no_message_names_expires_and_what_one_names_stays_also_when_it_is_told_twice(shelf: Shelf) -> None:
    named, orphan = shelf.keep(), shelf.keep()
    for _ in range(2):
        shelf.post(named)
    shelf.let_expire()
    assert shelf.found(orphan) is None
    assert shelf.found(named) is not None
    assert b"".join(part or b"" for part in shelf.content(named)) == CONTENT
    assert shelf.database["parts"].find_one({"attachment_id": named["_id"], "expires_at": {"$exists": True}}) is None
    expiring = [each for each in shelf.database["parts"].list_indexes() if "expireAfterSeconds" in each]
    assert [each["expireAfterSeconds"] for each in expiring] == [0]


def test_a_file_that_a_message_on_its_way_names_waits_for_it(shelf: Shelf) -> None:
    kept = shelf.keep()

    def claim(author: str, message: str) -> Document | None:
        return shelf.run(lambda store: store.claim(kept["_id"], CONTACT, author, message))

    assert claim(shelf.person, "message-1") is None
    assert claim(shelf.company, "message-1") is not None
    waits = [each["expires_at"] for name in ("attachments", "parts") for each in shelf.database[name].find()]
    assert min(waits) > now() + timedelta(days=7)
    shelf.post(kept)
    assert claim(shelf.company, "message-1") is not None
    assert claim(shelf.company, "message-2") is None
    assert shelf.database["parts"].find_one({"expires_at": {"$exists": True}}) is None
    shelf.let_expire()
    assert shelf.found(kept) is not None


def test_what_was_withdrawn_is_dropped_and_what_others_have_stays(shelf: Shelf) -> None:
    gone, other = shelf.keep(), shelf.keep()
    shelf.post(gone)
    for _ in range(2):
        shelf.keeper.handle([recorded(MessageWithdrawn(message_id="message-1"), "thread-1")])
    assert shelf.found(gone) is None
    assert {each["attachment_id"] for each in shelf.database["parts"].find()} == {other["_id"]}


@pytest.mark.parametrize("side", ["person", "company"])
def test_the_erased_take_all_files_with_them_that_they_or_others_sealed_for_them(shelf: Shelf, side: str) -> None:
    kept = shelf.keep()
    shelf.post(kept)
    erased = getattr(shelf, side)
    shelf.vault.destroy(erased)
    assert shelf.content(kept) == [None]
    shelf.keeper.handle([recorded(ProfileErased(kind=side, erasure_id="erasure-1", erased_at=NOW), erased)])
    assert list(shelf.database["attachments"].find()) == []
    assert list(shelf.database["parts"].find()) == []


def test_nobody_piles_up_files_that_no_message_names(shelf: Shelf) -> None:
    for _ in range(MOST_WAITING):
        shelf.keep(b"x")
    with pytest.raises(Problem) as problem:
        shelf.keep(b"x")
    assert problem.value.code == "uploads-pending"


def test_the_longest_message_and_name_fit_their_commands_when_they_are_sealed_twice(shelf: Shelf) -> None:
    owners = (shelf.company, shelf.person)
    body = seal_twice(shelf.vault, owners, "body", "\U0001f600" * LONGEST_MESSAGE)
    assert TypeAdapter(SealedBody).validate_python(body) == body
    assert len(seal_twice(shelf.vault, owners, "name", "\U0001f600" * 200)) < LONGEST_SEALED
    assert open_twice(shelf.vault, owners, "body", body) == "\U0001f600" * LONGEST_MESSAGE
    assert open_twice(shelf.vault, owners, "other", body) is None
    shelf.vault.destroy(shelf.company)
    assert open_twice(shelf.vault, owners, "body", body) is None
