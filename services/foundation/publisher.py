"""Publishing: the owner of a partition tells the topic what the store holds, in commit order, and answers the senders.

A checkpoint says up to which position a partition is published. Whoever takes over a partition first publishes what lies
beyond it. Where the topic was made anew, or no longer holds the last record that the checkpoint has seen, everything is
published again: consumers skip what they know. (Not the end offset is asked for: some brokers tell it wrongly.)
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition

from services.foundation import metrics
from services.foundation.broker import Broker, events_topic, outcomes_topic
from services.foundation.cloudevents import Headers, headers_of
from services.foundation.event_store import Checkpoint, Commit, EventStore, StoredEvent
from services.foundation.faults import PassingFault
from services.foundation.messages import Envelope
from services.foundation.outcomes import Outcome, pack

FLUSH_SECONDS = 20
LOOK_BACK_SECONDS = 3.0


class PublishingFailed(PassingFault):
    """The broker did not take what had to be published; nothing further is accepted until it does."""


Record = tuple[bytes, Headers]
"""The value and the headers of an event on its topic."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Commits with the records of their events, and the packed outcomes for each receiver."""

    commits: list[tuple[Commit, list[Record]]]
    answers: list[tuple[str, bytes]]


class Publisher:
    """Publishes the commits of one service and the outcomes of its commands."""

    def __init__(self, service: str, broker: Broker, store: EventStore) -> None:
        self._service = service
        self._broker = broker
        self._store = store
        self._producer: Any = None
        self._topic_id = ""

    def catch_up(self, partitions: Iterable[int]) -> dict[int, int]:
        """Publishes what lies beyond the checkpoint of these partitions; gives the last position of each."""
        topic = events_topic(self._service)
        self._topic_id = self._broker.ensure_topics([topic])[topic]
        checkpoints = [self._store.checkpoint(partition) for partition in partitions]
        same_topic = [each for each in checkpoints if each.topic_id == self._topic_id]
        held = self._held(topic, [each for each in same_topic if each.end_offset > 0])
        good = {each.partition for each in same_topic if not each.position or each.partition in held}
        return {each.partition: self._catch_up(each, each.partition in good) for each in checkpoints}

    def _held(self, topic: str, checkpoints: Sequence[Checkpoint]) -> set[int]:
        """The partitions in which the topic still holds the last record that the checkpoint has seen."""
        if not checkpoints:
            return set()
        wanted = {TopicPartition(topic, each.partition): each for each in checkpoints}
        held: set[int] = set()
        consumer = self._broker.consumer(None)
        try:
            consumer.assign(list(wanted))
            for partition, checkpoint in wanted.items():
                consumer.seek(partition, checkpoint.end_offset - 1)
            deadline = time.monotonic() + LOOK_BACK_SECONDS
            while len(held) < len(wanted) and time.monotonic() < deadline:
                for partition, records in consumer.poll(timeout_ms=100).items():
                    if _last_seen(wanted[partition], records):
                        held.add(partition.partition)
        finally:
            consumer.close()
        return held

    def _catch_up(self, checkpoint: Checkpoint, is_good: bool) -> int:
        if not is_good:
            checkpoint = Checkpoint(checkpoint.partition, 0, self._topic_id, 0)
            self._store.restart(checkpoint)
        position = checkpoint.position
        for commits in self._store.after(checkpoint.partition, position):
            self.publish(self.prepare(commits))
            position = commits[-1].position
        return position

    def prepare(self, commits: Sequence[Commit], answers: Iterable[tuple[str, Outcome]] = ()) -> "Prepared":
        """Makes the records of these commits and answers. Sends nothing, so it may run while the commits are being written."""
        return Prepared(
            [(commit, [_record(*each) for each in _events(self._service, commit)]) for commit in commits],
            _packed(answers),
        )

    def publish(self, prepared: "Prepared") -> None:
        """Publishes commits in order and the outcomes for their receivers, waits for the broker, moves the checkpoints on.

        Raises PublishingFailed when the broker did not confirm all of it.
        """
        sent = [(commit, self._send(commit, records)) for commit, records in prepared.commits]
        topic, producer = outcomes_topic(self._service), self._open()
        replies = [producer.send(topic, packed, receiver.encode()) for receiver, packed in prepared.answers]
        self._confirm([*(future for _, future in sent), *replies])
        self._require_offsets([future for _, future in sent])
        last = {
            commit.partition: Checkpoint(commit.partition, commit.position, self._topic_id, future.value.offset + 1)
            for commit, future in sent
        }
        self._store.advance(last.values())
        for type_name, count in Counter(event.type for commit, _ in prepared.commits for event in commit.events).items():
            metrics.EVENTS.labels(self._service, type_name).inc(count)

    def _send(self, commit: Commit, records: Sequence[Record]) -> Any:
        """Hands the events of a commit to the producer; gives the future of the last, which is confirmed after the others."""
        producer, topic, key = self._open(), events_topic(self._service), commit.stream.encode()
        return [producer.send(topic, value, key, headers, partition=commit.partition) for value, headers in records][-1]

    def _confirm(self, futures: Sequence[Any]) -> None:
        if not futures:
            return
        self._open().flush(FLUSH_SECONDS)
        failed = next((future for future in futures if not future.is_done or future.failed()), None)
        if failed is not None:
            self.close()
            raise PublishingFailed(f"the broker did not confirm: {failed.exception or 'no answer'}")

    def _require_offsets(self, futures: Sequence[Any]) -> None:
        """A broker that recognises what it took before it was heard does not say where it stands: tell it again."""
        if any(future.value.offset < 0 for future in futures):
            self.close()
            raise PublishingFailed("the broker has taken the events before and does not say at which offset")

    def _open(self) -> Any:
        if self._producer is None:
            self._producer = self._broker.producer()
        return self._producer

    def close(self) -> None:
        """Gives up the connection; the next call makes a new one."""
        if self._producer is not None:
            self._producer.close(timeout=1)
            self._producer = None


def _events(service: str, commit: Commit) -> Iterator[tuple[StoredEvent, Envelope]]:
    return zip(commit.events, commit.envelopes(service), strict=True)


def _record(stored: StoredEvent, envelope: Envelope) -> Record:
    return stored.data.encode(), headers_of(stored.type, envelope)


def _packed(answers: Iterable[tuple[str, Outcome]]) -> list[tuple[str, bytes]]:
    """The outcomes of each receiver in one message; a command that nobody waits for is not answered."""
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    for receiver, outcome in answers:
        if receiver:
            outcomes[receiver].append(outcome)
    return [(receiver, pack(each)) for receiver, each in outcomes.items()]


def _last_seen(checkpoint: Checkpoint, records: Sequence[Any]) -> bool:
    """Whether these records begin with the last one that the checkpoint has seen."""
    first = records[0]
    position = dict(first.headers).get("ce_position")
    return first.offset == checkpoint.end_offset - 1 and position == b"%d" % checkpoint.position
