"""The Idempotency-Key: the same key and request get the first answer again, another request under that key is refused.

While the first request is still under way, the second sends the same command with the same id and waits with it. Answers are
kept for a day; those that may hold personal data are sealed with the key of the profile that they are about.
"""

import asyncio
import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.foundation.messages import now
from services.foundation.privacy import KeyMissing, KeyVault
from services.gateway.problems import Problem

SEALED_FIELD = "answer"
IDEMPOTENCY_OWNER = "secret-of-idempotency"
"""The name under which the vault keeps the secret of the fingerprints, so that a new master key does not change them: what was
carried out before it is recognised after it."""
PERSONAL_CATEGORIES = ("person-", "company-", "partner-", "referral-", "prospect-")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status, headers, and the body as text. ``stream``: whom it is about; ``owners``: with whose keys it is
    sealed, one after the other, where that is not the key of whom it is about."""

    status: int
    headers: dict[str, str]
    body: str
    stream: str
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to carry out one request: the id of its command, and the answer where there is one already."""

    command_id: str
    record: str = ""
    answer: Answer | None = field(default=None, repr=False)

    @classmethod
    def fresh(cls) -> "Ticket":
        """The ticket of a request without a key."""
        return cls(str(uuid4()))


class Idempotency:
    """Collection ``requests``: {_id: digest of caller and key, fingerprint, command_id, created_at, answer}"""

    def __init__(self, database: AsyncDatabase[dict[str, Any]], vault: KeyVault, secret: bytes) -> None:
        self._requests = database["requests"]
        self._vault = vault
        self._secret = secret

    async def claim(self, caller: str, key: str, request: bytes) -> Ticket:
        """The ticket for this caller's key. ``request``: method, expected version, path and body.

        Raises a 422 problem for another request.
        """
        record, fingerprint = self._digest(caller.encode() + b"\0" + key.encode()), self._digest(request)
        command_id = str(uuid4())
        fresh = {"_id": record, "fingerprint": fingerprint, "command_id": command_id, "created_at": now(), "answer": None}
        try:
            await self._requests.insert_one(fresh)
        except DuplicateKeyError:
            return await self._recall(record, fingerprint, command_id)
        return Ticket(command_id, record)

    async def settle(self, ticket: Ticket, answer: Answer) -> None:
        """Keeps the first answer to this ticket."""
        if not ticket.record:
            return
        try:
            body = await asyncio.to_thread(self._seal, answer)
        except KeyMissing:
            return  # nothing may be kept of someone who was erased
        kept = {"status": answer.status, "headers": answer.headers, "body": body, "stream": answer.stream}
        kept["owners"] = list(answer.owners)
        await self._requests.update_one({"_id": ticket.record, "answer": None}, {"$set": {"answer": kept}})

    async def _recall(self, record: str, fingerprint: str, fallback: str) -> Ticket:
        found = await self._requests.find_one({"_id": record})
        if found is None:
            return Ticket(fallback)  # it expired between the two looks
        if not hmac.compare_digest(found["fingerprint"], fingerprint):
            raise Problem(422, "idempotency-key-reused", "this key was used for another request", field="Idempotency-Key")
        return Ticket(found["command_id"], record, await asyncio.to_thread(self._open, found["answer"]))

    def _seal(self, answer: Answer) -> str:
        body = answer.body
        for owner in answer.owners or _owner_of(answer.stream):
            body = self._vault.seal(owner, SEALED_FIELD, body)
        return body

    def _open(self, kept: dict[str, Any] | None) -> Answer | None:
        if kept is None:
            return None
        body, stream, owners = kept["body"], kept["stream"], tuple(kept.get("owners", ()))
        for owner in reversed(owners or _owner_of(stream)):
            body = self._vault.open(owner, SEALED_FIELD, body)
            if body is None:
                raise KeyMissing(owner)
        return Answer(kept["status"], kept["headers"], body, stream, owners)

    def _digest(self, data: bytes) -> str:
        """Keyed, so that nobody can guess a body from its fingerprint."""
        return hmac.new(self._secret, data, sha256).hexdigest()


def _owner_of(stream: str) -> tuple[str, ...]:
    return (stream,) if stream.startswith(PERSONAL_CATEGORIES) else ()
