"""Running an import: records come in, rows are settled many at a time, and each is told in the order of the file.

Only so many rows are under way at once, and none is begun while the reader of the answer does not keep up.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Any

from services.gateway.imports.records import Record
from services.gateway.imports.rows import Row, RowReader
from services.gateway.imports.settling import Settled, Settler

BATCH = 50
"""Rows whose profiles are looked up together."""
AHEAD = 4
"""Batches under way."""

Line = Mapping[str, Any]


class Run:
    """One import. ``totals`` counts the rows by how they ended, ``written`` holds the last that were written."""

    def __init__(self, reader: RowReader, settler: Settler) -> None:
        self._reader = reader
        self._settler = settler
        self.totals: Counter[str] = Counter()
        self.written: deque[Settled] = deque(maxlen=BATCH * AHEAD)

    async def lines(self, records: AsyncIterator[list[Record]]) -> AsyncGenerator[list[Line], None]:
        """What is told of each row, in order, some at a time. Raises NotAnswering, and what ``records`` raises."""
        under_way: deque[asyncio.Task[list[tuple[Row, Settled]]]] = deque()
        try:
            async for some in records:
                for start in range(0, len(some), BATCH):
                    rows = await asyncio.to_thread(self._reader.read_all, some[start : start + BATCH])
                    under_way.append(asyncio.create_task(self._settle(rows)))
                    while len(under_way) >= AHEAD:
                        yield self._told(await under_way.popleft())
            while under_way:
                yield self._told(await under_way.popleft())
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _settle(self, rows: Sequence[Row]) -> list[tuple[Row, Settled]]:
        known = await self._settler.find([row.stream for row in rows if row.stream and not row.errors and not row.same_as])
        settled = await asyncio.gather(*(self._settler.settle(row, known.get(row.stream)) for row in rows))
        return list(zip(rows, settled, strict=True))

    def _told(self, rows: Sequence[tuple[Row, Settled]]) -> list[Line]:
        told: list[Line] = []
        for row, settled in rows:
            self.totals[settled.status] += 1
            if settled.version:
                self.written.append(settled)
            whose = {"line": row.line, "external_id": row.external_id}
            told.append({**whose, "status": settled.status, "id": settled.id or None, "errors": settled.errors})
        return told
