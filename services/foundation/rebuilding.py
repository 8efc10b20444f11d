"""Making views from the history of the topics before anything is consumed: those that are new, and all when that is ordered.

A view that a new version brings meets streams that are long under way, and would see a gap. So it is made from the first event
on. Nothing reacts to what is read here: no process manager, no timer.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing

import structlog
from pymongo.database import Database

from services.foundation.broker import Broker, events_topic
from services.foundation.database import Document
from services.foundation.event_store import EventStore
from services.foundation.faults import backoff, passes
from services.foundation.projection import Projection
from services.foundation.publisher import Publisher
from services.foundation.rebuild import add, rebuild, require_history
from services.foundation.settings import Settings
from services.foundation.status import ConsumerStatus

ORDERS = "orders"
ORDER = "rebuild-views"
MADE = "views_made"
"""{_id: collection of a view, whole: whether it was made from the first event on}"""

log = structlog.get_logger()


class Rebuilding:
    """Makes new views, and carries out an order to rebuild (``bruecke views rebuild``); it stands in the database until that is
    done, so a crash in between begins again.

    ``open_views`` gives the database of the views, with the indexes that they declare. ``tell_again`` has the topics hold what
    this process itself should have published, where nobody else does so.
    """

    def __init__(
        self,
        settings: Settings,
        open_views: Callable[[], Database[Document]],
        projections: Sequence[Projection],
        topics: Sequence[str],
        status: ConsumerStatus,
        on_rebuilt: Callable[[], None] = lambda: None,
        tell_again: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._open_views = open_views
        self._projections = projections
        self._topics = topics
        self._status = status
        self._on_rebuilt = on_rebuilt
        self._tell_again = tell_again
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Does not wait for a broker or database that is away any longer."""
        self._stopping.set()

    def carry_out(self) -> bool:
        """Makes what there is to make. False where it could not be done: the status says why, and nothing may be consumed."""
        waits = backoff()
        while not self._stopping.is_set():
            try:
                self._carry_out()
            except Exception as fault:
                self._status.waits(f"the views cannot be rebuilt: {type(fault).__name__}: {fault}"[:200])
                if not passes(fault):
                    log.exception("rebuild.broken")
                    return False
                self._stopping.wait(next(waits))
            else:
                return True
        return False

    def _carry_out(self) -> None:
        database = self._open_views()
        orders = database[ORDERS]
        if orders.find_one({"_id": ORDER}) is not None:
            self._status.waits("the views are being rebuilt")
            self._rebuild(database)
            orders.delete_one({"_id": ORDER})
        else:
            self._make_new(database)

    def _rebuild(self, database: Database[Document]) -> None:
        self._tell_again()
        require_history(self._settings, database, self._projections, self._topics)
        count = rebuild(self._settings, database, self._projections, self._topics)
        self._open_views()
        self._on_rebuilt()
        for each in self._projections:
            _note(database, each, whole=True)
        log.info("rebuild.done", events=count)

    def _make_new(self, database: Database[Document]) -> None:
        """Several instances may do so at the same time: each writes what is not newer there."""
        new = [each for each in self._projections if _is_new(database, each)]
        if not new:
            return
        self._status.waits("new views are being made")
        for each in new:
            _note(database, each, whole=False)
        count = add(self._settings, database, new, self._topics)
        self._on_rebuilt()
        for each in new:
            _note(database, each, whole=True)
        log.info("views.made", views=[each.collection for each in new], events=count)


def republishing(settings: Settings, service: str, database: Database[Document]) -> Callable[[], None]:
    """Has the topic of a service hold all its commits. For the one instance that runs, and does not carry out commands yet."""

    def tell_again() -> None:
        broker, topic = Broker(settings), events_topic(service)
        broker.ensure_topics([topic])
        with closing(broker.consumer(None)) as consumer:
            partitions = sorted(consumer.partitions_for_topic(topic) or ())
        with closing(Publisher(service, broker, EventStore(database))) as publisher:
            publisher.catch_up(partitions)

    return tell_again


def _is_new(database: Database[Document], projection: Projection) -> bool:
    """Whether this view was never made. One that has documents and no note is older than the notes, and followed ever since."""
    note = database[MADE].find_one({"_id": projection.collection})
    if note is not None:
        return not note["whole"]
    if database[projection.collection].find_one({}, {"_id": 1}) is None:
        return True
    _note(database, projection, whole=True)
    return False


def _note(database: Database[Document], projection: Projection, *, whole: bool) -> None:
    """What is whole stays whole: another instance may have been faster."""
    if whole:
        database[MADE].update_one({"_id": projection.collection}, {"$set": {"whole": True}}, upsert=True)
    else:
        database[MADE].update_one({"_id": projection.collection}, {"$setOnInsert": {"whole": False}}, upsert=True)
