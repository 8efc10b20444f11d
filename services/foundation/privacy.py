"""Personal data: sealed with a key of that person alone, unreadable for good once the key is destroyed.

AES-256-GCM. The stream id and the field name are authenticated with the text, so that a sealed text cannot be moved to another
person or field. The keys are wrapped by the master key and kept in a database of their own, which matching never opens. Only
what leads back to a person is sealed; see DESIGN.md, "Personal data".
"""

import base64
import binascii
import hmac
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pymongo import MongoClient
from pymongo.collection import Collection

from services.foundation.database import DURABLE, Document
from services.foundation.messages import now
from services.foundation.settings import Settings, SettingWrong

PREFIX = "sealed.v1."
CHUNK = 25
"""Keys read in one query: SecantusDB takes quadratic time over long ``$in`` lists."""

_NONCE_BYTES = 12
_TAG_BYTES = 16


class KeyMissing(Exception):
    """There is no key to seal with: it was never made, or it was destroyed."""


class SealBroken(Exception):
    """A sealed text that was changed, or that belongs to another person or field."""


@dataclass(frozen=True, slots=True)
class _Key:
    """What is done with one owner's key: texts are sealed, and digests are made with a key that follows from it."""

    cipher: AESGCM
    digesting: bytes

    @classmethod
    def of(cls, raw: bytes) -> "_Key":
        return cls(AESGCM(raw), hmac.digest(raw, b"fingerprint", "sha256"))


class KeyVault:
    """The keys of people, companies, partners and referrals. Safe to use from several threads.

    ``remember_seconds`` is how long a key that another process destroyed may still be used here.
    """

    def __init__(
        self, collection: Collection[Document], master_key: bytes, remember: int = 20_000, remember_seconds: float = 60.0
    ) -> None:
        self._keys = collection
        self._master = AESGCM(master_key)
        self._remember = remember
        self._remember_seconds = remember_seconds
        self._known: OrderedDict[str, tuple[float, _Key | None]] = OrderedDict()
        self._lock = threading.Lock()

    def create(self, owner: str) -> None:
        """Makes the key of this stream id. One that is there, or was destroyed, stays as it is."""
        wrapped = _encrypt(self._master, AESGCM.generate_key(256), owner)
        self._keys.update_one({"_id": owner}, {"$setOnInsert": {"key": wrapped, "made_at": now()}}, upsert=True)
        self._forget(owner)

    def seal(self, owner: str, field: str, text: str) -> str:
        """The text, encrypted for this owner and field; nothing stays nothing. Raises KeyMissing."""
        if not text:
            return ""
        sealed = _encrypt(self._key_at_hand(owner).cipher, text.encode(), f"{owner}/{field}")
        return PREFIX + base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def fingerprint(self, owner: str, text: str) -> str:
        """64 hexadecimal digits by which equal texts of one owner are told from others. Without the key it says nothing, so
        it may be kept when the owner is erased. Raises KeyMissing."""
        return hmac.digest(self._key_at_hand(owner).digesting, text.encode(), "sha256").hex()

    def open(self, owner: str, field: str, sealed: str) -> str | None:
        """The text again, or None where the key was destroyed. Raises SealBroken."""
        if not sealed:
            return ""
        key = self._key(owner)
        return None if key is None else _decrypt(key.cipher, _decode(sealed), f"{owner}/{field}").decode()

    def prefetch(self, owners: Iterable[str]) -> None:
        """Reads the keys of many owners at once."""
        with self._lock:
            wanted = [owner for owner in dict.fromkeys(owners) if self._recall(owner) is None]
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            found = {document["_id"]: document for document in self._keys.find({"_id": {"$in": chunk}})}
            for owner in chunk:
                self._learn(owner, found.get(owner))

    def destroy(self, owner: str) -> None:
        """Makes everything that was ever sealed for this owner unreadable. There is no way back."""
        self._keys.update_one({"_id": owner}, {"$set": {"key": None, "destroyed_at": now()}}, upsert=True)
        self._forget(owner)

    def _key_at_hand(self, owner: str) -> _Key:
        key = self._key(owner)
        if key is None:
            raise KeyMissing(f"{owner} has no key")
        return key

    def _key(self, owner: str) -> _Key | None:
        with self._lock:
            recalled = self._recall(owner)
        if recalled is not None:
            return recalled[1]
        return self._learn(owner, self._keys.find_one({"_id": owner}))

    def _recall(self, owner: str) -> tuple[float, _Key | None] | None:
        entry = self._known.get(owner)
        if entry is None or entry[0] < time.monotonic():
            return None
        self._known.move_to_end(owner)
        return entry

    def _learn(self, owner: str, document: Document | None) -> _Key | None:
        """A key that does not exist is not remembered: it may be made at any moment."""
        if document is None:
            return None
        wrapped = document["key"]
        key = None if wrapped is None else _Key.of(_decrypt(self._master, bytes(wrapped), owner))
        with self._lock:
            self._known[owner] = (time.monotonic() + self._remember_seconds, key)
            self._known.move_to_end(owner)
            while len(self._known) > self._remember:
                self._known.popitem(last=False)
        return key

    def _forget(self, owner: str) -> None:
        with self._lock:
            self._known.pop(owner, None)


def open_vault(settings: Settings) -> KeyVault:
    """The vault in its own database. Raises SettingWrong for a master key that is not 32 bytes of base64."""
    client: MongoClient[Document] = MongoClient(settings.mongo_url, tz_aware=True, serverSelectionTimeoutMS=5_000)
    keys = client[f"{settings.mongo_prefix}vault"].get_collection("keys", write_concern=DURABLE)
    return KeyVault(keys, master_key(settings))


def master_key(settings: Settings) -> bytes:
    """The master key of this process. Raises SettingWrong where it is not 32 bytes of base64."""
    try:
        key = base64.b64decode(settings.master_key.get_secret_value(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise SettingWrong("BRUECKE_MASTER_KEY must be 32 bytes in base64")
    return key


def _encrypt(key: AESGCM, data: bytes, context: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + key.encrypt(nonce, data, context.encode())


def _decrypt(key: AESGCM, data: bytes, context: str) -> bytes:
    if len(data) < _NONCE_BYTES + _TAG_BYTES:
        raise SealBroken("a sealed text is too short")
    try:
        return key.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], context.encode())
    except InvalidTag:
        raise SealBroken("a sealed text was changed or belongs elsewhere") from None


def _decode(sealed: str) -> bytes:
    body = sealed.removeprefix(PREFIX)
    if body == sealed:
        raise SealBroken("a text is not sealed")
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        raise SealBroken("a sealed text is not base64") from None
