"""Making the gateway's views anew when an operator has ordered it (``bruecke views rebuild``), before anything is consumed."""

import threading
from collections.abc import Callable, Sequence

import structlog
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.faults import backoff, passes
from services.foundation.projection import Projection
from services.foundation.rebuild import rebuild
from services.foundation.settings import Settings
from services.foundation.status import ConsumerStatus

ORDERS = "orders"
ORDER = "rebuild-views"

log = structlog.get_logger()


class Rebuilding:
    """Carries out an order to rebuild; it stands in the database until that is done, so a crash in between begins again.

    ``open_views`` gives the database of the views, with the indexes that they declare.
    """

    def __init__(
        self,
        settings: Settings,
        open_views: Callable[[], Database[Document]],
        projections: Sequence[Projection],
        topics: Sequence[str],
        status: ConsumerStatus,
        on_rebuilt: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._open_views = open_views
        self._projections = projections
        self._topics = topics
        self._status = status
        self._on_rebuilt = on_rebuilt
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Does not wait for a broker or database that is away any longer."""
        self._stopping.set()

    def carry_out(self) -> bool:
        """Rebuilds if that is ordered. False where it could not be done: the status says why, and nothing may be consumed."""
        waits = backoff()
        while not self._stopping.is_set():
            try:
                return self._carry_out()
            except Exception as fault:
                self._status.waits(f"the views cannot be rebuilt: {type(fault).__name__}: {fault}"[:200])
                if not passes(fault):
                    log.exception("rebuild.broken")
                    return False
                self._stopping.wait(next(waits))
        return False

    def _carry_out(self) -> bool:
        database = self._open_views()
        orders = database[ORDERS]
        if orders.find_one({"_id": ORDER}) is not None:
            self._status.waits("the views are being rebuilt")
            count = rebuild(self._settings, database, self._projections, self._topics)
            self._open_views()
            self._on_rebuilt()
            orders.delete_one({"_id": ORDER})
            log.info("rebuild.done", events=count)
        return True
