"""Publishing: the owner of a partition tells the topic what the store holds, in commit order, and answers the senders.

A checkpoint says up to which position a partition is published. Whoever takes over a partition first publishes what lies
beyond it. Where the topic was made anew, or no longer holds the last record that the checkpoint has seen, everything is
published again: consumers skip what they know. (Not the end offset is asked for: some brokers tell it wrongly.)
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from kafka import TopicPartition

from services.foundation import metrics
from services.foundation.broker import Broker, events_topic, outcomes_topic
from services.foundation.cloudevents import headers_of
from services.foundation.event_store import Checkpoint, Commit, EventStore
from services.foundation.faults import PassingFault
from services.foundation.outcomes import Outcome, pack

FLUSH_SECONDS = 20
LOOK_BACK_SECONDS = 3.0


class PublishingFailed(PassingFault):
    """The broker did not take what had to be published; nothing further is accepted until it does."""


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
        held = self._held(topic, [each for each in same_topic if each.position])
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
            self.publish(commits)
            position = commits[-1].position
        return position

    def publish(self, commits: Sequence[Commit], answers: Iterable[tuple[str, Outcome]] = ()) -> None:
        """Publishes commits in order and the outcomes for their receivers, waits for the broker, moves the checkpoints on.

        Raises PublishingFailed when the broker did not confirm all of it.
        """
        sent = [self._send(commit) for commit in commits]
        replies = self._reply(answers)
        self._confirm([*sent, *replies])
        last: dict[int, tuple[int, int]] = {}
        for commit, future in zip(commits, sent, strict=True):
            last[commit.partition] = (commit.position, future.value.offset + 1)
        self._store.advance(Checkpoint(partition, position, self._topic_id, end) for partition, (position, end) in last.items())

    def _send(self, commit: Commit) -> Any:
        """Hands the events of a commit to the producer; gives the future of the last, which is confirmed after the others."""
        producer = self._open()
        topic, key = events_topic(self._service), commit.stream.encode()
        future = None
        for stored, envelope in zip(commit.events, commit.envelopes(self._service), strict=True):
            headers = headers_of(stored.type, envelope)
            future = producer.send(topic, stored.data.encode(), key, headers, partition=commit.partition)
            metrics.EVENTS.labels(self._service, stored.type).inc()
        return future

    def _reply(self, answers: Iterable[tuple[str, Outcome]]) -> list[Any]:
        packed: dict[str, list[Outcome]] = defaultdict(list)
        for receiver, outcome in answers:
            if receiver:
                packed[receiver].append(outcome)
        topic = outcomes_topic(self._service)
        return [self._open().send(topic, pack(outcomes), receiver.encode()) for receiver, outcomes in packed.items()]

    def _confirm(self, futures: Sequence[Any]) -> None:
        if not futures:
            return
        self._open().flush(FLUSH_SECONDS)
        failed = next((future for future in futures if not future.is_done or future.failed()), None)
        if failed is not None:
            self.close()
            raise PublishingFailed(f"the broker did not confirm: {failed.exception or 'no answer'}")

    def _open(self) -> Any:
        if self._producer is None:
            self._producer = self._broker.producer()
        return self._producer

    def close(self) -> None:
        """Gives up the connection; the next call makes a new one."""
        if self._producer is not None:
            self._producer.close(timeout=1)
            self._producer = None


def _last_seen(checkpoint: Checkpoint, records: Sequence[Any]) -> bool:
    """Whether these records begin with the last one that the checkpoint has seen."""
    first = records[0]
    position = dict(first.headers).get("ce_position")
    return first.offset == checkpoint.end_offset - 1 and position == b"%d" % checkpoint.position
