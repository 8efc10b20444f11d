"""Commands against the real servers: each is carried out once, answered, and told to whoever follows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.producer.future import RecordMetadata
from pymongo.database import Database
from structlog.testing import capture_logs

from services.foundation.broker import Broker, events_topic, outcomes_topic
from services.foundation.cloudevents import InvalidCommand, recorded_from
from services.foundation.command_loop import CommandLoop
from services.foundation.consumer import Batch
from services.foundation.database import Document
from services.foundation.event_store import EventStore, Fenced
from services.foundation.messages import Command, Recorded
from services.foundation.outcomes import Outcome, unpack
from services.foundation.publisher import Publisher, PublishingFailed
from services.foundation.settings import Settings
from tests.lamps import ROUTES, Explode, LampSwitched, PutUp, SwitchOff, SwitchOn, a_lamp, asked

pytestmark = pytest.mark.servers

ALL = frozenset(range(4))


@dataclass
class Owner:
    """The owner of all partitions, as a service would have it, and what others see of it."""

    service: str
    loop: CommandLoop
    publisher: Publisher
    read: Callable[[str], list[Any]]

    def does(self, *commands: Recorded) -> list[Outcome]:
        """Carries out a batch; gives the outcomes told to the sender."""
        before = len(self.answers())
        self.loop.handle(Batch(commands))
        return self.answers()[before:]

    def takes_over(self) -> None:
        self.loop.handle(Batch(fresh=ALL))

    def answers(self) -> list[Outcome]:
        return [outcome for record in self.read(outcomes_topic(self.service)) for outcome in unpack(record.value)]

    def events(self) -> list[Recorded]:
        return [recorded_from(record) for record in self.read(events_topic(self.service))]


def without_offset(topic: str, partition: int, where: TopicPartition, offset: int, *more: Any) -> RecordMetadata:
    return RecordMetadata(topic, partition, where, -1, *more)


@pytest.fixture
def owners(service: str, settings: Settings, store_database: Database[Document]) -> Iterator[Callable[[], Owner]]:
    broker = Broker(settings)
    made: list[Owner] = []

    def make() -> Owner:
        broker.ensure_topics([outcomes_topic(service), events_topic(service)])
        store = EventStore(store_database)
        publisher = Publisher(service, broker, store)
        owner = Owner(service, CommandLoop(service, ROUTES, store, publisher, 1000), publisher, partial(read_all, broker))
        owner.takes_over()
        made.append(owner)
        return owner

    yield make
    for owner in made:
        owner.publisher.close()


@pytest.fixture
def owner(owners: Callable[[], Owner]) -> Owner:
    return owners()


def read_all(broker: Broker, topic: str) -> list[Any]:
    """Everything a topic holds, partition by partition."""
    consumer = broker.consumer(None)
    try:
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        found: dict[TopicPartition, list[Any]] = {each: [] for each in partitions}
        while any(consumer.position(each) < ends[each] for each in partitions):
            for partition, records in consumer.poll(timeout_ms=500).items():
                found[partition].extend(records)
        return [record for records in found.values() for record in records]
    finally:
        consumer.close()


def ask(stream: str, command: Command, **more: Any) -> Recorded:
    return asked(stream, command, reply_to="tester", **more)


def test_an_accepted_command_is_answered_and_its_events_are_published(owner: Owner) -> None:
    lamp = a_lamp()
    first, second = owner.does(ask(lamp, PutUp(watts=9)), ask(lamp, SwitchOn()))
    assert [(each.status, each.version) for each in (first, second)] == [("accepted", 1), ("accepted", 2)]
    assert [(each.stream, each.envelope.version) for each in owner.events()] == [(lamp, 1), (lamp, 2)]
    assert [each.envelope.position for each in owner.events()] == [1, 2]


def test_a_refused_command_says_why_and_changes_nothing(owner: Owner) -> None:
    lamp = a_lamp()
    _, refused = owner.does(ask(lamp, PutUp(watts=9)), ask(lamp, PutUp(watts=5)))
    assert (refused.status, refused.code, refused.field) == ("refused", "lamp-already-there", "watts")
    assert len(owner.events()) == 1


def test_what_is_so_already_is_accepted_and_changes_nothing(owner: Owner) -> None:
    lamp = a_lamp()
    *_, unchanged = owner.does(ask(lamp, PutUp(watts=9)), ask(lamp, SwitchOn()), ask(lamp, SwitchOn()))
    assert (unchanged.status, unchanged.version) == ("accepted", 2)


def test_a_command_that_comes_twice_happens_once_and_gets_the_first_outcome(owner: Owner) -> None:
    lamp = a_lamp()
    command = ask(lamp, PutUp(watts=9))
    first, again = owner.does(command, command)
    (later,) = owner.does(command)
    assert first == again == later
    assert len(owner.events()) == 1


def test_after_a_restart_a_command_that_comes_again_gets_the_first_outcome(owners: Callable[[], Owner]) -> None:
    lamp, command = a_lamp(), None
    command = ask(lamp, PutUp(watts=9))
    first = owners().does(command, ask(lamp, SwitchOn()))[0]
    assert owners().does(command) == [first]


def test_a_refusal_stays_a_refusal_even_when_the_state_has_changed_since(owners: Callable[[], Owner]) -> None:
    lamp, early = a_lamp(), ask("", SwitchOn())
    early = ask(lamp, SwitchOn())
    owner = owners()
    (refused,) = owner.does(early)
    owner.does(ask(lamp, PutUp(watts=9)))
    assert refused.code == "stream-unknown"
    assert owners().does(early) == [refused]


def test_a_refusal_stays_a_refusal_within_one_batch(owner: Owner) -> None:
    lamp = a_lamp()
    early = ask(lamp, SwitchOn())
    refused, _, again = owner.does(early, ask(lamp, PutUp(watts=9)), early)
    assert refused.code == "stream-unknown"
    assert again == refused


def test_a_batch_of_many_slices_is_carried_out_in_order(owner: Owner) -> None:
    lamps = [a_lamp() for _ in range(7)]
    rounds = [ask(lamp, PutUp(watts=9)) for lamp in lamps]
    for number in range(60):
        rounds += [ask(lamp, SwitchOff() if number % 2 else SwitchOn()) for lamp in lamps]
    outcomes = owner.does(*rounds)
    assert {outcome.status for outcome in outcomes} == {"accepted"}
    assert [each.envelope.position for each in owner.events()] == list(range(1, len(rounds) + 1))
    assert {each.version for each in outcomes[-7:]} == {61}


def test_nothing_done_stays_nothing_done_when_it_comes_again_later(owners: Callable[[], Owner]) -> None:
    lamp = a_lamp()
    owner, off = owners(), ask(lamp, SwitchOff())
    owner.does(ask(lamp, PutUp(watts=9)), off, ask(lamp, SwitchOn()))
    owners().does(off)
    assert [each.message for each in owner.events()][1:] == [LampSwitched(on=True)]


def test_who_has_not_seen_the_latest_version_is_refused(owner: Owner) -> None:
    lamp = a_lamp()
    *_, stale = owner.does(ask(lamp, PutUp(watts=9)), ask(lamp, SwitchOn()), ask(lamp, SwitchOff(), expected_version=1))
    assert (stale.status, stale.code) == ("refused", "stale-version")


def test_a_command_on_a_stream_of_another_kind_is_refused(owner: Owner) -> None:
    (refused,) = owner.does(ask("chair-1", PutUp(watts=9)))
    assert refused.code == "command-not-for-stream"


def test_fields_that_do_not_fit_are_named(owner: Owner) -> None:
    (refused,) = owner.does(ask(a_lamp(), InvalidCommand(field="watts", reason="must be a number")))
    assert (refused.code, refused.field, refused.message) == ("invalid-fields", "watts", "must be a number")


def test_a_bug_in_one_command_leaves_no_trace_of_its_batch(owner: Owner) -> None:
    lamp = a_lamp()
    with pytest.raises(ZeroDivisionError):
        owner.does(ask(lamp, PutUp(watts=9)), ask(a_lamp(), Explode()))
    (accepted,) = owner.does(ask(lamp, PutUp(watts=9)))
    assert accepted.version == 1


def test_two_owners_of_one_partition_never_write_the_same_position(owners: Callable[[], Owner]) -> None:
    former, present = owners(), owners()
    present.does(ask(a_lamp(), PutUp(watts=9)))
    late = ask(a_lamp(), PutUp(watts=5))
    with pytest.raises(Fenced):
        former.does(late)
    former.takes_over()
    assert [each.status for each in former.does(late)] == ["accepted"]
    assert [each.envelope.position for each in former.events()] == [1, 2]


def test_what_was_committed_and_not_published_is_published_by_the_next_owner(
    owners: Callable[[], Owner], store_database: Database[Document]
) -> None:
    lamp = a_lamp()
    owner = owners()
    owner.does(ask(lamp, PutUp(watts=9)))
    unpublished = next(EventStore(store_database).after(0, 0))[0]
    store_database["commits"].insert_one(
        {
            **store_database["commits"].find_one({"_id": unpublished.command_id}),
            "_id": "died-before-publishing",
            "version": 2,
            "position": 2,
            "events": [{"type": LampSwitched.TYPE, "data": '{"on":true}'}],
        }
    )
    owners()
    assert [each.envelope.version for each in owner.events()] == [1, 2]
    owners()
    assert len(owner.events()) == 2


def test_a_topic_that_was_made_anew_is_told_everything_again(
    owners: Callable[[], Owner], store_database: Database[Document]
) -> None:
    lamp, owner = a_lamp(), owners()
    owner.does(ask(lamp, PutUp(watts=9)), ask(lamp, SwitchOn()))
    store_database["checkpoints"].update_many({}, {"$set": {"topic_id": "a-topic-that-is-gone"}})
    assert [each.envelope.version for each in owners().events()] == [1, 2, 1, 2]


def test_a_topic_that_lost_its_last_records_is_told_everything_again(
    owners: Callable[[], Owner], store_database: Database[Document]
) -> None:
    lamp, owner = a_lamp(), owners()
    owner.does(ask(lamp, PutUp(watts=9)), ask(lamp, SwitchOn()))
    store_database["checkpoints"].update_many({}, {"$inc": {"end_offset": 100}})
    assert [each.envelope.version for each in owners().events()] == [1, 2, 1, 2]


def test_a_checkpoint_that_does_not_know_its_offset_is_told_everything_again(
    owners: Callable[[], Owner], store_database: Database[Document]
) -> None:
    lamp, owner = a_lamp(), owners()
    owner.does(ask(lamp, PutUp(watts=9)), ask(lamp, SwitchOn()))
    store_database["checkpoints"].update_many({}, {"$set": {"end_offset": 0}})
    assert [each.envelope.version for each in owners().events()] == [1, 2, 1, 2]


def test_events_whose_offset_the_broker_does_not_say_are_told_again(
    owner: Owner, store_database: Database[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A retry that the broker recognises is confirmed without an offset, after a pause of the broker for example."""
    lamp = a_lamp()
    with monkeypatch.context() as patched:
        patched.setattr("kafka.producer.future.RecordMetadata", without_offset)
        with pytest.raises(PublishingFailed, match="at which offset"):
            owner.does(ask(lamp, PutUp(watts=9)))
    assert store_database["checkpoints"].count_documents({"position": {"$gt": 0}}) == 0
    owner.takes_over()
    assert [each.envelope.version for each in owner.events()] == [1, 1]
    assert store_database["checkpoints"].count_documents({"position": 1, "end_offset": {"$gt": 0}}) == 1


def test_the_log_names_each_command_by_its_correlation_id(owner: Owner) -> None:
    lamp = a_lamp()
    commands = asked(lamp, PutUp(watts=9)), asked(lamp, PutUp(watts=9)), asked(a_lamp(), SwitchOn())
    with capture_logs() as lines:
        owner.does(*commands)
    told = [each for line in lines if line["event"] == "commands.handled" for each in line["commands"]]
    assert [each["correlation_id"] for each in told] == [each.envelope.correlation_id for each in commands]
    assert told[2]["code"] == "stream-unknown"
