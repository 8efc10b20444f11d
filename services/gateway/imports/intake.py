"""The body of an import: it is read as fast as the client sends it, whether or not the answer is read meanwhile.

Many clients send their whole body before they read. If the body had to wait for the answer to be read, both would wait.
What has come and is not used yet is kept in memory, at most the limit of a body.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from fastapi import Request
from starlette.requests import ClientDisconnect

from services.gateway.problems import Problem


class Intake:
    """A request's body. ``gone`` is set when the client has hung up."""

    def __init__(self, request: Request, most: int) -> None:
        stated = request.headers.get("content-length", "0")
        if stated.isdecimal() and int(stated[:20]) > most:
            raise _too_large(most)
        self._request = request
        self._most = most
        self._chunks: deque[bytes] = deque()
        self._more = asyncio.Event()
        self._end: Exception | None = None
        self._ended = False
        self.gone = False
        self._task = asyncio.create_task(self._receive())

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes; raises ClientDisconnect where it breaks off, and a 413 problem where it is too large."""
        while True:
            while self._chunks:
                yield self._chunks.popleft()
            if self._ended:
                if self._end is not None:
                    raise self._end
                return
            self._more.clear()
            await self._more.wait()

    async def whole(self) -> bytes:
        """All of it. Raises the same."""
        return b"".join([chunk async for chunk in self.chunks()])

    def close(self) -> None:
        """Stops to listen."""
        self._task.cancel()

    async def discard(self) -> None:
        """Lets the client send what is left, so that it reads the answer, and forgets it."""
        while not self._ended:
            self._chunks.clear()
            self._more.clear()
            await self._more.wait()
        self._chunks.clear()
        self.close()

    async def _receive(self) -> None:
        size = 0
        try:
            async for chunk in self._request.stream():
                size += len(chunk)
                if size > self._most:
                    raise _too_large(self._most)
                if chunk:
                    self._chunks.append(chunk)
                    self._more.set()
        except (ClientDisconnect, Problem) as end:
            self._end = end
        self.gone = isinstance(self._end, ClientDisconnect)
        self._ended = True
        self._more.set()
        if self._end is None:
            while (await self._request.receive())["type"] != "http.disconnect":
                pass
            self.gone = True


def _too_large(most: int) -> Problem:
    return Problem(413, "body-too-large", f"an import may have {most} bytes at most", headers={"connection": "close"})
