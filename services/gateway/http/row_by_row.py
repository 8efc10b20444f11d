"""Answers that are told line by line as something goes on (application/x-ndjson)."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from typing import Any

import orjson
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

MEDIA_TYPE = "application/x-ndjson"


class RowByRow(Response):
    """Sends what the generator gives; waits where the reader does not keep up. Nothing is read meanwhile.

    Starlette's own streaming answer listens for the end of the connection and would take the body's messages.
    """

    media_type = MEDIA_TYPE

    def __init__(self, lines: AsyncGenerator[bytes, None]) -> None:
        super().__init__(headers={"cache-control": "no-store"})
        del self.headers["content-length"]
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async with aclosing(self._lines) as told:
            async for lines in told:
                await send({"type": "http.response.body", "body": lines, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def dump_lines(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """Each as a line of JSON."""
    return b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
