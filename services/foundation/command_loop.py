"""Commands in batches: load all their streams, decide in order, commit, publish, answer.

A command that comes twice finds itself in its stream (or among the answers) and gets the first outcome again.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import structlog

from services.foundation import metrics
from services.foundation.aggregate import Aggregate, Context, Refusal, Route, Routes, StaleVersion, StreamUnknown, route_table
from services.foundation.cloudevents import InvalidCommand
from services.foundation.consumer import Batch
from services.foundation.event_store import Commit, EventStore, StoredEvent
from services.foundation.logs import log_all
from services.foundation.messages import Envelope, Event, Recorded, now
from services.foundation.outcomes import Outcome
from services.foundation.publisher import Prepared, Publisher

log = structlog.get_logger()

SLICE = 500
"""Commands that are decided, written and published together."""


class InvalidFields(Refusal):
    """The data of the command does not fit its type."""


class CommandNotForStream(Refusal):
    """The command is sent to a stream of another kind."""


@dataclass(slots=True)
class LoadedStream:
    """An aggregate as of its last commit, and to which version each command of its history led."""

    aggregate: Aggregate
    versions: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Decided:
    """What a batch leads to: what is to be written and what is to be answered, in the order of the commands."""

    commits: list[Commit] = field(default_factory=list)
    unwritten: list[Outcome] = field(default_factory=list)
    answers: list[tuple[Envelope, Outcome]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Writing:
    """A slice of a batch that is being written, and what is to be published of it afterwards."""

    written: Future[None]
    decided: Decided
    prepared: Prepared


class CommandLoop:
    """Carries out the commands of one service. ``routes`` is the table of what it can do."""

    def __init__(self, service: str, routes: Routes, store: EventStore, publisher: Publisher, cached_streams: int) -> None:
        self._service = service
        self._table = route_table(routes)
        self._aggregates = {category: route.aggregate for (_, category), route in self._table.items()}
        self._store = store
        self._publisher = publisher
        self._cached_streams = cached_streams
        self._streams: OrderedDict[str, LoadedStream] = OrderedDict()
        self._positions: dict[int, int] = {}
        self._writer = ThreadPoolExecutor(1, thread_name_prefix=f"{service}-commits")

    def handle(self, batch: Batch) -> None:
        """Carries out a batch. When it returns, all is written, published and answered.

        Raises Fenced, PublishingFailed and the database's own faults; whoever calls again does so with ``batch.fresh``.
        """
        if batch.fresh:
            self._streams.clear()
            self._positions.update(self._publisher.catch_up(batch.fresh))
        if batch.parked:
            answers = [_answer(envelope, _parked(envelope)) for envelope in batch.parked]
            self._publisher.publish(self._publisher.prepare((), answers))
        if batch.recorded:
            self._carry_out(batch.recorded)

    def _carry_out(self, commands: Sequence[Recorded]) -> None:
        """Slice by slice: while the database writes one, the one before is published and the next is decided."""
        answered: dict[str, Outcome] = {}
        writing: Writing | None = None
        try:
            for start in range(0, len(commands), SLICE):
                decided = self._decide(commands[start : start + SLICE], answered)
                writing = self._write_behind(writing, decided)
            self._publish(writing)
        except BaseException:
            self._writer.submit(_nothing).result()  # nothing is being written any more when this has had its turn
            self._forget(command.stream for command in commands)
            raise
        self._shrink()

    def _write_behind(self, before: Writing | None, decided: Decided) -> Writing:
        """Starts to write a slice as soon as the one before is written, and publishes that one meanwhile."""
        if before is not None:
            before.written.result()
        written = self._writer.submit(self._write, decided)
        time.sleep(0)  # a greenlet starts only when another pauses
        answers = [_answer(*each) for each in decided.answers]
        writing = Writing(written, decided, self._publisher.prepare(decided.commits, answers))
        if before is not None:
            self._publish(before)
        return writing

    def _publish(self, writing: Writing | None) -> None:
        if writing is not None:
            writing.written.result()
            self._publisher.publish(writing.prepared)
            self._tell(writing.decided.answers)

    def _write(self, decided: Decided) -> None:
        self._store.append(decided.commits)
        self._store.remember(decided.unwritten)

    def _decide(self, commands: Sequence[Recorded], answered: dict[str, Outcome]) -> Decided:
        """Decides in order, on top of what was decided before. ``answered``: the outcomes of this batch so far."""
        self._load(command.stream for command in commands)
        answered.update(self._store.answers([command.envelope.id for command in commands]))
        decided = Decided()
        for command in commands:
            outcome = answered.get(command.envelope.id) or self._known(command) or self._decide_one(command, decided)
            answered[outcome.command_id] = outcome
            decided.answers.append((command.envelope, outcome))
        return decided

    def _known(self, command: Recorded) -> Outcome | None:
        loaded = self._streams.get(command.stream)
        version = loaded.versions.get(command.envelope.id) if loaded else None
        return None if version is None else _accepted(command.envelope, version)

    def _decide_one(self, command: Recorded, decided: Decided) -> Outcome:
        envelope = command.envelope
        try:
            route, loaded = self._route(command)
            events = tuple(route.decide(loaded.aggregate, command.message, _context(envelope)))
        except Refusal as refusal:
            outcome = _refused(envelope, refusal)
            decided.unwritten.append(outcome)
            return outcome
        if not events:
            outcome = _accepted(envelope, loaded.aggregate.version)
            decided.unwritten.append(outcome)
            return outcome
        position = self._positions[envelope.partition] = self._positions.get(envelope.partition, 0) + 1
        decided.commits.append(_commit(envelope, loaded.aggregate.version + 1, position, events))
        loaded.aggregate.fold(events)
        loaded.versions[envelope.id] = loaded.aggregate.version
        return _accepted(envelope, loaded.aggregate.version)

    def _route(self, command: Recorded) -> tuple[Route, LoadedStream]:
        """Where the command goes; raises Refusal where it cannot go anywhere."""
        message, envelope = command.message, command.envelope
        if isinstance(message, InvalidCommand):
            raise InvalidFields(message.reason, message.field)
        route = self._table.get((type(message), _category(envelope.stream)))
        if route is None:
            raise CommandNotForStream(f"{message.TYPE} cannot be sent to {envelope.stream}")
        loaded = self._streams.get(envelope.stream)
        if loaded is None:
            loaded = self._streams[envelope.stream] = LoadedStream(route.aggregate(envelope.stream))
        if not loaded.aggregate.exists and not route.creates:
            raise StreamUnknown(f"there is no {route.aggregate.category} with this id")
        expected = envelope.expected_version
        if expected is not None and expected != loaded.aggregate.version:
            raise StaleVersion(f"version {expected} is not the latest, {loaded.aggregate.version} is")
        return route, loaded

    # --- streams ----------------------------------------------------------------------------------------------------------

    def _load(self, streams: Iterable[str]) -> None:
        wanted = dict.fromkeys(streams)
        missing = [stream for stream in wanted if stream not in self._streams]
        for stream in wanted:
            if stream in self._streams:
                self._streams.move_to_end(stream)
        for stream, commits in self._store.load(missing).items():
            aggregate = self._aggregates.get(_category(stream))
            if aggregate is not None and commits:
                self._streams[stream] = self._replay(aggregate(stream), commits)

    def _replay(self, aggregate: Aggregate, commits: Sequence[Commit]) -> LoadedStream:
        loaded = LoadedStream(aggregate)
        for commit in commits:
            aggregate.fold(_events(recorded) for recorded in commit.recorded(self._service))
            loaded.versions[commit.command_id] = commit.last_version
        return loaded

    def _forget(self, streams: Iterable[str]) -> None:
        """What was folded in memory but not written must not be believed."""
        for stream in streams:
            self._streams.pop(stream, None)

    def _shrink(self) -> None:
        while len(self._streams) > self._cached_streams:
            self._streams.popitem(last=False)

    def _tell(self, answers: Sequence[tuple[Envelope, Outcome]]) -> None:
        log_all(log, "commands.handled", [_told(*each) for each in answers])
        moment, seconds = now(), metrics.COMMAND_SECONDS.labels(self._service)
        for envelope, _ in answers:
            seconds.observe((moment - envelope.time).total_seconds())
        for status, count in Counter(outcome.status for _, outcome in answers).items():
            metrics.COMMANDS.labels(self._service, status).inc(count)


def _told(envelope: Envelope, outcome: Outcome) -> dict[str, str]:
    """What the log says of a command."""
    told = {"correlation_id": envelope.correlation_id, "stream": envelope.stream, "status": outcome.status}
    return told | {"code": outcome.code} if outcome.code else told


def _nothing() -> None:
    """Does nothing, in its turn."""


def _category(stream: str) -> str:
    return stream.partition("-")[0]


def _events(recorded: Recorded) -> Event:
    if not isinstance(recorded.message, Event):
        raise TypeError(f"{recorded.message.TYPE} stands in the store and is no event")
    return recorded.message


def _context(envelope: Envelope) -> Context:
    return Context(envelope.time, envelope.actor, envelope.id)


def _commit(envelope: Envelope, version: int, position: int, events: Iterable[Event]) -> Commit:
    return Commit(
        command_id=envelope.id,
        stream=envelope.stream,
        version=version,
        partition=envelope.partition,
        position=position,
        events=tuple(StoredEvent.of(event) for event in events),
        time=envelope.time,
        actor=envelope.actor,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.causation_id,
        traceparent=envelope.traceparent,
    )


def _accepted(envelope: Envelope, version: int) -> Outcome:
    return Outcome(command_id=envelope.id, stream=envelope.stream, status="accepted", version=version)


def _refused(envelope: Envelope, refusal: Refusal) -> Outcome:
    return Outcome(
        command_id=envelope.id,
        stream=envelope.stream,
        status="refused",
        code=refusal.code,
        message=refusal.message,
        field=refusal.field,
    )


def _parked(envelope: Envelope) -> Outcome:
    return Outcome(command_id=envelope.id, stream=envelope.stream, status="parked")


def _answer(envelope: Envelope, outcome: Outcome) -> tuple[str, Outcome]:
    return envelope.reply_to, outcome
