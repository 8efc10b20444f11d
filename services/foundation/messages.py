"""Messages: events, commands, and the envelope that carries them.

An event says what happened and is never refused or changed; a command asks for something and may be refused. Both are frozen
pydantic models with an explicit, versioned type name. Who, when and why stand in the envelope, apart from the data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson
from pydantic import BaseModel, ConfigDict


class UnknownMessageType(Exception):
    """No service in this process knows a message of this type."""


class Message(BaseModel):
    """Base of events and commands; ``TYPE`` is the stored name, e.g. ``profiles.ProfileCreated.v1``."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    TYPE: ClassVar[str] = ""

    def __init_subclass__(cls, *, type: str = "", **_: Any) -> None:
        super().__init_subclass__()
        if type:
            if type in _types:
                raise TypeError(f"two messages are called {type}")
            cls.TYPE = type
            _types[type] = cls

    def to_json(self) -> bytes:
        return self.__pydantic_serializer__.to_json(self)


class Event(Message):
    """A fact. What was once written can always be read: unknown fields are ignored, and no field carries a limit."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Command(Message):
    """A wish. Limits and formats are checked here; a field that the command does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_types: dict[str, type[Message]] = {}

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
_upcasters: dict[str, tuple[str, Upcaster]] = {}


def upcaster(old: str, new: str) -> Callable[[Upcaster], Upcaster]:
    """Registers a function that lifts the data of type ``old`` to that of type ``new``; lifts are chained."""

    def register(lift: Upcaster) -> Upcaster:
        if old in _types:
            raise TypeError(f"{old} is a current type and cannot be lifted")
        _upcasters[old] = (new, lift)
        return lift

    return register


def read(type_name: str, data: bytes | str) -> Message:
    """The message of this stored type and JSON data.

    Raises UnknownMessageType for a type that nobody registered and pydantic.ValidationError for data that does not fit.
    """
    known = _types.get(type_name)
    if known is not None:
        return known.__pydantic_validator__.validate_json(data)  # type: ignore[no-any-return]
    if type_name not in _upcasters:
        raise UnknownMessageType(f"message type {type_name!r} is not known here")
    fields = orjson.loads(data)
    while type_name in _upcasters:
        type_name, lift = _upcasters[type_name]
        fields = lift(fields)
    return read(type_name, orjson.dumps(fields))


def registered_types() -> Mapping[str, type[Message]]:
    """Every message type that was imported into this process, by its stored name."""
    return dict(_types)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is behind a command: an opaque id (never a name or an address) and a role."""

    id: str
    role: str

    def __str__(self) -> str:
        return f"{self.role}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        role, _, id = text.partition(":")
        return cls(id=id, role=role)


SYSTEM = Actor(id="bruecke", role="system")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known about a message beside its data (CloudEvents 1.0 attributes and Brücke's extensions).

    ``stream`` is the subject and the Kafka key. Of an event, ``version`` is its place in the stream (from 1) and ``position``
    the place of its commit in ``partition`` (from 1), which is the same in the store and on the topic. Of a command,
    ``reply_to`` names the instance that waits for the outcome and ``expected_version`` the version that the sender has seen.
    """

    id: str
    stream: str
    source: str
    time: datetime
    actor: Actor
    correlation_id: str
    causation_id: str = ""
    traceparent: str = ""
    version: int = 0
    position: int = 0
    partition: int = 0
    reply_to: str = ""
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event or command together with its envelope."""

    message: Message
    envelope: Envelope = field(repr=False)

    @property
    def stream(self) -> str:
        return self.envelope.stream


def now() -> datetime:
    """The present moment in UTC, in whole milliseconds as the database keeps them. Called at the edges: no aggregate reads a
    clock."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
