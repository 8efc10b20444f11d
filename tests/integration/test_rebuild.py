"""Views made anew from a topic: what cannot be read parks its stream here too, and the indexes are as they were."""

from collections.abc import Sequence
from functools import partial

import mongoengine
import pytest

from services.foundation.broker import Broker, events_topic
from services.foundation.cloudevents import headers_of
from services.foundation.database import open_database
from services.foundation.faults import PassingFault
from services.foundation.messages import Event, Recorded
from services.foundation.rebuild import rebuild
from services.foundation.settings import Settings
from services.foundation.status import ConsumerStatus
from services.gateway.rebuilding import ORDER, ORDERS, Rebuilding
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
