"""Views made anew from a topic: what cannot be read parks its stream here too, and the indexes are as they were.

And views that a new version brings, where the log and the committed offsets of the old one are kept.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import mongoengine
import pytest

from services.foundation.broker import Broker, events_topic
from services.foundation.cloudevents import headers_of
from services.foundation.consumer import Batch
from services.foundation.database import Document, open_database
from services.foundation.faults import PassingFault
from services.foundation.messages import Envelope, Event, Recorded
from services.foundation.projection import EventGap, Projection, Projector
from services.foundation.rebuild import add, rebuild
from services.foundation.rebuilding import ORDER, ORDERS, Rebuilding
from services.foundation.settings import Settings
from services.foundation.status import ConsumerStatus
from tests.integration.test_projection import LampView
from tests.lamps import LampPutUp, LampSwitched, a_lamp, envelope

pytestmark = pytest.mark.servers


class LampDocument(mongoengine.DynamicDocument):
    id = mongoengine.StringField(primary_key=True)
    watts = mongoengine.IntField()
    meta = {"collection": "lamps", "auto_create_index": False, "indexes": [("watts", "id")]}  # noqa: RUF012


class History:
    """A topic that a test fills."""

    def __init__(self, settings: Settings, service: str) -> None:
        self.topic = events_topic(service)
        Broker(settings).ensure_topics([self.topic])
        self._producer = Broker(settings).producer()

    def tell(self, stream: str, version: int, event: Event, *, type_name: str = "") -> None:
        headers = headers_of(type_name or event.TYPE, envelope(stream, version=version))
        self._producer.send(self.topic, event.to_json(), stream.encode(), headers).get(10)

    def close(self) -> None:
        self._producer.close()


def test_what_cannot_be_read_and_what_follows_it_is_left_out(settings: Settings, service: str) -> None:
    good, parked, history = a_lamp(), a_lamp(), History(settings, service)
    for lamp in (good, parked):
        history.tell(lamp, 1, LampPutUp(watts=9))
        history.tell(lamp, 2, LampSwitched(on=True), type_name="" if lamp == good else "lamps.LampVanished.v1")
        history.tell(lamp, 3, LampSwitched(on=False))
    history.close()
    database = open_database(settings, "store", LampDocument)
    assert rebuild(settings, database, [LampView()], [history.topic]) == 4
    assert {each["_id"]: each["version"] for each in database["lamps"].find({})} == {good: 3, parked: 1}


class Interrupted(LampView):
    """Meets a fault that passes, once."""

    faults = 1

    def prepare(self, batch: Sequence[Recorded]) -> None:
        if self.faults:
            self.faults = 0
            raise PassingFault("the broker was away")


def test_a_rebuild_that_was_interrupted_ends_with_every_view_and_index(settings: Settings, service: str) -> None:
    lamp, history = a_lamp(), History(settings, service)
    history.tell(lamp, 1, LampPutUp(watts=9))
    history.close()
    open_views = partial(open_database, settings, "store", LampDocument)
    database = open_views()
    before = database["lamps"].index_information()
    assert len(before) == 2
    database[ORDERS].insert_one({"_id": ORDER})
    status = ConsumerStatus("views", (history.topic,))
    assert Rebuilding(settings, open_views, [Interrupted()], [history.topic], status).carry_out()
    assert database["lamps"].find_one({"_id": lamp, "watts": 9})
    assert database["lamps"].index_information() == before
    assert database[ORDERS].count_documents({}) == 0


class SwitchView(LampView):
    """A view that a later version brings."""

    collection = "switches"


class SwitchDocument(mongoengine.DynamicDocument):
    id = mongoengine.StringField(primary_key=True)
    meta = {"collection": "switches", "auto_create_index": False, "indexes": ["on"]}  # noqa: RUF012


OLD, NEW = (LampView(),), (LampView(), SwitchView())


@pytest.fixture
def upgraded(settings: Settings, service: str) -> Iterator["Upgraded"]:
    history = History(settings, service)
    yield Upgraded(settings, history)
    history.close()


class Upgraded:
    """An installation whose log is kept: two lamps were followed by the old version up to what it has committed."""

    def __init__(self, settings: Settings, history: History) -> None:
        self.settings, self._history, self.topic = settings, history, history.topic
        self.database = open_database(settings, "store", LampDocument)
        self.lamps = (a_lamp(), a_lamp())
        old = Projector(self.database, OLD)
        for version, event in enumerate((LampPutUp(watts=9), LampSwitched(on=True)), 1):
            for lamp in self.lamps:
                old.handle(Batch((self.happens(lamp, version, event),)))

    def happens(self, lamp: str, version: int, event: Event) -> Recorded:
        self._history.tell(lamp, version, event)
        return Recorded(event, envelope(lamp, version=version))

    def rebuilding(self, projections: Sequence[Projection] = NEW, **more: Any) -> Rebuilding:
        status = ConsumerStatus("views", ())
        open_views = partial(open_database, self.settings, "store", LampDocument, SwitchDocument)
        return Rebuilding(self.settings, open_views, projections, [self.topic], status, **more)

    def view(self, collection: str) -> dict[str, tuple[int, bool]]:
        return {each["_id"]: (each["version"], each.get("on", False)) for each in self.database[collection].find({})}


def test_without_being_made_a_new_view_would_see_a_gap(upgraded: Upgraded) -> None:
    later = upgraded.happens(upgraded.lamps[0], 3, LampSwitched(on=False))
    with pytest.raises(EventGap):
        Projector(upgraded.database, NEW).handle(Batch((later,)))


def test_a_new_view_is_made_of_all_that_happened_and_goes_on_where_the_others_do(upgraded: Upgraded) -> None:
    first, second = upgraded.lamps
    unread = upgraded.happens(second, 3, LampSwitched(on=False))
    assert upgraded.rebuilding().carry_out()
    assert upgraded.view("switches") == {first: (2, True), second: (3, False)}
    later = upgraded.happens(first, 3, LampSwitched(on=False))
    Projector(upgraded.database, NEW).handle(Batch((unread, later)))
    assert upgraded.view("switches") == upgraded.view("lamps") == {first: (3, False), second: (3, False)}
    assert len(upgraded.database["switches"].index_information()) == 2


def test_a_view_that_is_whole_is_not_made_again(upgraded: Upgraded) -> None:
    assert upgraded.rebuilding().carry_out()
    upgraded.database["lamps"].update_many({}, {"$set": {"mark": True}})
    assert upgraded.rebuilding().carry_out()
    assert upgraded.database["lamps"].count_documents({"mark": True}) == 2


class BrightView(LampView):
    """The same view with documents of another shape."""

    shape = 2

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        super().apply(document, event, envelope)
        document["bright"] = document["watts"] > 8


def test_a_view_of_another_shape_is_made_again(upgraded: Upgraded) -> None:
    assert upgraded.rebuilding(OLD).carry_out()
    assert upgraded.rebuilding((BrightView(),)).carry_out()
    assert upgraded.database["lamps"].count_documents({"bright": True, "version": 2}) == 2


def test_a_view_that_was_made_in_part_is_made_to_the_end(upgraded: Upgraded) -> None:
    first, second = upgraded.lamps
    upgraded.database["switches"].insert_one({"_id": first, "version": 1})
    assert upgraded.rebuilding().carry_out()
    assert upgraded.view("switches") == {first: (2, True), second: (2, True)}


def test_what_is_newer_than_the_topics_stays(upgraded: Upgraded) -> None:
    first, second = upgraded.lamps
    upgraded.database["switches"].insert_one({"_id": first, "version": 3, "on": False})
    assert add(upgraded.settings, upgraded.database, [SwitchView()], [upgraded.topic]) == 4
    assert upgraded.view("switches") == {first: (3, False), second: (2, True)}


def test_no_view_is_dropped_that_the_topics_cannot_give_back(upgraded: Upgraded) -> None:
    lamp, told = upgraded.lamps[0], []
    upgraded.database["lamps"].update_one({"_id": lamp}, {"$set": {"version": 3}})
    upgraded.database[ORDERS].insert_one({"_id": ORDER})

    def tell_again() -> None:
        assert upgraded.view("lamps")[lamp] == (3, True)
        told.append(lamp)
        if len(told) == 2:
            upgraded.happens(lamp, 3, LampSwitched(on=False))

    assert upgraded.rebuilding(tell_again=tell_again).carry_out()
    assert len(told) == 2
    assert upgraded.view("lamps")[lamp] == upgraded.view("switches")[lamp] == (3, False)
    assert upgraded.database[ORDERS].count_documents({}) == 0
