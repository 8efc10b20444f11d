"""Sending commands: waiting, sending again, giving up."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from kafka.future import Future

from services.foundation.messages import Actor, Command, Envelope
from services.foundation.outcomes import Outcome
from services.gateway import commander as module
from services.gateway.commander import BrokerAway, Commander, DeadlinePassed
from services.matching.contract import AcceptContact

ACTOR = Actor("u1", "head")
COMMAND = AcceptContact(side="person")


@dataclass
class SpyLog:
    """Takes down what the commander keeps."""

    noted: list[str] = field(default_factory=list)
    settled: list[Outcome] = field(default_factory=list)

    async def note(self, envelope: Envelope, command: Command, outcome: Outcome | None = None) -> None:
        self.noted.append(envelope.id)

    async def settle(self, outcome: Outcome) -> None:
        self.settled.append(outcome)


@dataclass
class SpySender:
    """Takes down what is sent; ``then`` is told of each sending, on the sender's thread."""

    then: Callable[["SpySender", Envelope], None] = lambda sender, envelope: None
    acknowledges: bool = True
    sent: list[Envelope] = field(default_factory=list)
    closed: int = 0

    def send(self, envelope: Envelope, command: Command) -> Any:
        self.sent.append(envelope)
        future = Future()
        if self.acknowledges:
            future.success(None)
        self.then(self, envelope)
        return future

    def close(self) -> None:
        self.closed += 1


class Stage:
    """A commander with its sender and log, on the running loop."""

    def __init__(self, sender: SpySender, deadline: float = 5.0) -> None:
        self.log = SpyLog()
        self.expecting = threading.Event()
        self.commander = Commander(sender, self.log, "gateway-1", deadline, self.expecting)  # type: ignore[arg-type]
        self.loop = asyncio.get_running_loop()

    def answer(self, envelope: Envelope) -> None:
        accepted = Outcome(command_id=envelope.id, stream=envelope.stream, status="accepted", version=3)
        self.loop.call_soon_threadsafe(self.commander.deliver, [accepted])

    async def execute(self, **about: Any) -> Outcome:
        return await self.commander.execute(COMMAND, "contact-1", ACTOR, **about)


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RESEND_SECONDS", 0.02)


def test_the_outcome_reaches_who_waits_for_it() -> None:
    async def story() -> None:
        sender = SpySender(then=lambda _, envelope: stage.answer(envelope))
        stage = Stage(sender)
        outcome = await stage.execute(command_id="c1", expected_version=2)
        assert (outcome.command_id, outcome.version) == ("c1", 3)
        assert (sender.sent[0].reply_to, sender.sent[0].expected_version) == ("gateway-1", 2)
        assert not stage.expecting.is_set()

    asyncio.run(story())


def test_an_unanswered_command_is_sent_again_under_the_same_id() -> None:
    async def story() -> None:
        sender = SpySender(then=lambda self, envelope: stage.answer(envelope) if len(self.sent) == 3 else None)
        stage = Stage(sender)
        await stage.execute()
        assert len(sender.sent) >= 3
        assert len({envelope.id for envelope in sender.sent}) == 1

    asyncio.run(story())


def test_two_who_wait_for_the_same_command_get_the_same_outcome() -> None:
    async def story() -> None:
        sender = SpySender(then=lambda self, envelope: stage.answer(envelope) if len(self.sent) == 2 else None)
        stage = Stage(sender)
        first, second = await asyncio.gather(stage.execute(command_id="c1"), stage.execute(command_id="c1"))
        assert first == second

    asyncio.run(story())


def test_past_the_deadline_the_command_is_kept_and_its_late_outcome_too() -> None:
    async def story() -> None:
        sender = SpySender()
        stage = Stage(sender, deadline=0.05)
        with pytest.raises(DeadlinePassed) as late:
            await stage.execute()
        stage.answer(sender.sent[0])
        await asyncio.sleep(0)
        await stage.commander.close()
        assert stage.log.noted == [late.value.command_id]
        assert [outcome.command_id for outcome in stage.log.settled] == [late.value.command_id]

    asyncio.run(story())


def test_a_broker_that_never_acknowledges_is_away() -> None:
    async def story() -> None:
        stage = Stage(SpySender(acknowledges=False), deadline=0.05)
        with pytest.raises(BrokerAway):
            await stage.execute()
        with pytest.raises(BrokerAway):
            await stage.commander.submit(COMMAND, "contact-1", ACTOR)

    asyncio.run(story())


def test_after_a_failure_the_connection_is_made_anew() -> None:
    async def story() -> None:
        sender = SpySender(then=lambda self, envelope: stage.answer(envelope) if self.closed else None)
        stage, send = Stage(sender), sender.send

        def failing(envelope: Envelope, command: Command) -> Any:
            return send(envelope, command) if sender.closed else Future().failure(ConnectionError("gone"))

        sender.send = failing  # type: ignore[method-assign]
        assert (await stage.execute()).status == "accepted"
        assert sender.closed == 1

    asyncio.run(story())
