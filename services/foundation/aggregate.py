"""Aggregates decide: from what has happened in one stream and a command, to the events that follow or a refusal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4, uuid5

from services.foundation.messages import Actor, Command, Event, Message

NAMESPACE = UUID("6f0b8f0e-5a44-5d0b-9a53-1f6d1d0c7a10")
"""The uuid5 namespace from which Brücke derives the ids of what must be unique across streams."""


class Refusal(Exception):
    """A command that the rules do not allow. Subclasses are business sentences: ``ContactNotAcceptedByBoth``.

    ``code`` is the class name in kebab-case, ``field`` the field of the command that is to blame, if one is.
    """

    code: ClassVar[str] = "refused"

    def __init_subclass__(cls) -> None:
        cls.code = "".join("-" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("-")

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StreamUnknown(Refusal):
    """The command speaks of something that does not exist."""


class StaleVersion(Refusal):
    """The sender has not seen the latest version of what it wants to change."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision may know besides the stream and the command: when it was asked, by whom, and the command's id."""

    time: datetime
    actor: Actor
    command_id: str


class Aggregate:
    """One stream, folded. Subclasses keep the state their rules need and implement ``apply``, which never fails.

    ``category`` is the first part of the ids of its streams: ``person-2f1c…``.
    """

    category: ClassVar[str] = ""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.version = 0

    @property
    def exists(self) -> bool:
        return self.version > 0

    def apply(self, event: Event) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say what an event changes")

    def fold(self, events: Iterable[Event]) -> Self:
        """The aggregate after these further events."""
        for event in events:
            self.apply(event)
            self.version += 1
        return self


Decide = Callable[[Any, Any, Context], Iterable[Event]]
"""``decide(aggregate, command, context)``: the events that follow; none where all is so already; raises Refusal."""


@dataclass(frozen=True, slots=True)
class Route:
    """Which aggregate a command is for and which of its verbs decides. ``creates``: the stream need not exist yet."""

    aggregate: type[Aggregate]
    decide: Decide
    creates: bool = False


Routes = Mapping[type[Command], Route | tuple[Route, ...]]
"""What a service can be asked to do. A command that several kinds of streams know has a route for each."""


def route_table(routes: Routes) -> dict[tuple[type[Message], str], Route]:
    """The routes by command and the category of the stream that it is sent to."""
    table: dict[tuple[type[Message], str], Route] = {}
    for command, given in routes.items():
        for route in given if isinstance(given, tuple) else (given,):
            table[command, route.aggregate.category] = route
    return table


def new_stream(category: str) -> str:
    """A fresh stream id."""
    return f"{category}-{uuid4()}"


def derived_stream(category: str, *parts: str) -> str:
    """The one stream id that these parts lead to, so that what must be unique meets itself."""
    return f"{category}-{uuid5(NAMESPACE, '/'.join((category, *parts)))}"


def derived_id(*parts: str) -> str:
    """The one message id that these parts lead to, so that a replay sends the same command again."""
    return str(uuid5(NAMESPACE, "/".join(parts)))
