"""Imports: a CSV file of people, companies or prospects, told row by row while it is carried out; templates of such files."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from services.foundation.aggregate import derived_stream
from services.gateway.http.openapi import PROBLEM
from services.gateway.http.row_by_row import MEDIA_TYPE, RowByRow, dump_lines
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.imports.columns import template
from services.gateway.imports.csv_file import CsvFile
from services.gateway.imports.encodings import Encoding
from services.gateway.imports.intake import Intake
from services.gateway.imports.kinds import KINDS, ImportKind
from services.gateway.imports.patience import NotAnswering
from services.gateway.imports.prospects import ImportProspects
from services.gateway.imports.records import Record
from services.gateway.imports.rows import RowReader
from services.gateway.imports.running import Line, Run
from services.gateway.imports.settling import Settler
from services.gateway.permissions import require
from services.gateway.problems import Problem, preferred_language
from services.gateway.reasons import in_german

Kind = Literal["people", "companies", "prospects"]
Source = Annotated[
    str,
    Query(
        min_length=1,
        max_length=100,
        pattern=r"^[\w][\w .,()&+-]*$",
        description="Whose file it is. With it and `external_id` a row finds its profile again",
    ),
]
CHARSETS: Mapping[str, Encoding] = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "windows-1252": "windows-1252",
    "iso-8859-1": "windows-1252",
}
CSV_TYPES = frozenset({"text/csv", "application/csv", "text/tab-separated-values", "text/plain"})
STATUSES = ("created", "changed", "unchanged", "would_create", "would_change", "refused")

log = structlog.get_logger("gateway.imports")
router = APIRouter(prefix="/v1/imports", tags=["imports"], route_class=LeanRoute)

TOLD = {
    200: {
        "description": "A line a row in the order of the file, then one with the totals; without it, the answer broke off",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    },
    "4XX": PROBLEM,
    503: PROBLEM,
}
FILE = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "title": "CsvFile"}}}}}


class How:
    """How a file is to be read."""

    def __init__(
        self,
        source: Source,
        dry_run: Annotated[bool, Query(description="Say what would be done, and write nothing")] = False,
        encoding: Annotated[Encoding | None, Query(description="Of a file without a byte order mark; else UTF-8")] = None,
        delimiter: Annotated[Literal[",", ";", "tab"] | None, Query(description="Else it is found in the header")] = None,
        ignore: Annotated[list[str] | None, Query(max_length=50, description="Columns that are left out")] = None,
    ) -> None:
        self.source = source
        self.dry_run = dry_run
        self.encoding = encoding
        self.delimiter = {"tab": b"\t"}.get(delimiter or "", (delimiter or "").encode())
        self.ignore = ignore or []


@router.get("/{kind}/template", summary="A file with the columns and an example", response_class=Response)
async def get_template(visit: Visiting, kind: Kind) -> Response:
    require(visit.caller, f"{kind}.create")
    named = {"content-disposition": f'attachment; filename="{kind}.csv"'}
    return Response(template(KINDS[kind].columns).encode(), headers=named, media_type="text/csv; charset=utf-8")


@router.post("/{kind}", summary="Import a CSV file", response_class=Response, responses=TOLD, openapi_extra=FILE)  # type: ignore[arg-type]
async def import_file(visit: Visiting, kind: Kind, how: Annotated[How, Depends()]) -> Response:
    require(visit.caller, f"{kind}.create")
    require(visit.caller, f"{kind}.{'manage' if kind == 'prospects' else 'update'}")
    encoding = how.encoding or _charset(visit)
    visit.gateway.imports.take()
    try:
        intake = Intake(visit.request, visit.gateway.settings.max_import_bytes)
        file, chunks = CsvFile(KINDS[kind].columns, encoding, how.delimiter, how.ignore), intake.chunks()
        try:
            await file.open(chunks)
        except Problem:
            await intake.discard()
            raise
    except BaseException:
        visit.gateway.imports.give_back()
        raise
    return RowByRow(_told(visit, intake, _run(visit, KINDS[kind], how, file), file.records(chunks)))


def _run(visit: Visit, kind: ImportKind | ImportProspects, how: How, file: CsvFile) -> Run:
    def stream_of(key: str) -> str:
        return derived_stream(kind.category, how.source, key)

    settler = Settler(visit.gateway, visit.caller, kind, visit.correlation_id, how.source, dry_run=how.dry_run)
    return Run(RowReader(file.header, file.encoded, kind.category, visit.gateway.opaque, stream_of), settler)


async def _told(visit: Visit, intake: Intake, run: Run, records: AsyncIterator[list[Record]]) -> AsyncGenerator[bytes, None]:
    """The lines of the answer. When the client hangs up or the gateway stops, no further row is begun."""
    german = preferred_language(visit.request.headers.get("accept-language", "")) == "de"
    error: dict[str, str] | None = None
    try:
        async with aclosing(run.lines(records)) as told:
            async for lines in told:
                yield dump_lines(map(_german, lines) if german else lines)
                if intake.gone or visit.gateway.status.stopping:
                    raise Problem(503, "stopped", "the import was stopped; send the file again and it goes on")
        await _wait_for_views(visit, run)
    except ClientDisconnect:
        error = {"code": "incomplete-request", "detail": "the file broke off; send it again and it goes on"}
    except Problem as problem:
        error = {"code": problem.code, "detail": problem.detail}
    except NotAnswering as silence:
        error = {"code": "temporarily-unavailable", "detail": f"{silence}; send the file again and it goes on"}
    finally:
        intake.close()
        visit.gateway.imports.give_back()
        log.info("import.ended", correlation_id=visit.correlation_id, error=(error or {}).get("code", ""), **run.totals)
    totals = {status: run.totals[status] for status in STATUSES}
    yield dump_lines([{"totals": {"rows": sum(totals.values()), **totals}, "error": error}])


async def _wait_for_views(visit: Visit, run: Run) -> None:
    """Who reads the answer to its end can read what was written."""
    patience = visit.gateway.settings.answer_deadline_seconds
    for written in run.written:
        collection = next(each.collection for each in KINDS.values() if written.id.startswith(f"{each.category}-"))
        await visit.gateway.watch.at_least(collection, written.id, written.version, patience)


def _german(line: Line) -> Line:
    return {**line, "errors": [{**each, "reason": in_german(each["reason"])} for each in line["errors"]]}


def _charset(visit: Visit) -> Encoding:
    """The encoding that the Content-Type names; raises a 415 problem."""
    media_type, _, parameters = visit.request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "").removeprefix("charset=") or "utf-8"
    if media_type.strip() not in CSV_TYPES or charset not in CHARSETS:
        raise Problem(415, "unsupported-media-type", f"send text/csv in one of {', '.join(CHARSETS)}")
    return CHARSETS[charset]
