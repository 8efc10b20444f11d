"""Personal data: sealed with a key of that person alone, unreadable for good once the key is destroyed.

AES-256-GCM. The stream id and the field name are authenticated with the text, so that a sealed text cannot be moved to another
person or field. The keys are wrapped by the master key and kept in a database of their own, which matching never opens. Only
what leads back to a person is sealed; see DESIGN.md, "Personal data".
"""

import base64
import binascii
import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.foundation.database import Document
from services.foundation.key_store import KeyStore, open_key_store
from services.foundation.master_keys import MasterKeys, MasterKeyUnknown, SealBroken, decrypt, encrypt, master_keys
from services.foundation.messages import now
from services.foundation.settings import Settings

__all__ = ["PREFIX", "KeyMissing", "KeyVault", "MasterKeyUnknown", "SealBroken", "open_vault"]

PREFIX = "sealed.v1."
LOOK_SECONDS = 0.5
"""How long at most a key that another process destroyed is used here before it is noticed."""
CLOCKS_APART = timedelta(seconds=10)
"""By how much the clocks of two processes may differ without a destroyed key being overlooked."""


class KeyMissing(Exception):
    """There is no key to seal with: it was never made, or it was destroyed."""


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

    ``remember_seconds`` is how long a key is kept in memory; one that another process destroys is forgotten within a second.
    """

    def __init__(self, store: KeyStore, master: MasterKeys, remember: int = 20_000, remember_seconds: float = 60.0) -> None:
        self._store = store
        self._master = master
        self._remember = remember
        self._remember_seconds = remember_seconds
        self._known: OrderedDict[str, tuple[float, _Key | None]] = OrderedDict()
        self._looked_at = now()
        self._next_look = 0.0
        self._lock = threading.Lock()

    def create(self, owner: str) -> None:
        """Makes the key of this stream id. One that is there, or was destroyed, stays as it is."""
        fresh = {**self._master.wrap(owner, AESGCM.generate_key(256)), "made_at": now()}
        self._store.keys.update_one({"_id": owner}, {"$setOnInsert": fresh}, upsert=True)
        self._forget([owner])

    def seal(self, owner: str, field: str, text: str) -> str:
        """The text, encrypted for this owner and field; nothing stays nothing. Raises KeyMissing."""
        if not text:
            return ""
        return _encoded(encrypt(self._key_at_hand(owner).cipher, text.encode(), f"{owner}/{field}"))

    def seal_bytes(self, owner: str, field: str, data: bytes) -> bytes:
        """The same for a part of a file. Raises KeyMissing."""
        return encrypt(self._key_at_hand(owner).cipher, data, f"{owner}/{field}")

    def open_bytes(self, owner: str, field: str, sealed: bytes) -> bytes | None:
        """The part again, or None where the key was destroyed. Raises SealBroken."""
        key = self._key(owner)
        return None if key is None else decrypt(key.cipher, sealed, f"{owner}/{field}")

    def seal_words(self, owner: str, field: str, text: str) -> str:
        """The same, and always the same for the same text: whoever says something twice is understood to have said it once. It
        shows that two texts of one owner and field are equal, so it is for what staff write, not for names and addresses."""
        if not text:
            return ""
        key, context = self._key_at_hand(owner), f"{owner}/{field}"
        nonce = hmac.digest(key.digesting, f"nonce\0{context}\0{text}".encode(), "sha256")
        return _encoded(encrypt(key.cipher, text.encode(), context, nonce))

    def fingerprint(self, owner: str, text: str) -> str:
        """64 hexadecimal digits by which equal texts of one owner are told from others. Without the key it says nothing, so
        it may be kept when the owner is erased. Raises KeyMissing."""
        return hmac.digest(self._key_at_hand(owner).digesting, text.encode(), "sha256").hex()

    def secret(self, owner: str) -> bytes:
        """A secret of the house that is kept here under this reserved name; made when it is first asked for. It survives a
        rotation of the master key."""
        self.create(owner)
        return hmac.digest(self._key_at_hand(owner).digesting, b"secret", "sha256")

    def open(self, owner: str, field: str, sealed: str) -> str | None:
        """The text again, or None where the key was destroyed. Raises SealBroken."""
        if not sealed:
            return ""
        key = self._key(owner)
        return None if key is None else decrypt(key.cipher, _decode(sealed), f"{owner}/{field}").decode()

    def prefetch(self, owners: Iterable[str]) -> None:
        """Reads the keys of many owners at once."""
        self._look_for_destroyed()
        with self._lock:
            wanted = [owner for owner in dict.fromkeys(owners) if self._recall(owner) is None]
        for document in self._store.found(wanted):
            self._learn(document["_id"], document)

    def destroy(self, owner: str) -> None:
        """Makes everything that was ever sealed for this owner unreadable. There is no way back."""
        self._store.destroy(owner)
        self._forget([owner])

    def _key_at_hand(self, owner: str) -> _Key:
        key = self._key(owner)
        if key is None:
            raise KeyMissing(f"{owner} has no key")
        return key

    def _key(self, owner: str) -> _Key | None:
        self._look_for_destroyed()
        with self._lock:
            recalled = self._recall(owner)
        if recalled is not None:
            return recalled[1]
        return self._learn(owner, self._store.keys.find_one({"_id": owner}))

    def _look_for_destroyed(self) -> None:
        """Forgets what others have destroyed since the last look. While the database is away, no key is used at all."""
        with self._lock:
            if time.monotonic() < self._next_look:
                return
            before = self._looked_at
        looked_at: datetime = now()
        destroyed = list(self._store.destroyed_since(before - CLOCKS_APART))
        self._forget(destroyed)
        with self._lock:
            self._looked_at, self._next_look = looked_at, time.monotonic() + LOOK_SECONDS

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
        key = None if document["key"] is None else _Key.of(self._master.unwrap(document))
        with self._lock:
            self._known[owner] = (time.monotonic() + self._remember_seconds, key)
            self._known.move_to_end(owner)
            while len(self._known) > self._remember:
                self._known.popitem(last=False)
        return key

    def _forget(self, owners: Iterable[str]) -> None:
        with self._lock:
            for owner in owners:
                self._known.pop(owner, None)


def open_vault(settings: Settings) -> KeyVault:
    """The vault in its own database. Raises SettingWrong for a master key that is not 32 bytes of base64."""
    master = master_keys(settings)
    return KeyVault(open_key_store(settings), master)


def _encoded(sealed: bytes) -> str:
    return PREFIX + base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _decode(sealed: str) -> bytes:
    body = sealed.removeprefix(PREFIX)
    if body == sealed:
        raise SealBroken("a text is not sealed")
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        raise SealBroken("a sealed text is not base64") from None
