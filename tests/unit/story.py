"""Stories: given what happened, when someone asks for something, then this follows, or it is refused."""

from datetime import UTC, datetime
from typing import Any, Self

from services.foundation.aggregate import Context, Refusal, Routes, route_table
from services.foundation.messages import Actor, Command, Event

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COORDINATOR = Actor(id="staff-1", role="coordinator")


class Story:
    """One stream of a service. A command is decided by whom the service's own table of routes names."""

    def __init__(self, stream: str, routes: Routes) -> None:
        table = route_table(routes)
        category = stream.partition("-")[0]
        self.routes = {command: route for (command, known), route in table.items() if known == category}
        self.aggregate: Any = next(iter(self.routes.values())).aggregate(stream)
        self.events: tuple[Event, ...] = ()
        self.refusal: Refusal | None = None

    def given(self, *events: Event) -> Self:
        self.aggregate.fold(events)
        return self

    def when(self, command: Command, at: datetime = NOW) -> Self:
        """Several of them tell a longer story; ``then`` speaks of the last."""
        self.events, self.refusal = (), None
        try:
            context = Context(time=at, actor=COORDINATOR, command_id="command-1")
            self.events = tuple(self.routes[type(command)].decide(self.aggregate, command, context))
        except Refusal as refusal:
            self.refusal = refusal
        self.aggregate.fold(self.events)
        return self

    def then(self, *events: Event) -> None:
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.events == events

    def then_details(self) -> Any:
        """The details of the profile as they are now."""
        assert self.refusal is None, f"refused: {self.refusal}"
        return self.aggregate.details

    def then_nothing(self) -> None:
        self.then()

    def then_refused(self, refusal: type[Refusal], field: str = "") -> None:
        assert type(self.refusal) is refusal, f"{self.refusal!r}, {self.events}"
        assert self.refusal.field == field
        assert self.refusal.message
