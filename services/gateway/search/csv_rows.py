"""Rows of a CSV export (RFC 4180). The columns are those that an import takes, with the id first.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, which the import takes away again. Lists are
joined by ``;``, and an item of a list never holds one.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Document = Mapping[str, Any]
Dialect = Literal["csv", "excel"]

FORMULA = tuple("=+-@\t\r")
BYTE_ORDER_MARK = "\ufeff"
SKILLS = ("listening", "reading", "spoken_interaction", "spoken_production", "writing")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field of the document, and how its value is written."""

    name: str
    write: Callable[[Any], str] = str


def _listed(write: Callable[[Any], str] = str) -> Callable[[Any], str]:
    return lambda values: ";".join(write(value).replace(";", ",").replace("|", ",") for value in values)


def _language(spoken: Document) -> str:
    levels = [spoken.get(skill) or "-" for skill in SKILLS]
    by_skill = f"({'/'.join(levels)})" if any(level != "-" for level in levels) else ""
    evidence = spoken.get("evidence") or "self"
    return f"{spoken['language']}:{spoken['level']}{by_skill}" + ("" if evidence == "self" else f":{evidence}")


def _market(known: Document) -> str:
    return f"{known['country']}:{known['sector']}:{known['years']}:{known['network']}"


def _experience(known: Document) -> str:
    return f"{known['sector']}:{known['years']}"


def _industry(industry: Document) -> str:
    return f"{industry['scheme']} {industry['edition']} {industry['code']}"


def _site(site: Document) -> str:
    return f"{site['place']}/{site['region']}"


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _plain(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "people": (
        *_plain("id", "name", "own_script_name", "email", "phone", "address", "preferred_language", "occupation"),
        *_plain("experience_years"),
        Column("experience", _listed(_experience)),
        Column("sectors", _listed()),
        Column("skills", _listed()),
        Column("languages", _listed(_language)),
        Column("markets", _listed(_market)),
        Column("purposes", _listed()),
        *_plain("place", "region", "mobility_km", "available_from", "weekly_hours"),
    ),
    "companies": (
        *_plain("id", "name", "legal_form", "register_entry", "vat_id", "website", "sector"),
        Column("industry", _industry),
        *_plain("headcount", "turnover_eur", "balance_sheet_eur", "figures_year", "place", "region"),
        Column("sites", _listed(_site)),
        *_plain("contact_name", "contact_email", "contact_phone", "preferred_language"),
    ),
    "needs": (
        *_plain("id", "company_id", "title", "purpose", "occupation"),
        Column("skills", _listed()),
        Column("languages", _listed(_language)),
        *_plain("sector", "target_market", "place", "region"),
        Column("open", _truth),
    ),
}
"""By resource."""


class Writer:
    """Writes the rows of one export; ``without`` are the columns that the reader may not see."""

    def __init__(self, resource: str, dialect: Dialect, without: frozenset[str]) -> None:
        self._columns = [column for column in COLUMNS[resource] if column.name not in without]
        self._excel = dialect == "excel"

    def head(self) -> bytes:
        """The header; for spreadsheet programs after a byte order mark, without which they take UTF-8 for something else."""
        return ((BYTE_ORDER_MARK if self._excel else "") + self._lines([[column.name for column in self._columns]])).encode()

    def rows(self, documents: Iterable[Document]) -> bytes:
        """These documents, as views hold them or as they are shown."""
        return self._lines([self._cell(column, document) for column in self._columns] for document in documents).encode()

    def _cell(self, column: Column, document: Document) -> str:
        value = document.get("_id", document.get("id")) if column.name == "id" else document.get(column.name)
        return "" if value is None else harmless(column.write(value))

    def _lines(self, rows: Iterable[Iterable[str]]) -> str:
        written = io.StringIO()
        csv.writer(written, delimiter=";" if self._excel else ",", lineterminator="\r\n").writerows(rows)
        return written.getvalue()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
