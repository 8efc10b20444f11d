"""The access log: one line a request in the form of all other logs (foundation/logs.py), without personal data.

Lines are gathered for a moment and written together, because a system call for each would cost a tenth of all reads.
"""

import asyncio
import logging
import sys
from typing import Any, BinaryIO

import orjson

from services.foundation.messages import now

GATHER_SECONDS = 0.1


class AccessLog:
    """Belongs to one event loop. Writes nothing where ``level`` is above INFO."""

    def __init__(self, service: str, level: str, stream: BinaryIO | None = None) -> None:
        self._common = {"event": "request", "level": "info", "service": service}
        self._enabled = logging.getLevelNamesMapping()[level.upper()] <= logging.INFO
        self._stream = stream or sys.stderr.buffer
        self._lines: list[dict[str, Any]] = []

    def note(self, method: str, route: str, status: int, seconds: float, correlation_id: str) -> None:
        """Takes one request; ``route`` is the template, never the path itself."""
        if not self._enabled:
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self.flush)
        line = {
            "method": method,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 2),
            "correlation_id": correlation_id,
            "timestamp": now(),
        }
        self._lines.append(line)

    def flush(self) -> None:
        """Writes what was gathered."""
        lines, self._lines = self._lines, []
        if lines:
            self._stream.write(b"".join(orjson.dumps(self._common | line, option=orjson.OPT_APPEND_NEWLINE) for line in lines))
            self._stream.flush()
