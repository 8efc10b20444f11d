"""Sends commands over Kafka and waits for their outcomes.

A command that is not answered is sent again with the same id until the deadline: its service recognises it and gives the first
outcome again, so nothing happens twice.
"""

import asyncio
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from uuid import uuid4

from services.foundation.messages import Actor, Command, Envelope, now
from services.foundation.outcomes import Outcome
from services.gateway.command_log import CommandLog, LoggedCommand

RESEND_SECONDS = 2.0
SOURCE = "gateway"


class DeadlinePassed(Exception):
    """The command was handed over, but nobody has answered in time. ``GET /v1/commands/{id}`` tells how it ends."""

    def __init__(self, command_id: str) -> None:
        super().__init__(f"no answer to the command {command_id} yet")
        self.command_id = command_id


class BrokerAway(Exception):
    """The broker did not acknowledge the command in time; it may or may not have arrived."""


class Sender(Protocol):
    """What the commander needs of foundation's CommandSender."""

    def send(self, envelope: Envelope, command: Command) -> Any:
        """Hands the command to the producer; gives a kafka-python future."""

    def close(self) -> None:
        """Gives up the connection; the next ``send`` makes a new one."""


class Commander:
    """Belongs to one event loop. ``instance`` is the name under which outcomes come back to this process; ``expecting`` is
    set while somebody waits for one."""

    def __init__(self, sender: Sender, log: CommandLog, instance: str, deadline: float, expecting: threading.Event) -> None:
        self._sender = sender
        self._log = log
        self._instance = instance
        self._deadline = deadline
        self._expecting = expecting
        self._waiting: dict[str, set[asyncio.Future[Outcome]]] = {}
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="commands")
        self._settling: set[asyncio.Task[None]] = set()

    async def execute(
        self,
        command: Command,
        stream: str,
        actor: Actor,
        *,
        command_id: str | None = None,
        expected_version: int | None = None,
        correlation_id: str | None = None,
    ) -> Outcome:
        """Sends the command and waits for its outcome. Raises DeadlinePassed or BrokerAway."""
        envelope = self._envelope(stream, actor, command_id, expected_version, correlation_id)
        outcome = await self._ask(envelope, command, self._deadline)
        if outcome is None:
            await self._log.note(envelope, command)
            raise DeadlinePassed(envelope.id)
        return outcome

    async def submit(
        self,
        command: Command,
        stream: str,
        actor: Actor,
        *,
        command_id: str | None = None,
        expected_version: int | None = None,
        correlation_id: str | None = None,
    ) -> str:
        """Hands the command over without waiting for its outcome; gives its id. Raises BrokerAway."""
        envelope = self._envelope(stream, actor, command_id, expected_version, correlation_id)
        await self._log.note(envelope, command)
        try:
            async with asyncio.timeout(self._deadline):
                await _acknowledged(await self._send(envelope, command))
        except TimeoutError:
            raise BrokerAway from None
        return envelope.id

    async def find(self, command_id: str) -> LoggedCommand | None:
        """A command that was answered with 202."""
        return await self._log.find(command_id)

    async def inquire(self, command_id: str, logged: LoggedCommand, patience: float) -> Outcome | None:
        """How a command ended that was answered with 202; None while nobody knows. One that is still open is sent again."""
        if logged.outcome is not None and logged.outcome.status != "parked":
            return logged.outcome
        envelope = self._envelope(logged.stream, logged.actor, command_id, logged.expected_version, logged.correlation_id)
        try:
            outcome = await self._ask(envelope, logged.command, patience)
        except BrokerAway:
            return logged.outcome
        if outcome is not None:
            await self._log.settle(outcome)
        return outcome or logged.outcome

    async def keep(self, command: Command, outcome: Outcome, actor: Actor, correlation_id: str) -> None:
        """Keeps a settled command for whoever was told to ask later."""
        envelope = self._envelope(outcome.stream, actor, outcome.command_id, None, correlation_id)
        await self._log.note(envelope, command, outcome)

    def deliver(self, outcomes: Iterable[Outcome]) -> None:
        """Takes outcomes; to be called on the event loop."""
        for outcome in outcomes:
            waiting = self._waiting.pop(outcome.command_id, None)
            if waiting is None:
                self._settle_later(outcome)
                continue
            for future in waiting:
                if not future.done():
                    future.set_result(outcome)

    async def close(self) -> None:
        """Finishes what is being written; sends nothing any more."""
        await asyncio.gather(*self._settling, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _envelope(
        self, stream: str, actor: Actor, command_id: str | None, expected_version: int | None, correlation_id: str | None
    ) -> Envelope:
        id = command_id or str(uuid4())
        return Envelope(
            id=id,
            stream=stream,
            source=SOURCE,
            time=now(),
            actor=actor,
            correlation_id=correlation_id or id,
            reply_to=self._instance,
            expected_version=expected_version,
        )

    async def _ask(self, envelope: Envelope, command: Command, patience: float) -> Outcome | None:
        """Sends again and again until the outcome is there; None when patience ends. Raises BrokerAway."""
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(envelope.id, set()).add(answer)
        self._expecting.set()
        sent: list[Any] = []
        try:
            async with asyncio.timeout(patience):
                while not answer.done():
                    sent.append(await self._send(envelope, command, renew=bool(sent) and sent[-1].failed()))
                    await asyncio.wait([answer], timeout=RESEND_SECONDS)
        except TimeoutError:
            if not any(each.succeeded() for each in sent):
                raise BrokerAway from None
        finally:
            self._stop_waiting(envelope.id, answer)
        return answer.result() if answer.done() else None

    def _stop_waiting(self, command_id: str, answer: asyncio.Future[Outcome]) -> None:
        waiting = self._waiting.get(command_id)
        if waiting is not None:
            waiting.discard(answer)
            if not waiting:
                del self._waiting[command_id]
        if not self._waiting:
            self._expecting.clear()

    async def _send(self, envelope: Envelope, command: Command, *, renew: bool = False) -> Any:
        """Hands the command to the producer on a thread of its own: it may block while the broker is away."""

        def send() -> Any:
            if renew:
                self._sender.close()
            return self._sender.send(envelope, command)

        return await asyncio.get_running_loop().run_in_executor(self._threads, send)

    def _settle_later(self, outcome: Outcome) -> None:
        task = asyncio.get_running_loop().create_task(self._log.settle(outcome))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)


async def _acknowledged(sent: Any) -> None:
    """Waits until the broker has the record; raises the producer's error where it could not be written."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    sent.add_callback(lambda *_: loop.call_soon_threadsafe(_finish, done))
    sent.add_errback(lambda error: loop.call_soon_threadsafe(_finish, done, error))
    await done


def _finish(done: asyncio.Future[None], error: BaseException | None = None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
