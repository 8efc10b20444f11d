"""A tiny domain for the tests of the foundation: lamps that are put up, switched on and off, and break."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

from services.foundation.aggregate import Aggregate, Context, Refusal, Route, Routes, new_stream
from services.foundation.messages import Actor, Command, Envelope, Event, Recorded

SERVICE = "lamps"
MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
STAFF = Actor("staff-1", "coordinator")


class PutUp(Command, type="lamps.PutUp.v1"):
    watts: int


class SwitchOn(Command, type="lamps.SwitchOn.v1"):
    pass


class SwitchOff(Command, type="lamps.SwitchOff.v1"):
    pass


class Explode(Command, type="lamps.Explode.v1"):
    """Meets a bug."""


class LampPutUp(Event, type="lamps.LampPutUp.v1"):
    watts: int


class LampSwitched(Event, type="lamps.LampSwitched.v1"):
    on: bool


class LampAlreadyThere(Refusal):
    """Where a lamp hangs no other is put up."""


class Lamp(Aggregate):
    category = "lamp"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.on = False

    def put_up(self, command: PutUp, _: Context) -> Iterator[Event]:
        if self.exists:
            raise LampAlreadyThere("a lamp hangs here", field="watts")
        yield LampPutUp(watts=command.watts)

    def switch_on(self, _: SwitchOn, __: Context) -> Iterator[Event]:
        if not self.on:
            yield LampSwitched(on=True)

    def switch_off(self, _: SwitchOff, __: Context) -> Iterator[Event]:
        if self.on:
            yield LampSwitched(on=False)

    def explode(self, _: Explode, __: Context) -> Iterator[Event]:
        raise ZeroDivisionError("a bug")

    def apply(self, event: Event) -> None:
        match event:
            case LampSwitched():
                self.on = event.on


ROUTES: Routes = {
    PutUp: Route(Lamp, Lamp.put_up, creates=True),
    SwitchOn: Route(Lamp, Lamp.switch_on),
    SwitchOff: Route(Lamp, Lamp.switch_off),
    Explode: Route(Lamp, Lamp.explode, creates=True),
}


def a_lamp() -> str:
    return new_stream("lamp")


def envelope(stream: str, *, id: str = "", partition: int = 0, **more: object) -> Envelope:
    """The envelope of a command on this stream."""
    name = id or str(uuid4())
    return Envelope(
        id=name,
        stream=stream,
        source="tests",
        time=MOMENT,
        actor=STAFF,
        correlation_id=name,
        partition=partition,
        **more,  # type: ignore[arg-type]
    )


def asked(stream: str, command: Command, **more: object) -> Recorded:
    """A command as the loop receives it."""
    return Recorded(command, envelope(stream, **more))  # type: ignore[arg-type]
