"""Rows: what a record says of which profile, and what of it cannot be taken."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from services.gateway.imports import cells
from services.gateway.imports.cells import CellWrong
from services.gateway.imports.columns import EXTERNAL_ID, ID, Column
from services.gateway.imports.encodings import Encoded, Undecodable
from services.gateway.imports.header import Header
from services.gateway.imports.records import Record

LONGEST_EXTERNAL_ID = 100
LONGEST_QUOTE = 40
NUMBERS = (cells.number, cells.euros, cells.day)
"""Their readers take nothing that a spreadsheet would run, and say better what is wrong."""

Error = dict[str, str]


@dataclass(slots=True)
class Row:
    """``stream``: the profile that it is about, ``by_id`` where the row names it itself. ``key``: what stands for the external
    id in what is derived from it. ``given``: fields of the form.

    ``same_as``: the line of an earlier row that says the very same.
    """

    line: int
    external_id: str = ""
    key: str = ""
    stream: str = ""
    by_id: bool = False
    given: dict[str, Any] = field(default_factory=dict, repr=False)
    errors: list[Error] = field(default_factory=list)
    same_as: int = 0


def error(column: str, reason: str, quoted: str = "") -> Error:
    """Why a row is not taken. ``quoted``: the beginning of what stands there, where it may be told."""
    return {"column": column, "reason": reason} | ({"cell": quoted[:LONGEST_QUOTE]} if quoted else {})


class RowReader:
    """Reads the rows of one file. ``key_of``: what stands for an external id, ``stream_of``: the stream it leads to."""

    def __init__(
        self, header: Header, encoded: Encoded, category: str, key_of: Callable[[str], str], stream_of: Callable[[str], str]
    ) -> None:
        self._header = header
        self._encoded = encoded
        self._key_of = key_of
        self._stream_of = stream_of
        self._id = re.compile(rf"{category}-[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}")
        self._seen: dict[str, tuple[int, bytes]] = {}

    def read_all(self, records: Iterable[Record]) -> list[Row]:
        """The rows of these records; empty ones are none."""
        return [self._read(record) for record in records if record.fault or any(map(bytes.strip, record.cells))]

    def _read(self, record: Record) -> Row:
        row = Row(record.line)
        columns = self._header.columns
        if record.fault is not None:
            row.errors.append(error(self._header.name(record.fault.cell), record.fault.reason))
        elif len(record.cells) != len(columns):
            where = self._header.name(len(record.cells)) if len(record.cells) < len(columns) else ""
            row.errors.append(error(where, f"the row has {len(record.cells)} cells, the header has {len(columns)}"))
        else:
            self._fill(row, columns, record.cells)
            if not row.errors:
                self._compare(row, record)
        return row

    def _fill(self, row: Row, columns: Sequence[Column | None], raw: Sequence[bytes]) -> None:
        for column, cell in zip(columns, raw, strict=True):
            if column is None or not cell:
                continue
            try:
                self._take(row, column, self._encoded.text(cell))
            except Undecodable as wrong:
                row.errors.append(error(column.name, str(wrong)))
        if not row.stream and not row.errors:
            row.errors.append(error(EXTERNAL_ID.name, "is empty, so the row cannot be told from others"))

    def _take(self, row: Row, column: Column, raw: str) -> None:
        allowed = column.may_begin_like_formula or column.read in NUMBERS
        try:
            text = cells.plain(raw, formula_allowed=allowed, multi_line=column.multi_line)
            if not text:
                return
            if column is ID:
                self._name(row, text)
            elif column is EXTERNAL_ID:
                self._call(row, text)
            else:
                row.given[column.name] = column.read(text)
        except CellWrong as wrong:
            row.errors.append(error(column.name, str(wrong), "" if column.personal else raw))

    def _name(self, row: Row, id: str) -> None:
        if not self._id.fullmatch(id):
            raise CellWrong("is no id of a profile of this kind")
        row.stream, row.by_id = id, True

    def _call(self, row: Row, external_id: str) -> None:
        if len(external_id) > LONGEST_EXTERNAL_ID or "\n" in external_id or "\r" in external_id:
            raise CellWrong(f"must be one line of at most {LONGEST_EXTERNAL_ID} characters")
        row.external_id, row.key = external_id, self._key_of(external_id)
        if not row.by_id:
            row.stream = self._stream_of(row.key)

    def _compare(self, row: Row, record: Record) -> None:
        """A second row about the same profile is refused, unless it says the same."""
        content = sha256(b"\0".join(record.cells)).digest()
        first, known = self._seen.setdefault(row.stream, (row.line, content))
        if first == row.line:
            return
        if content == known:
            row.same_as = first
        else:
            where = ID.name if row.by_id else EXTERNAL_ID.name
            row.errors.append(error(where, f"line {first} is about the same profile and says something else"))
