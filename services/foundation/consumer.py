"""Consuming in batches: at least once from Kafka, written before the offsets are committed, order kept within a stream.

A passing fault (database or broker away) is retried with back-off for as long as it lasts. A message that cannot be read, or
that fails on its own after a few tries, becomes a dead letter and parks its key.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from kafka import ConsumerRebalanceListener, TopicPartition
from kafka.errors import CommitFailedError, IllegalStateError
from kafka.structs import OffsetAndMetadata

from services.foundation import metrics
from services.foundation.broker import Broker, require_topics
from services.foundation.cloudevents import InvalidMessage, UnreadableMessage, envelope_of, recorded_from
from services.foundation.dead_letters import DeadLetters
from services.foundation.faults import PassingFault, backoff, passes
from services.foundation.messages import Envelope, Recorded, now
from services.foundation.settings import Settings
from services.foundation.status import ConsumerStatus

POLL_MS = 200
HOUSEKEEPING_SECONDS = 1.0

log = structlog.get_logger()


class TopicsReplaced(PassingFault):
    """The topics were made anew (the broker was rebuilt): offsets mean nothing any more, so start over."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a handler is given. ``fresh``: partitions that were just assigned, so that nothing remembered of them counts.
    ``parked``: messages that have just become dead letters."""

    recorded: tuple[Recorded, ...] = ()
    fresh: frozenset[int] = frozenset()
    parked: tuple[Envelope, ...] = ()


Handle = Callable[[Batch], None]
Read = Callable[[Any], Recorded]
T = TypeVar("T")


class BatchConsumer(ConsumerRebalanceListener):
    """One member of a consumer group. ``run`` blocks until ``stop`` is called from another thread or greenlet.

    ``read`` makes a message of a Kafka record and raises UnreadableMessage or InvalidMessage for what is to be put aside.
    ``fetch_wait_ms``: see Broker.consumer.
    """

    def __init__(
        self,
        settings: Settings,
        group: str,
        topics: Sequence[str],
        handle: Handle,
        dead_letters: DeadLetters,
        status: ConsumerStatus,
        read: Read = recorded_from,
        fetch_wait_ms: int = 0,
    ) -> None:
        self._broker = Broker(settings)
        self._settings = settings
        self._group = group
        self._topics = tuple(topics)
        self._handle = handle
        self._dead_letters = dead_letters
        self._status = status
        self._read = read
        self._fetch_wait_ms = fetch_wait_ms
        self._stopping = threading.Event()
        self._consumer: Any = None
        self._admin: Any = None
        self._topic_ids: dict[str, str] = {}
        self._fresh: set[int] = set()
        self._is_member = False
        self._parked: set[bytes] = set()
        self._next_housekeeping = 0.0

    def run(self) -> None:
        """Consumes until stopped. Starts over, with back-off, after every passing fault of the connection itself."""
        waits = backoff()
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                self._open()
                self._consume()
            except Exception as fault:
                if not passes(fault):
                    log.exception("consumer.broken", group=self._group)
                self._note(fault)
                if time.monotonic() - started > 10:
                    waits = backoff()
                self._stopping.wait(next(waits))
            finally:
                self._close()

    def stop(self) -> None:
        """Asks the loop to end after the batch in hand."""
        self._stopping.set()

    # --- the loop ---------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._topic_ids = self._broker.ensure_topics(self._topics)
        self._admin = self._broker.admin()
        self._consumer = self._broker.consumer(self._group_on_broker(), self._fetch_wait_ms)
        self._consumer.subscribe(self._topics, listener=self)
        self._next_housekeeping = 0.0

    def _group_on_broker(self) -> str:
        """The group's name with a fingerprint of the topics, so that offsets of topics that are gone are never gone on from."""
        ids = ",".join(sorted(self._topic_ids.values()))
        return f"{self._group}.{hashlib.sha256(ids.encode()).hexdigest()[:8]}"

    def _consume(self) -> None:
        while not self._stopping.is_set():
            polled = self._consumer.poll(timeout_ms=POLL_MS, max_records=self._settings.batch_size)
            if self._fresh:
                self._take_over()
            records = [record for partition in polled.values() for record in partition]
            if records:
                self._require_same_topics()
                self._work(records)
                self._commit(records)
            if time.monotonic() >= self._next_housekeeping:
                self._keep_house()

    def _close(self) -> None:
        for client in (self._consumer, self._admin):
            if client is not None:
                client.close()
        self._consumer = self._admin = None
        self._fresh.clear()
        self._is_member = False
        self._status.partitions = ()

    # --- assignment -------------------------------------------------------------------------------------------------------

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._is_member = True
        self._fresh |= {each.partition for each in assigned}

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._fresh -= {each.partition for each in revoked}

    def on_partitions_lost(self, lost: Iterable[TopicPartition]) -> None:
        self.on_partitions_revoked(lost)

    @property
    def _assigned(self) -> set[TopicPartition]:
        return self._consumer.assignment() if self._consumer is not None else set()

    def _take_over(self) -> None:
        self._parked = self._retrying(self._dead_letters.parked_keys)
        fresh = frozenset(self._fresh)
        self._deliver(Batch(fresh=fresh))
        self._fresh -= fresh
        self._status.partitions = tuple(sorted(f"{each.topic}:{each.partition}" for each in self._assigned))
        self._status.runs()

    # --- the work ---------------------------------------------------------------------------------------------------------

    def _work(self, records: Sequence[Any]) -> None:
        """Handles these records; when this returns each of them is written, or put aside."""
        metrics.BATCH.labels(self._group).observe(len(records))
        readable: list[tuple[Any, Recorded]] = []
        for record in records:
            if record.key in self._parked:
                self._put_aside(record, "waits for an earlier message of its stream")
                continue
            try:
                readable.append((record, self._read(record)))
            except (UnreadableMessage, InvalidMessage) as wrong:
                self._put_aside(record, str(wrong))
        if readable:
            self._handle_together(readable)
        self._note_handled(records)

    def _handle_together(self, readable: Sequence[tuple[Any, Recorded]]) -> None:
        try:
            self._deliver(Batch(tuple(recorded for _, recorded in readable)))
        except Exception as failure:
            if passes(failure):
                raise
            log.exception("batch.rejected", group=self._group, messages=len(readable))
            self._one_by_one(readable)

    def _one_by_one(self, readable: Sequence[tuple[Any, Recorded]]) -> None:
        """A batch failed for a reason that does not pass: finds the messages that are to blame."""
        self._deliver(Batch(fresh=frozenset(each.partition for each in self._assigned)))
        for record, recorded in readable:
            if record.key in self._parked:
                self._put_aside(record, "waits for an earlier message of its stream")
                continue
            error = self._try(recorded)
            if error:
                self._put_aside(record, error)

    def _try(self, recorded: Recorded) -> str:
        """Handles one message, a few times if need be; gives the error that remains, or nothing."""
        error = ""
        for _ in range(self._settings.batch_tries):
            try:
                self._deliver(Batch((recorded,)))
            except Exception as failure:
                if passes(failure):
                    raise
                error = f"{type(failure).__name__}: {failure}"
            else:
                return ""
        return error

    def _put_aside(self, record: Any, error: str) -> None:
        self._retrying(lambda: self._dead_letters.put([record], error))
        self._parked.add(record.key or b"")
        metrics.DEAD_LETTERS.labels(self._group).inc()
        log.error("message.parked", group=self._group, topic=record.topic, offset=record.offset, stream=_text(record.key))
        try:
            _, envelope = envelope_of(record.headers, record.partition)
        except UnreadableMessage:
            return
        self._deliver(Batch(parked=(envelope,)))

    def _deliver(self, batch: Batch) -> None:
        """Gives the batch to the handler, for as long as it takes passing faults to pass."""
        retried = False

        def attempt() -> None:
            nonlocal retried
            if retried:
                # Somebody else may have written meanwhile: what is remembered of our partitions no longer counts.
                self._handle(Batch(fresh=frozenset(each.partition for each in self._assigned)))
            retried = True
            self._handle(batch)

        self._retrying(attempt)

    def _retrying(self, work: Callable[[], T]) -> T:
        waits = backoff()
        while True:
            try:
                done = work()
            except Exception as fault:
                if not passes(fault) or self._stopping.is_set():
                    raise
                self._note(fault)
                self._stopping.wait(next(waits))
            else:
                if self._status.state != "running" and self._assigned and not self._fresh:
                    self._status.runs()
                return done

    def _commit(self, records: Sequence[Any]) -> None:
        offsets: dict[TopicPartition, OffsetAndMetadata] = {}
        for record in records:
            offsets[TopicPartition(record.topic, record.partition)] = OffsetAndMetadata(record.offset + 1, "", -1)
        try:
            self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            # The partition has a new owner; it reads these messages again and recognises them.
            log.info("commit.too_late", group=self._group)

    # --- housekeeping -----------------------------------------------------------------------------------------------------

    def _require_same_topics(self) -> None:
        """Raises TopicsReplaced where the offsets that were read speak of topics that are gone.

        Asked for each batch: what is read by an outdated offset may leave out messages, and no gap would tell.
        """
        if require_topics(self._admin, self._topics) != self._topic_ids:
            raise TopicsReplaced("the broker was rebuilt: its topics are new")

    def _keep_house(self) -> None:
        self._next_housekeeping = time.monotonic() + HOUSEKEEPING_SECONDS
        self._require_same_topics()
        self._replay()
        self._status.dead_letters = self._dead_letters.count()
        if self._is_member and not self._assigned:
            self._status.runs()  # there are more members than partitions; this one takes over when another ends
        if self._assigned:
            ends = self._consumer.end_offsets(list(self._assigned))
            self._status.lag = sum(max(0, end - self._consumer.position(each)) for each, end in ends.items())
            metrics.LAG.labels(self._group).set(self._status.lag)

    def _replay(self) -> None:
        """Tries the letters again that staff ask for, in order; the first that fails again keeps its key parked."""
        mine = {(each.topic, each.partition) for each in self._assigned}
        for letters in self._dead_letters.requested():
            if not all((letter.topic, letter.partition) in mine for letter in letters):
                continue
            for letter in letters:
                error = self._try_letter(letter)
                if error:
                    self._dead_letters.failed_again(letter, error)
                    break
                self._dead_letters.resolve(letter)
            else:
                self._parked.discard(letters[0].key)

    def _try_letter(self, letter: Any) -> str:
        try:
            return self._try(self._read(letter))
        except (UnreadableMessage, InvalidMessage) as wrong:
            return str(wrong)

    def _note(self, fault: BaseException) -> None:
        problem = f"{type(fault).__name__}: {fault}".splitlines()[0][:200]
        metrics.FAULTS.labels(self._group).inc()
        self._status.waits(problem)
        log.warning("consumer.waits", group=self._group, problem=problem)

    def _note_handled(self, records: Sequence[Any]) -> None:
        last = records[-1]
        type_name = dict(last.headers).get("ce_type", b"")
        self._status.handled += len(records)
        self._status.last = {
            "topic": last.topic,
            "partition": last.partition,
            "offset": last.offset,
            "type": _text(type_name),
            "at": now().isoformat(),
        }


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode(errors="replace")
