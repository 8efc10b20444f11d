"""Lists of people, companies and needs: searched, sorted, counted, page by page or whole as CSV."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response, StreamingResponse

from services.gateway.house import Document
from services.gateway.http.reading import JSON, MOST_ITEMS, dump, public
from services.gateway.http.visit import Visit
from services.gateway.permissions import THIN, Grant, forbidden, hidden, require, require_for, scope
from services.gateway.problems import Problem
from services.gateway.search.csv_rows import Dialect, Writer
from services.gateway.search.finding import Scope, counted
from services.gateway.search.parameters import FACETS, PARAMETERS, SORTS
from services.gateway.search.queries import Query, read_query

CSV = "text/csv"
CSV_TYPE = "text/csv; charset=utf-8"
AT_ONCE = 25
"""Documents read in one query: SecantusDB takes quadratic time over long ``$in`` lists."""
ROWS_AT_ONCE = 100
OF_THE_PAGE = frozenset({"limit", "cursor", "format"})
FORMATS = ("json", "csv", "excel")


@dataclass(frozen=True, slots=True)
class _Search:
    """What a request asks for and how far its caller may see."""

    query: Query
    grant: Grant
    scope: Scope


Present = Callable[[Visit, list[Document]], Awaitable[list[dict[str, Any]]]]
"""What is shown of these documents."""


async def answer_search(visit: Visit, resource: str, audience: Scope | None = None, present: Present | None = None) -> Response:
    """The answer to a GET of a list: JSON, or CSV where the client asks for that.

    ``audience`` narrows what may be seen, ``present`` what is shown of it; who sees so little is given no file.

    Raises 400, 403 and 422 problems.
    """
    given = visit.request.query_params.multi_items()
    search = read_search(visit, resource, [pair for pair in given if pair[0] not in OF_THE_PAGE], audience)
    form = _format(visit)
    if form != "json" and present is not None:
        raise forbidden(visit.caller, f"{resource}.export")
    if form != "json":
        return await _export(visit, search, "excel" if form == "excel" else "csv")
    limit, cursor = _limit(visit), visit.request.query_params.get("cursor")
    cursors = visit.gateway.cursors
    after = None if cursor is None else cursors.read(cursor, search.query.digest)
    found = await visit.gateway.search(visit.gateway.index.page, search.query, search.scope, limit, after)
    hits = await documents(visit, search, found.ids)
    content: dict[str, Any] = {
        "items": await present(visit, hits) if present else [_shown(visit, resource, each) for each in hits],
        "next": None if found.last is None else cursors.write(found.last, search.query.digest),
        "total": found.total,
    }
    if search.query.facets:
        content["facets"] = found.facets
    return Response(dump(content), media_type=JSON)


def read_search(visit: Visit, resource: str, pairs: list[tuple[str, str]], audience: Scope | None = None) -> _Search:
    """These parameters as this caller may use them. Raises 403 and 422 problems."""
    action = f"{resource}.read"
    grant = require(visit.caller, action)
    query = read_query(resource, pairs, names=grant is not THIN)
    return _Search(query, grant, {**scope(visit.caller, action), **(audience or {})})


async def documents(visit: Visit, search: _Search, ids: list[str]) -> list[Document]:
    """The documents with these ids, in their order; without those that the caller may not see (any more)."""
    found: dict[str, Document] = {}
    for some in counted(ids, AT_ONCE):
        wanted = {"$and": [{"_id": {"$in": some}}, dict(search.scope)]} if search.scope else {"_id": {"$in": some}}
        async for document in visit.gateway.views[search.query.resource].find(wanted):
            found[document["_id"]] = document
    return [found[id] for id in ids if id in found]


def _shown(visit: Visit, resource: str, document: Document) -> dict[str, Any]:
    return public(document, hidden(require_for(visit.caller, f"{resource}.read", document), resource))


async def _export(visit: Visit, search: _Search, dialect: Dialect) -> Response:
    """What fits is found first, so that what goes wrong is still a problem; the rows follow as they are read."""
    resource = search.query.resource
    ids = await visit.gateway.search(visit.gateway.index.ids, search.query, search.scope)
    headers = {"content-disposition": f'attachment; filename="{resource}.csv"'}
    return StreamingResponse(_rows(visit, search, dialect, ids), 200, headers, CSV_TYPE)


async def _rows(visit: Visit, search: _Search, dialect: Dialect, ids: list[str]) -> AsyncIterator[bytes]:
    writer = Writer(search.query.resource, dialect, hidden(search.grant, search.query.resource))
    yield writer.head()
    for some in counted(ids, ROWS_AT_ONCE):
        yield writer.rows(await documents(visit, search, some))


def _limit(visit: Visit) -> int:
    text = visit.request.query_params.get("limit", "50")
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= MOST_ITEMS):
        raise Problem(422, "invalid-input", f"must lie between 1 and {MOST_ITEMS}", field="limit")
    return int(text)


def _format(visit: Visit) -> str:
    chosen = visit.request.query_params.get("format")
    if chosen is None:
        accepted = visit.request.headers.get("accept", "").split(",")
        return "csv" if accepted[0].partition(";")[0].strip().lower() == CSV else "json"
    if chosen not in FORMATS:
        raise Problem(422, "invalid-input", f"must be one of {', '.join(FORMATS)}", field="format")
    return chosen


def searches(resource: str) -> dict[str, Any]:
    """The part of the OpenAPI document that describes the parameters of this search."""
    described = [
        _parameter("q", "Words in any order, or their beginnings; in names only for those who may see them", "schweißen", {}),
        *(
            _parameter(name, each.about, each.example, each.schema, several=each.join != "once")
            for name, each in PARAMETERS[resource].items()
        ),
        _parameter("within_km", "How far from `place`, as the crow flies", 30, {"type": "number"}),
        _parameter("sort", "Order; the id decides between equals", "updated", {"enum": list(SORTS[resource])}),
        _parameter(
            "facets",
            f"What to count, separated by commas; each leaves its own parameter out: {', '.join(FACETS[resource])}",
            ",".join(FACETS[resource][:2]),
            {},
        ),
        _parameter("limit", "How many items at most", 50, {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS}),
        _parameter("cursor", "`next` of the page before, with the same parameters", None, {}),
        _parameter("format", "`csv` or `excel` (semicolons, byte order mark) gives all hits", "csv", {"enum": list(FORMATS)}),
    ]
    return {"parameters": described}


def _parameter(name: str, about: str, example: Any, schema: Mapping[str, Any], *, several: bool = False) -> dict[str, Any]:
    single = {"type": "string", **schema}
    described = {
        "name": name,
        "in": "query",
        "required": False,
        "description": about,
        "schema": {"type": "array", "items": single} if several else single,
    }
    if example is not None:
        described["example"] = [example] if several else example
    return described
