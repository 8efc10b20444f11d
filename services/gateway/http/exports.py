"""GET …/export: all that is known about a person, company or partner, to read and print, or as JSON."""

from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

from services.gateway.exporting import export_of
from services.gateway.http.export_words import SECTIONS, WORDS, label
from services.gateway.http.openapi import reads
from services.gateway.http.reading import JSON, dump, find
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.permissions import require, require_for
from services.gateway.problems import preferred_language

HTML = "text/html"
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "vary": "accept, accept-language",
}

router = APIRouter(prefix="/v1", tags=["exports"], route_class=LeanRoute)


class Export(BaseModel):
    """What is known, section by section. With ``Accept: text/html`` it comes as a page, in German or English."""

    id: str
    kind: str
    exported_at: datetime
    profile: dict[str, Any]
    needs: list[dict[str, Any]]
    consents: list[dict[str, Any]]
    consent_history: list[dict[str, Any]]
    disclosures: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    workshops: list[dict[str, Any]]
    prospects: list[dict[str, Any]]
    referrals: list[dict[str, Any]]
    rankings: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    feed: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    merged_profiles: list[dict[str, Any]]


@router.get("/people/{id}/export", summary="All that is known about a person", responses=reads(Export))
async def export_person(visit: Visiting, id: str) -> Response:
    return await _export(visit, "people", id)


@router.get("/companies/{id}/export", summary="All that is known about a company", responses=reads(Export))
async def export_company(visit: Visiting, id: str) -> Response:
    return await _export(visit, "companies", id)


@router.get("/partners/{id}/export", summary="All that is known about a partner", responses=reads(Export))
async def export_partner(visit: Visiting, id: str) -> Response:
    return await _export(visit, "partners", id)


async def _export(visit: Visit, collection: str, id: str) -> Response:
    require(visit.caller, f"{collection}.export")
    document = await find(visit, collection, id)
    require_for(visit.caller, f"{collection}.export", document)
    asked, own = visit.request.headers.get("accept-language", ""), document.get("preferred_language") or "de"
    export = await export_of(visit.gateway, collection, document)
    if HTML not in visit.request.headers.get("accept", ""):
        return Response(dump(export), headers=HEADERS, media_type=JSON)
    language = preferred_language(asked) if asked or own not in WORDS else own
    return Response(page(export, language), headers=HEADERS | {"content-language": language}, media_type=HTML)


def page(export: dict[str, Any], language: str) -> str:
    """The export as a page that needs nothing else and can be printed."""
    template = _environments[language].get_template("export.html")
    return template.render(export=export, language=language, words=WORDS[language], sections=SECTIONS)


def _readable(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M UTC") if isinstance(value, datetime) else value


def _environment(language: str) -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    filters: dict[str, Any] = {"label": lambda field: label(field, language), "readable": _readable}
    environment.filters.update(filters)
    return environment


_environments = {language: _environment(language) for language in WORDS}
