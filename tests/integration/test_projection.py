"""Views on the real database: made of events alone, once each, in order, whoever else writes."""

from collections.abc import Iterable
from typing import Any

import pytest
from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.consumer import Batch
from services.foundation.database import Document
from services.foundation.messages import Envelope, Event, Recorded
from services.foundation.process_manager import ProcessManager
from services.foundation.projection import EventGap, Projection, Projector, ViewOvertaken
from services.foundation.reaction import Request
from tests.lamps import LampPutUp, LampSwitched, SwitchOn, a_lamp, envelope

pytestmark = pytest.mark.servers


class LampView(Projection):
    collection = "lamps"
    categories = frozenset({"lamp"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case LampPutUp():
                document["watts"] = event.watts
            case LampSwitched():
                document["on"] = event.on

    def derive(self, document: Document, event: Event, envelope: Envelope) -> Iterable[tuple[str, Document]]:
        yield "lamp_events", {"_id": envelope.id, "type": event.TYPE}


def happened(stream: str, version: int, event: Event) -> Recorded:
    return Recorded(event, envelope(stream, id=f"{stream}/{version}", version=version, position=version))


def a_story(stream: str) -> list[Recorded]:
    return [
        happened(stream, 1, LampPutUp(watts=9)),
        happened(stream, 2, LampSwitched(on=True)),
        happened(stream, 3, LampSwitched(on=False)),
    ]


def projector(database: Database[Document], **more: Any) -> Projector:
    return Projector(database, [LampView()], **more)


def test_a_view_shows_what_happened(store_database: Database[Document]) -> None:
    lamp = a_lamp()
    projector(store_database).handle(Batch(tuple(a_story(lamp))))
    document = store_database["lamps"].find_one({"_id": lamp})
    assert document
    assert (document["version"], document["watts"], document["on"]) == (3, 9, False)
    assert store_database["lamp_events"].count_documents({}) == 3


def test_a_second_delivery_changes_nothing(store_database: Database[Document]) -> None:
    lamp = a_lamp()
    for owner in (projector(store_database), projector(store_database)):
        for _ in range(2):
            owner.handle(Batch(tuple(a_story(lamp))))
    document = store_database["lamps"].find_one({"_id": lamp})
    assert document
    assert document["version"] == 3
    assert store_database["lamp_events"].count_documents({}) == 3


def test_a_gap_is_an_error_and_is_never_skipped(store_database: Database[Document]) -> None:
    lamp = a_lamp()
    first, _, third = a_story(lamp)
    owner = projector(store_database)
    owner.handle(Batch((first,)))
    with pytest.raises(EventGap):
        owner.handle(Batch((third,)))
    document = store_database["lamps"].find_one({"_id": lamp})
    assert document
    assert document["version"] == 1


def test_a_former_owner_does_not_overwrite_what_is_newer(store_database: Database[Document]) -> None:
    lamp = a_lamp()
    first, second, third = a_story(lamp)
    former, present = projector(store_database), projector(store_database)
    former.handle(Batch((first,)))
    present.handle(Batch((first, second, third)))
    with pytest.raises(ViewOvertaken):
        former.handle(Batch((second,)))
    former.handle(Batch((second,)))
    document = store_database["lamps"].find_one({"_id": lamp})
    assert document
    assert document["version"] == 3


def test_whoever_waits_is_told_what_was_written(store_database: Database[Document]) -> None:
    lamp, told = a_lamp(), []
    projector(store_database, on_advance=told.extend).handle(Batch(tuple(a_story(lamp))))
    assert told == [(lamp, 3)]


class Sent:
    """Stands where the commands go to, and keeps them."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    def send_all(self, commands: Iterable[tuple[Envelope, object]]) -> None:
        self.ids += [envelope.id for envelope, _ in commands]


def switch_on_what_is_put_up(recorded: Recorded) -> Iterable[Request]:
    if isinstance(recorded.message, LampPutUp):
        yield Request(recorded.stream, SwitchOn())


def manager(database: Database[Document], sent: Sent) -> ProcessManager:
    return ProcessManager("light", "lamps", (switch_on_what_is_put_up,), database, sent)  # type: ignore[arg-type]


def test_a_process_manager_reacts_once_and_a_replay_after_a_crash_makes_the_same_command(
    store_database: Database[Document],
) -> None:
    lamp, sent = a_lamp(), Sent()
    story = Batch(tuple(a_story(lamp)))
    manager(store_database, sent).handle(story)
    manager(store_database, sent).handle(story)
    expected = derived_id(f"{lamp}/1", lamp, SwitchOn.TYPE)
    assert sent.ids == [expected]
    store_database["followed"].delete_many({})
    manager(store_database, sent).handle(story)
    assert sent.ids == [expected, expected]


def test_a_process_manager_does_not_skip_a_gap(store_database: Database[Document]) -> None:
    with pytest.raises(EventGap):
        manager(store_database, Sent()).handle(Batch((happened(a_lamp(), 2, LampSwitched(on=True)),)))
