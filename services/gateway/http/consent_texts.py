"""The wordings of consents, for whoever shows them."""

from dataclasses import asdict
from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from services.gateway.http.openapi import reads_page_of
from services.gateway.http.reading import JSON, dump
from services.gateway.http.visit import LeanRoute, Visiting
from services.gateway.permissions import require
from services.vocabulary.consent_texts import CONSENT_TEXTS

router = APIRouter(prefix="/v1", tags=["consents"], route_class=LeanRoute)


class ConsentText(BaseModel):
    """A wording in German and English. ``version`` is what a consent to it cites as ``text_version``."""

    version: str
    purpose: str
    valid_from: date
    de: str
    en: str


@router.get("/consent-texts", summary="The wordings of consents, oldest version first", responses=reads_page_of(ConsentText))
async def list_consent_texts(visit: Visiting) -> Response:
    require(visit.caller, "consent-texts.read")
    return Response(dump({"items": [asdict(each) for each in CONSENT_TEXTS.values()], "next": None}), media_type=JSON)
