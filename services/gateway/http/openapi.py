"""The OpenAPI document: bodies, problems and the security scheme, which the routes only hint at."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field, create_model

from services.gateway.http.shapes.platform import CommandStatus
from services.gateway.http.shapes.problems import ProblemDetails
from services.gateway.http.shapes.searches import FacetCount
from services.gateway.problems import MEDIA_TYPE

DESCRIPTION = """
Brücke brings small and medium enterprises together with highly qualified migrants, and keeps their conversations alive.

Every write may carry `Idempotency-Key` (the same key and body get the first answer again), `If-Match` (the version you
have seen) and `Prefer: respond-async` (202 at once). Answers show what was written. Failures are problem details (RFC 9457).
"""

TAGS = [
    {"name": "people", "description": "Fachkräfte: people with qualifications who agreed to cooperate"},
    {"name": "companies", "description": "KMU: small and medium enterprises and what they look for"},
    {"name": "partners", "description": "Netzwerkpartner: organisations here and in the target regions"},
    {"name": "referrals", "description": "Whom partners recommend"},
    {"name": "prospects", "description": "Ansprache: whom staff want to win, who is not there yet"},
    {"name": "contacts", "description": "Kontakte: one person, one company, one need, and how it goes on"},
    {
        "name": "promise",
        "description": "Verlässlichkeit: the proof, for any moment, that every open contact goes on",
    },
    {"name": "meetings", "description": "Gespräche: the dated talks within a contact"},
    {"name": "notices", "description": "Schwarzes Brett: offers, requests and questions, and the answers to them"},
    {"name": "messages", "description": "Nachrichten: what is written within a contact or a workshop, with files"},
    {"name": "workshops", "description": "Veranstaltungen: events with places, and who takes part"},
    {"name": "rankings", "description": "Gewichte: what counts how much in rankings"},
    {"name": "erasures", "description": "Löschungen: who was forgotten, and what each store confirmed"},
    {"name": "exports", "description": "Auskünfte: all that is known about somebody"},
    {"name": "consents", "description": "Einwilligungen: the wordings to which one may agree"},
    {"name": "imports", "description": "Files of people and companies, and Europass documents"},
    {"name": "skills", "description": "Kenntnisse: the vocabulary, and what typed texts mean in it"},
    {"name": "searches", "description": "Saved searches, which tell their owner about new hits"},
    {"name": "inbox", "description": "Nachrichten: what you were told, and how you want to be told"},
    {"name": "staff", "description": "Mitarbeitende: the staff directory"},
    {"name": "platform", "description": "Commands, health"},
]

PROBLEM = {
    "description": "The request failed; nothing was changed",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

WRITE_HEADERS = [
    {"name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 255}},
    {"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"}},
    {"name": "Prefer", "in": "header", "required": False, "schema": {"type": "string"}},
]

Responses = dict[int | str, dict[str, Any]]


def reads(shape: type[BaseModel]) -> Responses:
    """What a GET answers."""
    return {200: {"model": shape}, "4XX": PROBLEM, 503: PROBLEM}


def reads_page_of(shape: type[BaseModel]) -> Responses:
    """What a GET of a list answers: ``items`` and the cursor of the ``next`` page."""
    page = create_model(f"PageOf{shape.__name__}", items=(list[shape], ...), next=(str | None, None))  # type: ignore[valid-type]
    return reads(page)


def finds(shape: type[BaseModel]) -> Responses:
    """What a GET of a searched list answers: a page with the count of all hits, and counts by facet; or all of it as CSV."""
    counts: Any = (dict[str, list[FacetCount]], Field(default_factory=dict))
    page: Any = create_model(
        f"FoundOf{shape.__name__}",
        items=(list[shape], ...),  # type: ignore[valid-type]
        next=(str | None, None),
        total=(int, ...),
        facets=counts,
    )
    answered = reads(page)
    answered[200]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    return answered


def writes(shape: type[BaseModel], status: int = 200) -> Responses:
    """What a write answers: what was written, or 202 with a place to look."""
    later = {"model": CommandStatus, "description": "Taken; `Location` tells where to ask how it ended"}
    return {status: {"model": shape}, 202: later, "4XX": PROBLEM, 503: PROBLEM}


def describe(app: FastAPI) -> None:
    """Makes ``app.openapi()`` give the whole document."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, tags=TAGS)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["Problem"].pop("$defs", {}))
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path.startswith("/v1/"):
                operation["security"] = [{"token": []}]
            if method != "get":
                operation["parameters"] = [*operation.get("parameters", []), *WRITE_HEADERS]
            _move_body_schema(operation, schemas)
    return document


def _move_body_schema(operation: Mapping[str, Any], schemas: dict[str, Any]) -> None:
    media: Sequence[dict[str, Any]] = list(operation.get("requestBody", {}).get("content", {}).values())
    for each in media:
        schema = dict(each["schema"])
        if "title" not in schema:
            continue  # it speaks of schemas that other routes bring
        schemas.update(schema.pop("$defs", {}))
        schemas[schema["title"]] = schema
        each["schema"] = {"$ref": f"#/components/schemas/{schema['title']}"}
