"""Cursors: where a page ended, sealed, so that the name that a list is sorted by does not stand in an address.

A cursor belongs to one query. With another it does not open.
"""

import base64
import binascii
import os

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.gateway.problems import Problem
from services.gateway.search.finding import Place

NONCE_BYTES = 12
LONGEST = 2_000


class Cursors:
    """Writes and reads cursors with a key that follows from a secret that all instances have."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(HKDF(SHA256(), 32, None, b"bruecke search cursors").derive(secret.encode()))

    def write(self, place: Place, digest: str) -> str:
        """The cursor that continues after this place in the query with this digest."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, orjson.dumps(place), digest.encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, cursor: str, digest: str) -> Place:
        """Where to continue; raises a 400 problem for what was not given out for this query."""
        try:
            if len(cursor) > LONGEST:
                raise ValueError
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            key, id = orjson.loads(self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], digest.encode()))
        except (binascii.Error, ValueError, InvalidTag):
            detail = "take the cursor from `next` of the page before, with the same parameters"
            raise Problem(400, "bad-cursor", detail, field="cursor") from None
        return key, id
