"""Listens for outcomes: a thread that tails the outcome topics from their end, in no consumer group."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from kafka import TopicPartition
from pydantic import ValidationError

from services.foundation.broker import Broker, TopicsNotReady, require_topics
from services.foundation.faults import backoff, passes
from services.foundation.messages import now
from services.foundation.outcomes import Outcome, unpack
from services.foundation.status import ConsumerStatus

POLL_MS = 200
IDLE_SECONDS = 1.0
"""How often outcomes are fetched that nobody waits for. Polling all the time would cost every request a little."""
CHECK_SECONDS = 5.0
"""How often it is looked whether the broker was rebuilt."""

log = structlog.get_logger("gateway.outcomes")


class OutcomeTail:
    """Hands the outcomes that are meant for ``instance`` to ``deliver``, on the tail's own thread.

    ``expecting`` is set while somebody waits for an outcome.
    """

    def __init__(
        self,
        broker: Broker,
        topics: Iterable[str],
        instance: str,
        deliver: Callable[[list[Outcome]], None],
        expecting: threading.Event,
        status: ConsumerStatus,
    ) -> None:
        self._broker = broker
        self._topics = list(topics)
        self._instance = instance.encode()
        self._deliver = deliver
        self._expecting = expecting
        self._status = status
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outcomes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Asks the thread to end and waits for it."""
        self._stopping.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        waits = backoff()
        while not self._stopping.is_set():
            try:
                self._tail()
            except Exception as fault:
                if not passes(fault):
                    log.exception("outcomes.broken")
                self._status.waits(f"{type(fault).__name__}: {fault}"[:200])
                self._stopping.wait(next(waits))

    def _tail(self) -> None:
        """Tails until stopped; raises when the topics were made anew, so that the next try starts over."""
        topic_ids = self._broker.ensure_topics(self._topics)
        admin = self._broker.admin()
        consumer = self._broker.consumer(None)
        try:
            self._assign(consumer)
            self._status.runs()
            while not self._stopping.is_set():
                self._receive_for(CHECK_SECONDS, consumer)
                if require_topics(admin, self._topics) != topic_ids:
                    raise TopicsNotReady("the broker was rebuilt")
        finally:
            consumer.close()
            admin.close()

    def _assign(self, consumer: Any) -> None:
        """Goes to the end and fixes it there: what is answered from now on is seen."""
        partitions = [
            TopicPartition(topic, number)
            for topic in self._topics
            for number in sorted(consumer.partitions_for_topic(topic) or ())
        ]
        consumer.assign(partitions)
        consumer.seek_to_end(*partitions)
        for partition in partitions:
            consumer.position(partition)
        self._status.partitions = tuple(f"{each.topic}:{each.partition}" for each in partitions)

    def _receive_for(self, seconds: float, consumer: Any) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._stopping.is_set():
            expected = self._expecting.wait(IDLE_SECONDS)
            self._receive(consumer.poll(timeout_ms=POLL_MS if expected else 0))

    def _receive(self, polled: dict[Any, list[Any]]) -> None:
        for records in polled.values():
            for record in records:
                self._note(record)
                if record.key == self._instance:
                    self._hand_over(record)

    def _note(self, record: Any) -> None:
        self._status.handled += 1
        at = now().isoformat()
        where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        self._status.last = {**where, "type": "outcomes", "at": at}

    def _hand_over(self, record: Any) -> None:
        try:
            self._deliver(unpack(record.value))
        except ValidationError as unreadable:
            log.error("outcomes.unreadable", topic=record.topic, offset=record.offset, reason=str(unreadable))
