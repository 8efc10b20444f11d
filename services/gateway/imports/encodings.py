"""Encodings: what a file is written in is decided once, at its beginning; from there on its bytes are ASCII-compatible.

A byte order mark decides; without one it is UTF-8 unless the sender says otherwise. Nothing is guessed from the content: a
single byte that is not UTF-8 is refused with its row, and does not turn the rows before it into something else.
"""

import codecs
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "windows-1252"]

MARKS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LONGEST_MARK = 3
BROKEN = b"\xff"
"""A byte that no UTF-8 holds: stands for what was no UTF-16."""


class Undecodable(Exception):
    """A cell that is not text in the file's encoding; the message says why."""


class Encoded:
    """The bytes of one file. ``encoding`` is the one that was asked for until the beginning has been seen."""

    def __init__(self, encoding: Encoding = "utf-8") -> None:
        self.encoding: Encoding = encoding
        self._beginning: bytes | None = b""
        self._wide: codecs.IncrementalDecoder | None = None

    def feed(self, chunk: bytes, *, final: bool = False) -> bytes:
        """The same text as bytes in which commas, quotes and line ends are single ASCII bytes."""
        if self._beginning is not None:
            self._beginning += chunk
            if len(self._beginning) < LONGEST_MARK and not final:
                return b""
            chunk, self._beginning = self._without_mark(self._beginning), None
        return chunk if self.encoding != "utf-16" else self._narrowed(chunk, final)

    def text(self, cell: bytes) -> str:
        """The text of a cell; raises Undecodable."""
        try:
            return cell.decode("cp1252" if self.encoding == "windows-1252" else "utf-8")
        except UnicodeDecodeError as wrong:
            raise Undecodable(self._why(cell, wrong)) from None

    def _without_mark(self, beginning: bytes) -> bytes:
        for mark, encoding in MARKS:
            if beginning.startswith(mark):
                self.encoding = encoding
                break
        else:
            return beginning
        if encoding == "utf-16":
            self._wide = codecs.getincrementaldecoder("utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be")(
                "surrogatepass"
            )
        return beginning[len(mark) :]

    def _narrowed(self, chunk: bytes, final: bool) -> bytes:
        """Half a surrogate pair becomes bytes that are no UTF-8, so that it is refused like any other broken cell."""
        if self._wide is None:
            self._wide = codecs.getincrementaldecoder("utf-16-le")("surrogatepass")
        try:
            return self._wide.decode(chunk, final).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return BROKEN  # the file ends within a character

    def _why(self, cell: bytes, wrong: UnicodeDecodeError) -> str:
        if self.encoding == "windows-1252":
            return f"byte 0x{cell[wrong.start]:02X} is nothing in Windows-1252"
        if self.encoding == "utf-16":
            return "not valid UTF-16"
        return f"not valid UTF-8: byte 0x{cell[wrong.start]:02X} after {wrong.start} bytes"
