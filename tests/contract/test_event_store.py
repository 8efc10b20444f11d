"""What every event store must do. The suite runs against the database of the chosen stack."""

from dataclasses import replace

import pytest
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.event_store import Checkpoint, Commit, EventStore, Fenced, StoredEvent
from services.foundation.outcomes import Outcome
from tests.lamps import MOMENT, STAFF, LampPutUp, LampSwitched, a_lamp

pytestmark = pytest.mark.servers


def a_commit(stream: str, version: int = 1, position: int = 1, *, id: str = "", partition: int = 0, events: int = 1) -> Commit:
    stored = [StoredEvent.of(LampPutUp(watts=9)), *(StoredEvent.of(LampSwitched(on=True)) for _ in range(events - 1))]
    return Commit(
        command_id=id or f"command-{partition}-{position}",
        stream=stream,
        version=version,
        partition=partition,
        position=position,
        events=tuple(stored),
        time=MOMENT,
        actor=STAFF,
        correlation_id="because",
    )


@pytest.fixture
def store(store_database: Database[Document]) -> EventStore:
    return EventStore(store_database)


def test_what_was_appended_is_loaded_unchanged(store: EventStore) -> None:
    commit = a_commit(a_lamp(), events=3)
    store.append([commit])
    assert store.load([commit.stream]) == {commit.stream: [commit]}


def test_a_stream_is_loaded_in_the_order_of_its_versions(store: EventStore) -> None:
    lamp = a_lamp()
    commits = [a_commit(lamp, version=v, position=p) for p, v in enumerate((1, 2, 3), start=1)]
    for commit in commits:
        store.append([commit])
    assert store.load([lamp])[lamp] == commits


def test_an_unknown_stream_has_no_commits(store: EventStore) -> None:
    assert store.load(["lamp-unknown"]) == {"lamp-unknown": []}


def test_more_streams_than_one_query_takes_are_all_loaded(store: EventStore) -> None:
    commits = [a_commit(a_lamp(), position=position) for position in range(1, 121)]
    store.append(commits)
    loaded = store.load([commit.stream for commit in commits])
    assert [loaded[commit.stream] for commit in commits] == [[commit] for commit in commits]


def test_two_decisions_on_the_same_state_collide(store: EventStore) -> None:
    lamp = a_lamp()
    store.append([a_commit(lamp, version=1, position=1, events=2)])
    with pytest.raises(Fenced):
        store.append([a_commit(lamp, version=1, position=2)])


def test_a_former_owner_meets_the_position_that_was_taken(store: EventStore) -> None:
    store.append([a_commit(a_lamp(), position=1, id="new-owner")])
    with pytest.raises(Fenced):
        store.append([a_commit(a_lamp(), position=1, id="former-owner")])


def test_a_command_is_committed_once(store: EventStore) -> None:
    commit = a_commit(a_lamp(), id="once")
    store.append([commit])
    with pytest.raises(Fenced):
        store.append([replace(commit, stream=a_lamp(), position=2)])


def test_a_fence_within_a_batch_lets_nothing_behind_it_through(store: EventStore) -> None:
    before, fenced, behind = (a_commit(a_lamp(), position=position) for position in (1, 2, 3))
    store.append([replace(fenced, stream=a_lamp(), command_id="faster")])
    with pytest.raises(Fenced):
        store.append([before, fenced, behind])
    loaded = store.load([before.stream, fenced.stream, behind.stream])
    assert [len(loaded[each.stream]) for each in (before, fenced, behind)] == [1, 0, 0]


def test_a_partition_is_read_in_the_order_of_its_positions_in_slices(store: EventStore) -> None:
    commits = [a_commit(a_lamp(), position=position) for position in range(1, 26)]
    store.append(commits)
    store.append([a_commit(a_lamp(), position=1, partition=1)])
    assert list(store.after(0, 5, slice_size=10)) == [commits[5:15], commits[15:25]]


def test_the_first_answer_to_a_command_without_events_stays(store: EventStore) -> None:
    refused = Outcome(command_id="c", stream="lamp-1", status="refused", code="no", message="not now", field="watts")
    store.remember([refused])
    store.remember([refused.model_copy(update={"status": "accepted"})])
    assert store.answers(["c", "d"]) == {"c": refused}


def test_a_checkpoint_moves_on_and_never_back(store: EventStore) -> None:
    store.restart(Checkpoint(0, 0, "topic-1", 0))
    store.advance([Checkpoint(0, 7, "topic-1", 20)])
    store.advance([Checkpoint(0, 5, "topic-1", 15)])
    assert store.checkpoint(0) == Checkpoint(0, 7, "topic-1", 20)


def test_a_checkpoint_of_a_topic_that_is_gone_moves_nothing(store: EventStore) -> None:
    store.restart(Checkpoint(0, 0, "topic-2", 0))
    store.advance([Checkpoint(0, 7, "topic-1", 20)])
    assert store.checkpoint(0) == Checkpoint(0, 0, "topic-2", 0)
