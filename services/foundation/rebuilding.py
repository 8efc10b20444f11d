"""Making views from the history of the topics before anything is consumed: those that a new version brings or makes otherwise,
and all when that is ordered.

A view that is new meets streams that are long under way, and would see a gap; the documents of one that is made otherwise lack
what they hold now. So they are made from the first event on. Nothing reacts to what is read here: no process manager, no timer.
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
"""{_id: collection of a view that holds all from the first event on, shape: of its documents}"""

log = structlog.get_logger()


class Rebuilding:
    """Makes what is new, and carries out an order to rebuild (``bruecke views rebuild``); it stands in the database until that
    is done, so a crash in between begins again.

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
            self._make_pending(database)

    def _rebuild(self, database: Database[Document]) -> None:
        self._tell_again()
        require_history(self._settings, database, self._projections, self._topics)
        count = rebuild(self._settings, database, self._projections, self._topics)
        self._open_views()
        self._on_rebuilt()
        _note(database, self._projections)
        log.info("rebuild.done", events=count)

    def _make_pending(self, database: Database[Document]) -> None:
        """Several instances may do so at the same time: they write the same, and nothing that is newer is overwritten."""
        pending = [each for each in self._projections if _is_pending(database, each)]
        if not pending:
            return
        self._status.waits("new views are being made")
        if any(database[each.collection].find_one({}, {"_id": 1}) for each in pending):
            self._tell_again()
            require_history(self._settings, database, pending, self._topics)
        count = add(self._settings, database, pending, self._topics)
        self._on_rebuilt()
        _note(database, pending)
        log.info("views.made", views=[each.collection for each in pending], events=count)


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


def _is_pending(database: Database[Document], projection: Projection) -> bool:
    note = database[MADE].find_one({"_id": projection.collection})
    return note is None or note["shape"] != projection.shape


def _note(database: Database[Document], projections: Sequence[Projection]) -> None:
    for each in projections:
        database[MADE].replace_one({"_id": each.collection}, {"shape": each.shape}, upsert=True)
