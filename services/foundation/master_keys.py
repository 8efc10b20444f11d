"""The master key: it wraps the keys of persons. Each wrapped key says by a fingerprint which master key it was wrapped with, so
that the master key can be rotated: wrapped keys are opened with the present or the previous one, and wrapped with the present.
"""

import base64
import binascii
import hmac
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from services.foundation.faults import PassingFault
from services.foundation.settings import Settings, SettingWrong

_NONCE_BYTES = 12
_TAG_BYTES = 16


class SealBroken(Exception):
    """A sealed text that was changed, or that belongs to another person or field."""


class MasterKeyUnknown(PassingFault):
    """A key was wrapped with a master key that this process was not given: it is being rotated, or a setting is wrong."""


@dataclass(frozen=True, slots=True, repr=False)
class _MasterKey:
    id: str
    cipher: AESGCM


@dataclass(frozen=True, slots=True, repr=False)
class MasterKeys:
    """The present master key and, while it is being rotated, the previous one."""

    present: _MasterKey
    previous: tuple[_MasterKey, ...] = field(default=())

    @classmethod
    def of(cls, present: bytes, previous: bytes = b"") -> "MasterKeys":
        return cls(_master_key(present), (_master_key(previous),) if previous else ())

    @property
    def id(self) -> str:
        """The fingerprint of the present key; it tells nothing about the key."""
        return self.present.id

    def wrap(self, owner: str, raw: bytes) -> dict[str, Any]:
        """The fields of a key's document: the wrapped key, and which master key wrapped it."""
        return {"key": encrypt(self.present.cipher, raw, owner), "master": self.present.id}

    def unwrap(self, document: dict[str, Any]) -> bytes:
        """The key in a document that has one. Raises MasterKeyUnknown, or SealBroken where it was changed."""
        owner, wrapped, id = document["_id"], bytes(document["key"]), document.get("master")
        known = (self.present, *self.previous)
        if id is None:  # wrapped before keys said so
            return _first_that_opens(known, wrapped, owner)
        for each in known:
            if each.id == id:
                return decrypt(each.cipher, wrapped, owner)
        raise MasterKeyUnknown(f"{owner} has a key that was wrapped with master key {id}, which is not known here")


def _first_that_opens(known: tuple[_MasterKey, ...], wrapped: bytes, owner: str) -> bytes:
    for each in known:
        try:
            return decrypt(each.cipher, wrapped, owner)
        except SealBroken:
            continue
    raise SealBroken("a wrapped key was changed, or no master key that is known here wrapped it")


def fingerprint(key: bytes) -> str:
    """16 hexadecimal digits that name a master key without telling it."""
    return hmac.digest(key, b"bruecke master key", "sha256").hex()[:16]


def master_keys(settings: Settings) -> MasterKeys:
    """The master keys of this process. Raises SettingWrong where one is not 32 bytes of base64."""
    previous = settings.master_key_previous
    return MasterKeys.of(
        decoded("BRUECKE_MASTER_KEY", settings.master_key),
        decoded("BRUECKE_MASTER_KEY_PREVIOUS", previous) if previous.get_secret_value() else b"",
    )


def decoded(name: str, secret: SecretStr) -> bytes:
    """The 32 bytes of a key that is written in base64. Raises SettingWrong, which names the setting."""
    try:
        key = base64.b64decode(secret.get_secret_value(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise SettingWrong(f"{name} must be 32 bytes in base64")
    return key


def encrypt(key: AESGCM, data: bytes, context: str, nonce: bytes = b"") -> bytes:
    """Under a fresh nonce, or under one that follows from all that is encrypted, so that it is the same for the same only."""
    nonce = nonce[:_NONCE_BYTES] or os.urandom(_NONCE_BYTES)
    return nonce + key.encrypt(nonce, data, context.encode())


def decrypt(key: AESGCM, data: bytes, context: str) -> bytes:
    """Raises SealBroken."""
    if len(data) < _NONCE_BYTES + _TAG_BYTES:
        raise SealBroken("a sealed text is too short")
    try:
        return key.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], context.encode())
    except InvalidTag:
        raise SealBroken("a sealed text was changed or belongs elsewhere") from None


def _master_key(key: bytes) -> _MasterKey:
    return _MasterKey(fingerprint(key), AESGCM(key))
