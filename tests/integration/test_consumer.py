"""Consuming from the real broker: nothing is lost, nothing overtakes within a stream, one bad message stops nobody else."""

import threading
from collections.abc import Callable, Iterator

import pytest
from pymongo.database import Database

from services.foundation.broker import Broker, commands_topic
from services.foundation.cloudevents import headers_of
from services.foundation.consumer import Batch, BatchConsumer
from services.foundation.database import Document, open_database
from services.foundation.dead_letters import DeadLetterDocument, DeadLetters
from services.foundation.faults import PassingFault
from services.foundation.messages import Command
from services.foundation.settings import Settings
from services.foundation.status import ConsumerStatus
from tests.lamps import Explode, PutUp, SwitchOn, a_lamp, envelope
from tests.waiting import eventually

pytestmark = pytest.mark.servers


class Handler:
    """Remembers what it was given; ``fault`` may raise before that."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.parked: list[str] = []
        self.fault: Callable[[Batch], None] = lambda batch: None

    def __call__(self, batch: Batch) -> None:
        self.fault(batch)
        self.parked += [each.stream for each in batch.parked]
        self.seen += [(each.stream, type(each.message).__name__) for each in batch.recorded]

    def of(self, stream: str) -> list[str]:
        return [name for seen, name in self.seen if seen == stream]


class Group:
    """One consumer group with the members that a test starts, and a producer beside it."""

    def __init__(self, service: str, settings: Settings, database: Database[Document]) -> None:
        self.topic = commands_topic(service)
        self.name = f"{service}.test"
        self.letters = DeadLetters(database, self.name)
        self.database = database
        self.handler = Handler()
        self._settings = settings
        self._producer = Broker(settings).producer()
        self._running: list[tuple[BatchConsumer, threading.Thread]] = []
        Broker(settings).ensure_topics([self.topic])

    def start(self) -> ConsumerStatus:
        status = ConsumerStatus(self.name, (self.topic,))
        consumer = BatchConsumer(self._settings, self.name, [self.topic], self.handler, self.letters, status)
        thread = threading.Thread(target=consumer.run)
        thread.start()
        self._running.append((consumer, thread))
        return status

    def stop(self) -> None:
        while self._running:
            consumer, thread = self._running.pop()
            consumer.stop()
            thread.join(20)

    def close(self) -> None:
        self.stop()
        self._producer.close()

    def send(self, stream: str, *commands: Command) -> None:
        for command in commands:
            self.send_raw(stream, command.to_json(), headers_of(command.TYPE, envelope(stream)))

    def send_raw(self, stream: str, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        self._producer.send(self.topic, value, stream.encode(), headers).get(10)


@pytest.fixture
def group(service: str, settings: Settings) -> Iterator[Group]:
    made = Group(service, settings, open_database(settings, "store", DeadLetterDocument))
    yield made
    made.close()


def explodes(batch: Batch) -> None:
    if any(isinstance(each.message, Explode) for each in batch.recorded):
        raise ZeroDivisionError("a bug")


def test_messages_of_a_stream_are_handled_in_order(group: Group) -> None:
    lamp = a_lamp()
    group.send(lamp, PutUp(watts=9), SwitchOn())
    group.start()
    eventually(lambda: group.handler.of(lamp) == ["PutUp", "SwitchOn"])


def test_a_member_that_stops_leaves_the_rest_to_the_next_and_nothing_comes_twice(group: Group) -> None:
    first, second = a_lamp(), a_lamp()
    group.send(first, PutUp(watts=9))
    group.start()
    eventually(lambda: group.handler.of(first) == ["PutUp"])
    group.stop()
    group.send(second, PutUp(watts=9))
    group.start()
    eventually(lambda: group.handler.of(second) == ["PutUp"])
    assert group.handler.of(first) == ["PutUp"]


def test_a_message_whose_handling_did_not_end_comes_again(group: Group) -> None:
    lamp, stopped = a_lamp(), threading.Event()

    def dies(batch: Batch) -> None:
        if batch.recorded:
            stopped.set()
            raise PassingFault("the database is away")

    group.handler.fault = dies
    group.send(lamp, PutUp(watts=9))
    group.start()
    assert stopped.wait(20)
    group.stop()
    group.handler.fault = lambda batch: None
    group.start()
    eventually(lambda: group.handler.of(lamp) == ["PutUp"])


def test_a_passing_fault_is_waited_out_and_told(group: Group) -> None:
    lamp, faults = a_lamp(), iter([PassingFault("away")] * 3)

    def fault(batch: Batch) -> None:
        if batch.recorded and (now := next(faults, None)):
            raise now

    group.handler.fault = fault
    group.send(lamp, PutUp(watts=9))
    status = group.start()
    eventually(lambda: group.handler.of(lamp) == ["PutUp"])
    assert group.letters.count() == 0
    eventually(lambda: status.state == "running")


def test_a_message_that_a_bug_rejects_parks_its_stream_while_others_go_on(group: Group) -> None:
    bad, good = a_lamp(), a_lamp()
    group.handler.fault = explodes
    group.send(bad, PutUp(watts=9), Explode(), SwitchOn())
    group.send(good, PutUp(watts=9), SwitchOn())
    group.start()
    eventually(lambda: group.handler.of(good) == ["PutUp", "SwitchOn"] and group.letters.count() == 2)
    assert group.handler.of(bad) == ["PutUp"]
    eventually(lambda: group.handler.parked.count(bad) == 2)


@pytest.mark.parametrize("headers", [[], [("ce_id", b"\xff")], headers_of("lamps.Unheard.v1", envelope("lamp-1"))])
def test_what_cannot_be_read_is_put_aside_with_the_reason(group: Group, headers: list[tuple[str, bytes]]) -> None:
    bad, good = a_lamp(), a_lamp()
    group.send_raw(bad, b"\x00nonsense", headers)
    group.send(good, PutUp(watts=9))
    group.start()
    eventually(lambda: group.handler.of(good) == ["PutUp"] and group.letters.count() == 1)
    letter = group.database["dead_letters"].find_one({"key": bad})
    assert letter
    assert letter["error"]
    assert letter["value"] == b"\x00nonsense"


def test_dead_letters_are_replayed_in_order_and_the_stream_goes_on(group: Group) -> None:
    lamp = a_lamp()
    group.handler.fault = explodes
    group.send(lamp, Explode(), SwitchOn())
    group.start()
    eventually(lambda: group.letters.count() == 2)
    group.handler.fault = lambda batch: None
    group.database["dead_letters"].update_one({"key": lamp}, {"$set": {"replay": True}})
    eventually(lambda: group.letters.count() == 0)
    group.send(lamp, PutUp(watts=9))
    eventually(lambda: group.handler.of(lamp) == ["Explode", "SwitchOn", "PutUp"])


def test_a_replay_that_fails_again_keeps_the_letter_and_what_waits_behind_it(group: Group) -> None:
    lamp = a_lamp()
    group.handler.fault = explodes
    group.send(lamp, Explode(), SwitchOn())
    group.start()
    eventually(lambda: group.letters.count() == 2)
    group.database["dead_letters"].update_one({"error": {"$regex": "bug"}}, {"$set": {"replay": True}})
    eventually(lambda: (group.database["dead_letters"].find_one({"tries": 2}) or {}).get("replay") is False)
    assert group.letters.count() == 2
    assert group.handler.of(lamp) == []


def test_a_parked_stream_stays_parked_over_a_restart(group: Group) -> None:
    lamp = a_lamp()
    group.handler.fault = explodes
    group.send(lamp, Explode())
    group.start()
    eventually(lambda: group.letters.count() == 1)
    group.stop()
    group.handler.fault = lambda batch: None
    group.send(lamp, SwitchOn())
    group.start()
    eventually(lambda: group.letters.count() == 2)
    assert group.handler.of(lamp) == []


def test_two_members_share_the_work_without_loss(group: Group) -> None:
    lamps = [a_lamp() for _ in range(40)]
    group.start()
    for lamp in lamps[:20]:
        group.send(lamp, PutUp(watts=9))
    group.start()
    for lamp in lamps[20:]:
        group.send(lamp, PutUp(watts=9))
    eventually(lambda: {stream for stream, _ in group.handler.seen} == set(lamps))


def test_a_member_that_has_no_partition_is_ready_to_take_over(
    service: str, settings: Settings, store_database: Database[Document]
) -> None:
    small = settings.model_copy(update={"kafka_partitions": 1})
    group = Group(service, small, store_database)
    try:
        members = [group.start() for _ in range(2)]
        eventually(lambda: [each.state for each in members] == ["running", "running"])
        assert sorted(len(each.partitions) for each in members) == [0, 1]
    finally:
        group.close()
