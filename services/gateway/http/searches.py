"""Saved searches: of their owner alone. They are run as the owner may search now, whatever they could when they saved it."""

import asyncio
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Document
from services.gateway.http.forms import Form, takes
from services.gateway.http.openapi import Responses, finds, reads, reads_page_of, writes
from services.gateway.http.reading import JSON, dump, find
from services.gateway.http.search import OF_THE_PAGE, answer_search, audience_for
from services.gateway.http.shapes.people import Person
from services.gateway.http.shapes.searches import SavedSearch
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import Show, carry_out, watched
from services.gateway.permissions import require
from services.gateway.problems import Problem, not_found
from services.gateway.search.queries import Query
from services.gateway.search.watching import opened_query, read_saved
from services.gateway.views.saved_search import keeper_of
from services.profiles.contract import MOST_KNOWN, SEARCH_SEALED, DeleteSearch, SaveSearch, SeeHits
from services.profiles.contract.saved_search import Searched

MOST_SEARCHES = 100

router = APIRouter(prefix="/v1/searches", tags=["searches"], route_class=LeanRoute)


class SaveSearchForm(Form):
    """``query``: parameters as in an address, without limit and cursor. ``notify``: whether you want to know of new hits."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    resource: Searched
    query: Annotated[str, StringConstraints(max_length=2_000), Field(examples=["sector=construction&language=de:B2"])] = ""
    notify: bool = True


FOUND: Responses = finds(Person)


@router.post(
    "", summary="Save a search", status_code=201, responses=writes(SavedSearch, 201), openapi_extra=takes(SaveSearchForm)
)
async def save_search(visit: Visiting) -> Response:
    form = await visit.form("searches.keep", SaveSearchForm)
    for name, _ in parse_qsl(form.query, keep_blank_values=True):
        if name in OF_THE_PAGE:
            raise Problem(422, "invalid-input", f"{name} belongs to a page and cannot be saved", field="query")
    query, scope = await _read(visit, form.resource, form.query)
    known = await visit.gateway.search(visit.gateway.index.fitting, query, scope) if form.notify else set[str]()
    if len(known) > MOST_KNOWN:
        detail = f"has {len(known)} hits; to be told of new ones, ask for something with {MOST_KNOWN} at most"
        raise Problem(422, "search-too-broad", detail, field="query")

    async def make(command_id: str) -> tuple[str, Command]:
        id = f"search-{command_id}"
        clear = {"title": form.title, "query": form.query}
        sealed = await visit.gateway.seal(id, clear, new=True)
        fields = {"owner": visit.caller.stream, "resource": form.resource, "notify": form.notify, "known": sorted(known)}
        return id, SaveSearch.model_validate(fields | sealed)

    return await carry_out(visit, make, _show(visit, 201))


@router.get("", summary="Your saved searches, with how many hits you have not seen", responses=reads_page_of(SavedSearch))
async def list_searches(visit: Visiting) -> Response:
    require(visit.caller, "searches.keep")
    found = await visit.gateway.views["searches"].find({"keeper": _keeper(visit)}).sort("_id", 1).limit(MOST_SEARCHES).to_list()
    items = [await _shown(visit, each) for each in found]
    return Response(dump({"items": [each for each in items if each is not None], "next": None}), media_type=JSON)


@router.get("/{id}", summary="One of your saved searches", responses=reads(SavedSearch))
async def get_search(visit: Visiting, id: str) -> Response:
    return await _answer(visit, await _own(visit, id))


@router.delete("/{id}", summary="Delete a saved search", responses=writes(SavedSearch))
async def delete_search(visit: Visiting, id: str) -> Response:
    await _own(visit, id)

    async def show(outcome: Outcome) -> Response:
        await watched(visit, "searches", outcome)
        return Response(dump({"id": id, "version": outcome.version, "deleted": True}), media_type=JSON)

    return await carry_out(visit, _always(id, DeleteSearch()), show)


@router.get("/{id}/hits", summary="What a saved search finds now", responses=FOUND)
async def get_hits(visit: Visiting, id: str) -> Response:
    document = await _own(visit, id)
    saved = await _opened(visit, document)
    pairs = parse_qsl(saved["query"], keep_blank_values=True)
    return await answer_search(visit, document["resource"], pairs=pairs)


@router.post("/{id}/seen", summary="You have seen the hits", responses=writes(SavedSearch))
async def see_hits(visit: Visiting, id: str) -> Response:
    await _own(visit, id)
    return await carry_out(visit, _always(id, SeeHits()), _show(visit, 200))


def _always(id: str, command: Command) -> Any:
    async def make(_: str) -> tuple[str, Command]:
        return id, command

    return make


def _show(visit: Visit, status: int) -> Show:
    async def show(outcome: Outcome) -> Response:
        document = await watched(visit, "searches", outcome)
        return await _answer(visit, document, status)

    return show


async def _answer(visit: Visit, document: Document, status: int = 200) -> Response:
    shown = await _shown(visit, document)
    if shown is None:
        raise not_found("search with this id")
    headers = {"etag": f'"{document["version"]}"'}
    if status == 201:
        headers["location"] = f"/v1/searches/{document['_id']}"
    return Response(dump(shown), status, headers, JSON)


async def _own(visit: Visit, id: str) -> Document:
    """The search, if it is the caller's. That of another is as good as none."""
    require(visit.caller, "searches.keep")
    document = await find(visit, "searches", id)
    if document.get("keeper") != _keeper(visit):
        raise not_found("search with this id")
    return document


def _keeper(visit: Visit) -> str:
    return keeper_of(str(visit.caller.actor), visit.caller.stream)


async def _shown(visit: Visit, document: Document) -> dict[str, Any] | None:
    """As it is shown: hits that its owner may no longer see are none. None where the key was destroyed."""
    saved = await _opened(visit, document)
    if saved["query"] is None:
        return None
    unseen = document["unseen"]
    try:
        query, scope = await _read(visit, document["resource"], saved["query"])
    except Problem:
        unseen = []
    if unseen:
        unseen = await visit.gateway.search(visit.gateway.index.fitting, query, scope, unseen)
    fields = {name: document[name] for name in ("version", "updated_at", "resource", "notify", "saved_at")}
    return {"id": document["_id"], **fields, **saved, "unseen": len(unseen)}


async def _opened(visit: Visit, document: Document) -> dict[str, Any]:
    vault = visit.gateway.vault
    query = await asyncio.to_thread(opened_query, vault, document)
    title = await asyncio.to_thread(vault.open, document["_id"], SEARCH_SEALED[0], document["title"])
    return {"title": title, "query": query}


async def _read(visit: Visit, resource: str, query: str) -> tuple[Query, Any]:
    return read_saved(visit.caller, resource, query, await audience_for(visit, resource))
