"""Who puts what on which topic, and who takes it from there. Read from where it is wired, so that nothing is said twice."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from nameko.containers import ServiceContainer

import services
from services.foundation.aggregate import Routes, route_table
from services.foundation.broker import commands_topic, events_topic, outcomes_topic
from services.foundation.entrypoints import BatchEntrypoint
from services.foundation.messages import Command, Event, Message, registered_types
from services.gateway import bootstrap as gateway
from services.matching.contract import NeedRanked, PersonRanked
from services.matching.notice_routes import notice_routes
from services.matching.ranking_routes import ranking_routes
from services.matching.rankings import TOPIC as RANKINGS
from services.matching.routes import routes as matching_routes
from services.matching.service import Matching
from services.matching.thread_routes import thread_routes
from services.matching.workshop_routes import workshop_routes
from services.notifications.routes import ROUTES as NOTIFICATIONS_ROUTES
from services.notifications.service import Notifications
from services.profiles.routes import ROUTES as PROFILES_ROUTES
from services.profiles.service import Profiles


def _not_asked(_: object) -> NoReturn:
    raise NotImplementedError("the table is only read")


ROUTES: dict[type[Any], Routes] = {
    Profiles: PROFILES_ROUTES,
    Matching: {
        **matching_routes(_not_asked),
        **workshop_routes(_not_asked),
        **thread_routes(_not_asked),
        **notice_routes(_not_asked),
        **ranking_routes(_not_asked),
    },
    Notifications: NOTIFICATIONS_ROUTES,
}
"""The service classes, and what each can be asked to do."""

STATES: dict[str, tuple[type[Event], ...]] = {RANKINGS: (NeedRanked, PersonRanked)}
"""Topics that keep the last state of each key: their messages are events in form, but facts of no stream."""

SERVICES: tuple[str, ...] = tuple(service.name for service in ROUTES)


@dataclass(frozen=True, slots=True)
class Operation:
    """A service sends to a topic or receives from it. ``messages``: only these types; none named means all of the topic."""

    service: str
    action: Literal["send", "receive"]
    topic: str
    messages: tuple[str, ...] = ()


def messages_of(service: str, base: type[Message]) -> list[type[Message]]:
    """The commands or events that a service's contract has, by their type names. States are not among its events."""
    known = sorted(registered_types().items())
    return [
        each
        for name, each in known
        if name.startswith(f"{service}.") and issubclass(each, base) and not any(each in states for states in STATES.values())
    ]


def streams_of(command: type[Message]) -> list[str]:
    """The kinds of streams (``person``, ``company``, …) that a command may be sent to, from the routing tables."""
    return sorted(kind for table in ROUTES.values() for known, kind in route_table(table) if known is command)


def operations() -> Iterator[Operation]:
    """Everything that is sent and received in the house."""
    for service in ROUTES:
        yield from _received(service)
        yield Operation(service.name, "send", events_topic(service.name))
        yield Operation(service.name, "send", outcomes_topic(service.name))
    for topic in STATES:
        yield Operation(topic.partition(".")[0], "send", topic)
    for topic in (*gateway.FOLLOWED, *map(outcomes_topic, gateway.COMMANDED)):
        yield Operation(gateway.SERVICE, "receive", topic)
    for sender in (*SERVICES, gateway.SERVICE):
        yield from _commands_sent(sender)


def _received(service: type[Any]) -> Iterator[Operation]:
    """What the entrypoints of the service class subscribe to. A container that is not started only binds them."""
    container = ServiceContainer(service, {})  # the entrypoints hold it weakly, so it must have a name here
    for entrypoint in container.entrypoints:
        if isinstance(entrypoint, BatchEntrypoint):
            for topic in entrypoint.subscription()[1]:
                yield Operation(service.name, "receive", topic)


def _commands_sent(sender: str) -> Iterator[Operation]:
    named = _named_in_calls(sender)
    for service in SERVICES:
        sent = tuple(each.TYPE for each in messages_of(service, Command) if each.__name__ in named)
        if sent:
            yield Operation(sender, "send", commands_topic(service), sent)


def _named_in_calls(service: str) -> set[str]:
    """Names that the service's code calls, calls a method of, or hands on in a call.

    A command among them is one that the service sends. Aggregates are left out: they decide on commands and send none.
    """
    folder = Path(services.__path__[0]) / service
    paths = sorted(set(folder.rglob("*.py")) - _deciders())
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    parts = [part for call in calls for part in (call.func, *call.args, *(each.value for each in call.keywords))]
    owners = [part.value if isinstance(part, ast.Attribute) else part for part in parts]
    return {owner.id for owner in owners if isinstance(owner, ast.Name)}


def _deciders() -> set[Path]:
    """The files of the aggregates that the tables of routes name."""
    routes = [route for table in ROUTES.values() for route in route_table(table).values()]
    return {Path(inspect.getfile(route.aggregate)) for route in routes}
