"""Leaves a trail of every request: a correlation id, a line in the log, a measurement. None of them holds personal data."""

import os
import re
import time
from typing import Any

from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.http.access_log import AccessLog

HEADER = b"x-correlation-id"

REQUEST_SECONDS = Histogram(
    "bruecke_http_request_seconds",
    "Requests over HTTP, from the first byte to the answer",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ID = re.compile(rb"[A-Za-z0-9._:-]{1,100}")


class Trail:
    """ASGI middleware. Puts the correlation id into the scope and the answer's headers."""

    def __init__(self, app: ASGIApp, log: AccessLog) -> None:
        self._app = app
        self._log = log
        self._measured: dict[tuple[str, str, int], Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        id = _correlation_id(scope)
        scope["correlation_id"] = id.decode()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER, id)]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._leave(scope, status, time.perf_counter() - started)

    def _leave(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        route = getattr(scope.get("route"), "path", "unknown")
        key = (method, route, status)
        measured = self._measured.get(key)
        if measured is None:
            measured = self._measured[key] = REQUEST_SECONDS.labels(method, route, str(status))
        measured.observe(seconds)
        self._log.note(method, route, status, seconds, scope["correlation_id"])


def _correlation_id(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == HEADER and _ID.fullmatch(value):
            return bytes(value)
    return os.urandom(16).hex().encode()
