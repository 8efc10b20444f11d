"""Read your own writes: waits until a view has seen the version that a command led to.

The projector of this process tells at once; what another instance projects is found by looking, at growing intervals.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

FIRST_LOOK_SECONDS = 0.005
LAST_LOOK_SECONDS = 0.05

Document = dict[str, Any]


class ViewWatch:
    """Belongs to one event loop."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._changed = asyncio.Event()
        self.changes = 0
        """How often views were written by this process."""

    def advanced(self, documents: Iterable[tuple[str, int]]) -> None:
        """Takes what the projector has just written; to be called on the event loop."""
        self.changes += 1
        self._changed.set()
        if self._waiting:
            for stream, _ in documents:
                for waiting in self._waiting.get(stream, ()):
                    waiting.set()

    async def at_least(self, collection: str, stream: str, version: int, patience: float) -> Document | None:
        """The document of this stream once it is at this version or a later one; None when patience ends."""
        told = asyncio.Event()
        self._waiting.setdefault(stream, set()).add(told)
        try:
            async with asyncio.timeout(patience):
                return await self._look(collection, stream, version, told)
        except TimeoutError:
            return None
        finally:
            self._stop_waiting(stream, told)

    async def change_after(self, seen: int, patience: float) -> None:
        """Waits until ``changes`` has gone beyond ``seen``, or until patience ends: what another instance wrote is not told."""
        try:
            async with asyncio.timeout(patience):
                while self.changes <= seen:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return

    async def _look(self, collection: str, stream: str, version: int, told: asyncio.Event) -> Document:
        interval = FIRST_LOOK_SECONDS
        while True:
            document = await self._database[collection].find_one({"_id": stream})
            if document is not None and document["version"] >= version:
                return document
            try:
                await asyncio.wait_for(told.wait(), interval)
            except TimeoutError:
                interval = min(interval * 2, LAST_LOOK_SECONDS)
            told.clear()

    def _stop_waiting(self, stream: str, told: asyncio.Event) -> None:
        waiting = self._waiting[stream]
        waiting.discard(told)
        if not waiting:
            del self._waiting[stream]
