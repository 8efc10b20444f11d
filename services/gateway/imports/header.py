"""The first record of a file: which columns it has, and by what they are separated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.gateway.imports.columns import EXTERNAL_ID, ID, Column
from services.gateway.problems import Problem

DELIMITERS = (b",", b";", b"\t")
CONSENT = re.compile(r"(?i)consents?(_.*)?|einwilligung.*")
_SEPARATOR_LINE = re.compile(rb"(?i)sep=(.)")


@dataclass(frozen=True, slots=True)
class Header:
    """The columns in the order of the file; None stands for one that is left out because the sender said so."""

    columns: tuple[Column | None, ...]

    def name(self, cell: int) -> str:
        """What to call the column of this cell, counted from 0."""
        column = self.columns[cell] if cell < len(self.columns) else None
        return column.name if column else f"#{cell + 1}"


def separator_of(line: bytes) -> bytes | None:
    """The delimiter that a first line ``sep=;`` of a spreadsheet names."""
    found = _SEPARATOR_LINE.fullmatch(line.strip(b'" '))
    return found[1] if found and found[1] in DELIMITERS else None


def delimiter_of(line: str, columns: Sequence[Column]) -> bytes:
    """The delimiter by which this line has most columns that are known; a comma where none has any."""
    names = _names(columns)
    return max(DELIMITERS, key=lambda each: sum(_key(cell.strip('" ')) in names for cell in line.split(each.decode())))


def header_of(cells: Sequence[str], columns: Sequence[Column], ignored: Sequence[str] = ()) -> Header:
    """The header that these cells make; raises a 422 problem that names every column which cannot be."""
    names, left_out = _names(columns), {_key(name) for name in ignored}
    found = tuple(None if _key(cell) in left_out else names.get(_key(cell)) for cell in cells)
    errors = [
        {"field": cell.strip()[:40] or f"#{index}", "reason": reason}
        for index, (cell, column) in enumerate(zip(cells, found, strict=True), 1)
        if (reason := _reason(cell, column, found[: index - 1], left_out))
    ]
    if not {ID, EXTERNAL_ID} & set(found):
        errors.append(
            {"field": EXTERNAL_ID.name, "reason": "the column is missing, without it or id rows cannot be told apart"}
        )
    if errors:
        detail = "; ".join(f"{each['field']}: {each['reason']}" for each in errors[:10])
        raise Problem(422, "import-header", detail, field=errors[0]["field"], errors=errors)
    return Header(found)


def _reason(cell: str, column: Column | None, before: Sequence[Column | None], left_out: set[str]) -> str:
    if column is not None:
        return "the column is there twice" if column in before else ""
    if _key(cell) in left_out:
        return ""
    if CONSENT.fullmatch(cell.strip()):
        return "a consent cannot be imported: it needs the wording that was shown and is recorded at the moment it is given"
    return "there is no such column; name it as ignored to leave it out"


def _names(columns: Sequence[Column]) -> Mapping[str, Column]:
    """By every name; where a further name of one column is the name of another, that one has it."""
    also = {_key(name): column for column in columns for name in column.also}
    return also | {_key(column.name): column for column in columns}


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
