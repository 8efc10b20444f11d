"""Skills: the vocabulary, and which of its concepts typed texts mean."""

import asyncio
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field, StringConstraints

from services.gateway.http.forms import Form, takes
from services.gateway.http.openapi import reads, reads_page_of
from services.gateway.http.reading import JSON, Paging, dump
from services.gateway.http.visit import LeanRoute, Visiting
from services.gateway.permissions import require
from services.gateway.problems import Problem, not_found
from services.vocabulary.skills.concept import Concept
from services.vocabulary.skills.library import SkillLibrary
from services.vocabulary.skills.resolver import Candidate

MOST_TEXTS = 100

Typed = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class SkillTexts(Form):
    """What somebody has typed, each a skill, in any language."""

    texts: list[Typed] = Field(min_length=1, max_length=MOST_TEXTS)
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")] | None = None
    """The language of ``label`` in the answer; German where it is not given."""


class SkillName(BaseModel):
    """A concept by its id and its preferred labels, by language."""

    id: str
    labels: dict[str, str]


class Skill(SkillName):
    """A concept: all it is called, what is above it (nearest first) and below it, and the ISCO-08 groups that need it."""

    synonyms: dict[str, list[str]]
    isco: list[str]
    broader: list[SkillName]
    narrower: list[SkillName]
    same_as: str | None = None
    """The built-in concept that stands for this imported one."""


class SkillCandidate(SkillName):
    """A concept that the text may mean. ``confidence``: how often a candidate like this is right, from 0 to 1."""

    label: str
    confidence: float
    how: Literal["exact", "spelling", "meaning"]


class ResolvedText(BaseModel):
    text: str
    candidates: list[SkillCandidate]


class Resolution(BaseModel):
    """The texts in their order, each with up to three candidates. ``meaning``: whether they were compared by meaning."""

    meaning: bool
    note: str | None
    items: list[ResolvedText]


router = APIRouter(prefix="/v1/skills", tags=["skills"], route_class=LeanRoute)


@router.post(
    "/resolution", summary="Which concepts typed texts mean", responses=reads(Resolution), openapi_extra=takes(SkillTexts)
)
async def resolve_skills(visit: Visiting) -> Response:
    form = await visit.form("skills.read", SkillTexts)
    library, found = await visit.gateway.skills.resolve(form.texts)
    language = form.language or "de"
    items = [
        {"text": text, "candidates": [_candidate(each, language) for each in candidates]}
        for text, candidates in zip(form.texts, found, strict=True)
    ]
    content = {"meaning": not library.resolver.meaning_fault, "note": "; ".join(library.notes) or None, "items": items}
    return Response(dump(content), media_type=JSON)


@router.get("", summary="Skills, page by page", responses=reads_page_of(SkillName))
async def list_skills(
    visit: Visiting,
    page: Paging,
    q: Annotated[str, Query(max_length=100, description="Letters that a label must contain, in any language")] = "",
) -> Response:
    require(visit.caller, "skills.read")
    library = await visit.gateway.skills.library()
    start = _start(page.cursor, library)
    some = await asyncio.to_thread(library.search, q, start, page.limit + 1)
    further = _cursor(some[page.limit - 1].id) if len(some) > page.limit else None
    return Response(dump({"items": _names(some[: page.limit]), "next": further}), media_type=JSON)


@router.get("/{id:path}", summary="One skill", responses=reads(Skill))
async def get_skill(visit: Visiting, id: str) -> Response:
    require(visit.caller, "skills.read")
    library = await visit.gateway.skills.library()
    concept = library.find(id)
    if concept is None:
        raise not_found("skill with this id")
    content = {
        **_name(concept),
        "synonyms": {language: list(labels.synonyms) for language, labels in concept.labels.items()},
        "isco": list(concept.isco),
        "broader": _names(library.above(id)),
        "narrower": _names(library.narrower(id)),
        "same_as": library.same_as.get(id),
    }
    return Response(dump(content), media_type=JSON)


def _candidate(candidate: Candidate, language: str) -> dict[str, Any]:
    concept = candidate.concept
    label = concept.label(language) or concept.label("en") or next(iter(concept.labels.values())).preferred
    return {**_name(concept), "label": label, "confidence": candidate.confidence, "how": candidate.how}


def _name(concept: Concept) -> dict[str, Any]:
    return {"id": concept.id, "labels": {language: labels.preferred for language, labels in concept.labels.items()}}


def _names(concepts: Iterable[Concept]) -> list[dict[str, Any]]:
    return [_name(each) for each in concepts]


def _cursor(id: str) -> str:
    return id.encode().hex()


def _start(cursor: str | None, library: SkillLibrary) -> str:
    """The id that this cursor continues after; raises a 400 problem for what was never given out."""
    if cursor is None:
        return ""
    try:
        id = bytes.fromhex(cursor).decode()
    except ValueError:
        id = ""
    if library.find(id) is None:
        raise Problem(400, "bad-cursor", "take the cursor from `next` of the page before", field="cursor")
    return id
