"""Commands that were answered with 202: kept until they are settled, so that one can ask how they ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.foundation.messages import Actor, Command, Envelope, now, read
from services.foundation.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class LoggedCommand:
    """A command as it was sent, with personal data sealed, and how it ended, if it has."""

    command: Command
    stream: str
    actor: Actor
    expected_version: int | None
    correlation_id: str
    outcome: Outcome | None


class CommandLog:
    """Collection ``commands``: {_id: command id, type, data, stream, actor, …, outcome}"""

    def __init__(self, database: AsyncDatabase[dict[str, Any]]) -> None:
        self._commands = database["commands"]

    async def note(self, envelope: Envelope, command: Command, outcome: Outcome | None = None) -> None:
        """Keeps a command that its sender will ask about. One that is kept already stays as it is."""
        fields = {
            "type": command.TYPE,
            "data": command.to_json().decode(),
            "stream": envelope.stream,
            "actor": str(envelope.actor),
            "expected_version": envelope.expected_version,
            "correlation_id": envelope.correlation_id,
            "created_at": now(),
            "outcome": outcome.model_dump() if outcome else None,
        }
        await self._commands.update_one({"_id": envelope.id}, {"$setOnInsert": fields}, upsert=True)

    async def settle(self, outcome: Outcome) -> None:
        """Keeps the outcome of a command that nobody waits for, if somebody may ask about it."""
        await self._commands.update_one({"_id": outcome.command_id}, {"$set": {"outcome": outcome.model_dump()}})

    async def find(self, command_id: str) -> LoggedCommand | None:
        document = await self._commands.find_one({"_id": command_id})
        return _logged(document) if document else None


def _logged(document: Mapping[str, Any]) -> LoggedCommand:
    command = read(document["type"], document["data"])
    if not isinstance(command, Command):
        raise TypeError(f"{document['type']} is no command")
    return LoggedCommand(
        command=command,
        stream=document["stream"],
        actor=Actor.parse(document["actor"]),
        expected_version=document["expected_version"],
        correlation_id=document["correlation_id"],
        outcome=Outcome.model_validate(document["outcome"]) if document["outcome"] else None,
    )
