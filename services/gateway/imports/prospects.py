"""Prospects from a file: identified as by hand, refused where they declined before."""

from typing import Any
from uuid import uuid4

from services.foundation.messages import Command
from services.gateway.house import Document, Gateway
from services.gateway.http import prospect_commands as making
from services.gateway.http.prospect_forms import CHANGED_PROSPECT, NEW_PROSPECT
from services.gateway.imports.columns import PROSPECTS, Column
from services.gateway.imports.filling import Given, RowRefused, filled
from services.gateway.imports.rows import Row, error
from services.gateway.problems import Problem
from services.gateway.security import Caller

SETTLED = frozenset({"kind", "found_through"})
"""What a prospect is and how they became known stays as it was said first."""


class ImportProspects:
    """The kind of import that prospects are. They hold no statements of several sources: what is entered replaces what was."""

    collection = "prospects"
    category = "prospect"

    @property
    def columns(self) -> tuple[Column, ...]:
        return PROSPECTS

    def new_fields(self, row: Row, source: str, provenance: str) -> Given:
        """The fields of a new prospect; raises RowRefused."""
        return filled(NEW_PROSPECT, {**row.given, "source": source, "external_id": row.key})

    async def creation(self, gateway: Gateway, caller: Caller, stream: str, given: Given) -> Command:
        """The command that identifies them. Raises RowRefused for who declined before, and KeyMissing."""
        try:
            _, command = await making.identification(gateway, str(uuid4()), given, caller.id)
        except Problem as problem:
            raise RowRefused([error(problem.field, problem.detail)]) from None
        return command

    def news(self, document: Document, row: Row, provenance: str) -> Given:
        """What of the fields is news; raises RowRefused."""
        if document["state"] in ("declined", "minimised"):
            raise RowRefused([error("", making.DECLINED_BEFORE)])
        self._require_same(document, row)
        said = filled(CHANGED_PROSPECT, {name: value for name, value in row.given.items() if name not in SETTLED})
        return {name: value for name, value in said.items() if value is not None and value != document.get(name)}

    async def change(self, gateway: Gateway, document: Document, news: Given) -> Command:
        """The command that replaces them. Raises KeyMissing."""
        return await making.change(gateway, document, news)

    def _require_same(self, document: Document, row: Row) -> None:
        wrong: list[Any] = [name for name in sorted(SETTLED) if name in row.given and row.given[name] != document.get(name)]
        if wrong:
            raise RowRefused([error(name, "stays as it was said first") for name in wrong])
