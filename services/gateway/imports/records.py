"""Records of a CSV file (RFC 4180), found again after every kind of damage.

A quoted cell may hold line breaks. Where its quote is never closed, what follows must not disappear into it: the record is
given up as soon as a line shows that it is a row of its own, or that the quoting cannot be right, or that the record takes too
many lines, and reading goes on behind the line where it began. Whoever reads learns where the quote was opened.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.gateway.imports.lines import LONGEST_LINE, Line

MOST_LINES = 200
"""Lines of one record."""
ROW_COLUMNS = 5
"""Only with so many columns is a line in the middle of a quoted text taken for a row of its own: in fewer, it may look like one
by chance."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record cannot be read, and in which cell, counted from 0."""

    reason: str
    cell: int


@dataclass(frozen=True, slots=True)
class Record:
    """Cells in the file's bytes. ``line`` is where it begins."""

    line: int
    cells: list[bytes] = field(repr=False)
    fault: Fault | None = None


class _Open:
    """A record that is being read."""

    __slots__ = ("_parts", "broken", "cells", "fault", "in_quotes", "lines", "opened", "size", "skipping", "taken")

    def __init__(self) -> None:
        self.cells: list[bytes] = []
        self.lines: list[Line] = []
        self.in_quotes = False
        self.opened = 0
        self.size = self.taken = 0
        self.fault: Fault | None = None
        self.skipping = False
        self.broken = False
        self._parts: list[bytes] = []

    def take(self, line: Line, delimiter: bytes) -> None:
        """Reads a further line; ``fault`` tells what cannot be right, ``in_quotes`` whether the record goes on."""
        self.taken += 1
        if not self.skipping:
            self.lines.append(line)
            self.size += len(line.data)
        position: int | None = 0
        while position is not None:
            position = (self._quoted if self.in_quotes else self._plain)(line, position, delimiter)
        if line.cut:
            self.fault = self.fault or Fault(f"the line has more than {LONGEST_LINE} bytes", self.cell)
            self.in_quotes = self.in_quotes and line.quotes % 2 == 0

    @property
    def cell(self) -> int:
        """Which cell is being read, or was the last."""
        return len(self.cells) if self.in_quotes else max(len(self.cells) - 1, 0)

    def _plain(self, line: Line, position: int, delimiter: bytes) -> int | None:
        """A cell without quotes, or the opening quote of one."""
        if line.data.startswith(b'"', position):
            self.in_quotes, self.opened = True, line.number
            return position + 1
        end = line.data.find(delimiter, position)
        self.cells.append(line.data[position:] if end < 0 else line.data[position:end])
        return None if end < 0 else end + 1

    def _quoted(self, line: Line, position: int, delimiter: bytes) -> int | None:
        """Goes on within quotes, up to the next quotation mark."""
        mark = line.data.find(b'"', position)
        if mark < 0:
            self._parts += (line.data[position:], line.end)
            return None
        if line.data.startswith(b'"', mark + 1):
            self._parts.append(line.data[position : mark + 1])
            return mark + 2
        self._parts.append(line.data[position:mark])
        self.in_quotes = False
        self.cells.append(b"" if self.skipping else b"".join(self._parts))
        self._parts.clear()
        behind = line.data[mark + 1 : mark + 2]
        if behind == delimiter:
            return mark + 2
        if behind:
            self.broken = True
            self.fault = self.fault or Fault("something stands behind the closing quotation mark", len(self.cells) - 1)
        return None

    def skip(self) -> None:
        """From now on nothing is kept: the record is too large to be read."""
        self.skipping = True
        self.lines.clear()
        self._parts.clear()


class RecordReader:
    """Makes records of lines. ``columns``: how many cells the header has, 0 while it is not known."""

    def __init__(self, delimiter: bytes, columns: int = 0) -> None:
        self._delimiter = delimiter
        self._columns = columns
        self._open: _Open | None = None
        self._ahead: deque[Line] = deque()

    def feed(self, line: Line) -> Iterator[Record]:
        """The records that are whole by now, with their faults."""
        self._ahead.append(line)
        while self._ahead:
            yield from self._take(self._ahead.popleft())

    def finish(self) -> Iterator[Record]:
        """What is left at the end of the file."""
        while self._open is not None:
            yield self._give_up(self._open)
            while self._ahead:
                yield from self._take(self._ahead.popleft())

    def _take(self, line: Line) -> Iterator[Record]:
        if self._open is None:
            if b'"' not in line.data and not line.cut:
                if line.data:
                    yield Record(line.number, line.data.split(self._delimiter))
                return
            self._open = _Open()
            self._start = line.number
        elif self._is_row(line):
            yield self._give_up(self._open, at=line)
            return
        yield from self._go_on(self._open, line)

    def _go_on(self, record: _Open, line: Line) -> Iterator[Record]:
        record.take(line, self._delimiter)
        if record.broken and record.taken > 1 and not line.cut:
            yield self._give_up(record, at=line if record.skipping else None)
        elif not record.in_quotes:
            self._open = None
            yield Record(self._start, record.cells, record.fault)
        elif record.taken > MOST_LINES or record.size > LONGEST_LINE or line.cut:
            yield from self._too_large(record)

    def _too_large(self, record: _Open) -> Iterator[Record]:
        """Nothing more is kept; the end of the text is only looked for where a row of its own would be noticed."""
        if self._columns >= ROW_COLUMNS or record.taken <= MOST_LINES:
            too_large = f"the record has more than {MOST_LINES} lines or {LONGEST_LINE} bytes"
            record.fault = record.fault or Fault(too_large, record.cell)
            record.skip()
        else:
            yield self._give_up(record)

    def _give_up(self, record: _Open, at: Line | None = None) -> Record:
        """The record ends here as a fault; reading goes on behind the line where it began, as far as lines were kept."""
        self._open = None
        again = record.lines[1:] if at is None or at in record.lines[-1:] else [*record.lines[1:], at]
        self._ahead.extendleft(reversed(again))
        unclosed = Fault(f"the quotation mark that opens in line {record.opened} is not closed", record.cell)
        return Record(self._start, record.cells, record.fault if record.skipping and record.fault else unclosed)

    def _is_row(self, line: Line) -> bool:
        """Whether this line, in the middle of a quoted text, is a row of its own."""
        if self._columns < ROW_COLUMNS or line.data.count(self._delimiter) < self._columns - 1 or line.cut:
            return False
        alone = _Open()
        alone.take(line, self._delimiter)
        return not alone.in_quotes and not alone.broken and len(alone.cells) == self._columns
