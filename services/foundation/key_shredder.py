"""Destroying keys without being able to use them: whoever decides that something is forgotten needs no master key for it."""

from typing import Any

from nameko.extensions import DependencyProvider
from pymongo import MongoClient
from pymongo.collection import Collection

from services.foundation.database import DURABLE, Document
from services.foundation.messages import now
from services.foundation.settings import Settings


class KeyShredder:
    """Opens the vault's collection and can unwrap nothing in it."""

    def __init__(self, keys: Collection[Document]) -> None:
        self._keys = keys

    def destroy(self, owner: str) -> None:
        """Makes everything that was ever sealed for this owner unreadable. There is no way back, and no second key."""
        self._keys.update_one({"_id": owner}, {"$setOnInsert": {"key": None, "destroyed_at": now()}}, upsert=True)
        self._keys.update_one({"_id": owner, "key": {"$ne": None}}, {"$set": {"key": None, "destroyed_at": now()}})


def open_shredder(settings: Settings) -> KeyShredder:
    """The shredder over the vault's database."""
    client: MongoClient[Document] = MongoClient(settings.mongo_url, tz_aware=True, serverSelectionTimeoutMS=5_000)
    return KeyShredder(client[f"{settings.mongo_prefix}vault"].get_collection("keys", write_concern=DURABLE))


class Shredder(DependencyProvider):
    """nameko: provides a KeyShredder."""

    def __init__(self) -> None:
        self._shredder: KeyShredder | None = None

    def setup(self) -> None:
        self._shredder = open_shredder(self.container.config["settings"])

    def get_dependency(self, worker_ctx: Any) -> KeyShredder | None:
        return self._shredder
