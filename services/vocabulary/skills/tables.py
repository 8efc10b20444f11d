"""Reading a CSV table whose columns are known, and saying exactly where one is broken: file, line, column, reason."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

MOST_FLAWS = 20
"""Further rows that are wrong are counted only."""
LONGEST_CELL = 200_000


class Row(NamedTuple):
    """The cells by column, and the line on which the row begins."""

    line: int
    cells: dict[str, str]


class TableBroken(Exception):
    """``line``: 0 where the file as a whole is meant; ``column``: a name, or a place in the line."""

    def __init__(self, file: Path, line: int, column: str, reason: str) -> None:
        self.file, self.line, self.column, self.reason = file, line, column, reason
        places = [str(file), *([f"line {line}"] if line else []), *([f"column {column}"] if column else [])]
        super().__init__(f"{', '.join(places)}: {reason}")


def rows(file: Path, wanted: Sequence[str]) -> Iterator[Row]:
    """The rows of this file, which must have these columns. Raises TableBroken."""
    text = _decoded(file)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begun = 1
    try:
        header = next(reader, [])
        _require(file, header, wanted)
        begun = reader.line_num + 1
        for cells in reader:
            if cells:
                yield Row(begun, _named(file, begun, header, cells))
            begun = reader.line_num + 1
    except csv.Error as fault:
        raise _located(file, text, begun, fault) from None


def _decoded(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as fault:
        raise TableBroken(file, 0, "", fault.strerror or "cannot be read") from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableBroken(file, 1, "1", "the file is in UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = raw[: fault.start]
        line, start = before.count(b"\n") + 1, before.rfind(b"\n") + 1
        place = len(before[start:].decode("utf-8", "replace")) + 1
        raise TableBroken(file, line, str(place), f"byte 0x{raw[fault.start]:02x} is not UTF-8") from None


def _require(file: Path, header: Sequence[str], wanted: Sequence[str]) -> None:
    if not any(header):
        raise TableBroken(file, 1, "", "the file is empty; its first line must name the columns")
    for column in wanted:
        if column not in header:
            hint = "; columns are separated by commas" if len(header) == 1 and (";" in header[0] or "\t" in header[0]) else ""
            raise TableBroken(file, 1, column, f"the column is missing{hint}")


def _named(file: Path, line: int, header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(header):
        column = header[len(cells)] if len(cells) < len(header) else str(len(header) + 1)
        raise TableBroken(file, line, column, f"the row has {len(cells)} cells, the first line names {len(header)} columns")
    return dict(zip(header, cells, strict=True))


def _located(file: Path, text: str, begun: int, fault: csv.Error) -> TableBroken:
    """Where in the row that begins on this line the quoting goes wrong."""
    offset = 0
    for _ in range(begun - 1):
        offset = text.find("\n", offset) + 1
    line, place, inside, opened = begun, 1, False, (begun, 1)
    letters = text[offset:]
    for at, letter in enumerate(letters):
        following = letters[at + 1 : at + 2]
        if letter == '"' and not inside:
            inside, opened = True, (line, place)
        elif letter == '"' and following == '"' and letters[at - 1 : at] != '"':
            pass
        elif letter == '"' and inside and following in ("", ",", "\n", "\r"):
            inside = False
        elif letter == '"' and inside and letters[at - 1 : at] != '"':
            return TableBroken(file, line, str(place + 1), "a closing quotation mark must be followed by a comma or a new line")
        line, place = (line + 1, 1) if letter == "\n" else (line, place + 1)
        if letter == "\n" and not inside:
            break
    if inside:
        return TableBroken(file, opened[0], str(opened[1]), "the quotation mark that opens here is never closed")
    return TableBroken(file, begun, "", f"the row cannot be read: {fault}")
