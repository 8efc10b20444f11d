"""Physical lines, counted as an editor shows them: ended by LF, CR LF or a lone CR. None takes more memory than its limit."""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_LINE = 262_144
"""Bytes of a line that are kept."""


@dataclass(frozen=True, slots=True)
class Line:
    """``end`` is how it ended. Of a line that was too long, ``cut`` bytes are left out, with ``quotes`` quotation marks."""

    number: int
    data: bytes
    end: bytes
    cut: int = 0
    quotes: int = 0


class LineSplitter:
    """Takes a file in pieces of any size."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._number = 0
        self._return = b""
        self._begin()

    def feed(self, chunk: bytes, *, final: bool = False) -> Iterator[Line]:
        """The lines that are whole by now; with ``final`` also one that ends with the file."""
        chunk = self._return + chunk
        self._return = b"\r" if chunk.endswith(b"\r") and not final else b""  # may be half of a CR LF
        for piece in chunk[: len(chunk) - len(self._return)].splitlines(keepends=True):
            content = piece.rstrip(b"\r\n")
            self._keep(content)
            if len(content) < len(piece):
                yield self._finished(piece[len(content) :])
        if final and (self._kept or self._cut):
            yield self._finished(b"")

    def _keep(self, content: bytes) -> None:
        room = self._longest - len(self._kept)
        self._kept += content[:room]
        if len(content) > room:
            self._cut += len(content) - room
            self._quotes += content.count(b'"', room)

    def _finished(self, end: bytes) -> Line:
        self._number += 1
        line = Line(self._number, bytes(self._kept), end, self._cut, self._quotes)
        self._begin()
        return line

    def _begin(self) -> None:
        self._kept, self._cut, self._quotes = bytearray(), 0, 0
