"""A CSV file on its way in: its header first, then its records in portions."""

from collections.abc import AsyncIterator, Sequence

from services.gateway.imports.columns import Column
from services.gateway.imports.encodings import Encoded, Encoding, Undecodable
from services.gateway.imports.header import Header, delimiter_of, header_of, separator_of
from services.gateway.imports.lines import Line, LineSplitter
from services.gateway.imports.records import Record, RecordReader
from services.gateway.problems import Problem


class CsvFile:
    """``columns``: those that are known, ``ignored``: names of others that are left out. A delimiter of "" is found."""

    def __init__(
        self, columns: Sequence[Column], encoding: Encoding, delimiter: bytes = b"", ignored: Sequence[str] = ()
    ) -> None:
        self.encoded = Encoded(encoding)
        self._columns = columns
        self._delimiter = delimiter
        self._ignored = ignored
        self._splitter = LineSplitter()
        self._early: list[Line] = []
        self._reader: RecordReader | None = None
        self.header = Header(())

    async def open(self, chunks: AsyncIterator[bytes]) -> None:
        """Reads up to the header. Raises a 422 problem for a header that cannot be, and for a file without one."""
        async for chunk in chunks:
            self._early += self._splitter.feed(self.encoded.feed(chunk))
            if self._find_header(final=False):
                return
        self._early += self._last_lines()
        if not self._find_header(final=True):
            raise Problem(422, "import-header", "the file is empty", field="header")

    async def records(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[list[Record]]:
        """What follows, in portions; the rest of what was opened first."""
        if self._reader is None:
            raise RuntimeError("the file was not opened")
        early, self._early = self._early, []
        yield [record for line in early for record in self._reader.feed(line)]
        async for chunk in chunks:
            yield [record for line in self._splitter.feed(self.encoded.feed(chunk)) for record in self._reader.feed(line)]
        yield [record for line in self._last_lines() for record in self._reader.feed(line)] + list(self._reader.finish())

    def _last_lines(self) -> list[Line]:
        return list(self._splitter.feed(self.encoded.feed(b"", final=True), final=True))

    def _find_header(self, *, final: bool) -> bool:
        """Whether the header is whole; it may have line breaks in quotes. Lines behind it stay."""
        while self._early and (not self._early[0].data.strip() or self._names_delimiter(self._early[0])):
            self._early.pop(0)
        if not self._early:
            return False
        first = self._early[0]
        delimiter = self._delimiter or delimiter_of(first.data.decode("utf-8", "replace"), self._columns)
        reader = RecordReader(delimiter)
        for index, line in enumerate(self._early):
            records = list(reader.feed(line))
            if not records and final and index == len(self._early) - 1:
                records = list(reader.finish())
            if records:
                self._take(records[0], delimiter)
                del self._early[: index + 1]
                return True
        return False

    def _names_delimiter(self, line: Line) -> bool:
        separator = separator_of(line.data)
        if separator is None:
            return False
        self._delimiter = self._delimiter or separator
        return True

    def _take(self, record: Record, delimiter: bytes) -> None:
        if record.fault is not None:
            raise Problem(422, "import-header", f"line {record.line}: {record.fault.reason}", field="header")
        try:
            names = [self.encoded.text(cell) for cell in record.cells]
        except Undecodable as wrong:
            raise Problem(422, "import-header", f"line {record.line}: {wrong}", field="header") from None
        self.header = header_of(names, self._columns, self._ignored)
        self._reader = RecordReader(delimiter, len(names))
