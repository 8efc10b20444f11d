"""The collection of wrapped keys. Destroying keys needs no master key, so it can be done by whoever may write here."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import mongoengine
from pymongo.collection import Collection

from services.foundation.database import Document, open_database
from services.foundation.messages import now
from services.foundation.settings import Settings

VAULT = "vault"
CHUNK = 25
"""Keys read in one query: SecantusDB takes quadratic time over long ``$in`` lists."""


class KeyDocument(mongoengine.Document):
    """A wrapped key, or None where it was destroyed. ``master``: the fingerprint of the master key that wrapped it."""

    id = mongoengine.StringField(primary_key=True)
    key = mongoengine.BinaryField()
    master = mongoengine.StringField()
    made_at = mongoengine.DateTimeField()
    destroyed_at = mongoengine.DateTimeField()
    meta = {  # noqa: RUF012
        "collection": "keys",
        "auto_create_index": False,
        "indexes": [{"fields": ("destroyed_at",), "sparse": True}],
    }


class KeyStore:
    """The keys as they lie in the vault, wrapped."""

    def __init__(self, keys: Collection[Document]) -> None:
        self.keys = keys

    def destroy(self, owner: str) -> None:
        """Makes everything that was ever sealed for this owner unreadable. There is no way back, and no second key.

        Of a key that is destroyed already, the moment stays.
        """
        self.keys.update_one({"_id": owner}, {"$setOnInsert": {"key": None, "destroyed_at": now()}}, upsert=True)
        self.keys.update_one({"_id": owner, "key": {"$ne": None}}, {"$set": {"key": None, "destroyed_at": now()}})

    def destroy_all(self, owners: Iterable[str]) -> int:
        """Destroys the keys of these owners that are not destroyed yet; gives how many that were."""
        wanted, destroyed = list(dict.fromkeys(owners)), 0
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            gone = {each["_id"] for each in self.keys.find({"_id": {"$in": chunk}}) if each["key"] is None}
            for owner in chunk:
                if owner not in gone:
                    self.destroy(owner)
                    destroyed += 1
        return destroyed

    def destroyed_since(self, moment: datetime) -> Iterator[str]:
        """The owners whose keys were destroyed at this moment or later."""
        for document in self.keys.find({"destroyed_at": {"$gte": moment}}, {"_id": 1}):
            yield document["_id"]

    def found(self, owners: Sequence[str]) -> Iterator[Document]:
        """The documents of those of these owners that have one."""
        for start in range(0, len(owners), CHUNK):
            yield from self.keys.find({"_id": {"$in": list(owners[start : start + CHUNK])}})


def open_key_store(settings: Settings) -> KeyStore:
    """The vault's collection, in a database of its own. Waits for a database that is not there yet."""
    return KeyStore(open_database(settings, VAULT, KeyDocument)["keys"])
