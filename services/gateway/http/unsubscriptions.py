"""Ending the e-mails by one click in one of them, without signing in (RFC 8058). A GET changes nothing: scanners of mail follow
every link."""

import asyncio
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.house import Gateway
from services.gateway.http.visit import Visit
from services.gateway.http.writing import carry_out, watched
from services.gateway.problems import preferred_language
from services.gateway.security import Caller
from services.notifications.contract import UNSUBSCRIBING, ChangePreferences, preferences_stream, unsubscriber

WORDS = {
    "de": {
        "title": "E-Mails abbestellen",
        "ask": "Möchten Sie von Brücke keine E-Mails mehr bekommen? Was das Gesetz verlangt, schreiben wir Ihnen weiterhin.",
        "button": "Keine E-Mails mehr",
        "done": "Sie bekommen keine E-Mails mehr von uns. In Ihrem Posteingang bei Brücke finden Sie weiterhin alles.",
        "forged": "Dieser Link ist nicht gültig. Bitte öffnen Sie ihn so, wie er in der E-Mail steht.",
    },
    "en": {
        "title": "Unsubscribe",
        "ask": "Do you want to stop receiving e-mails from Brücke? We will still send you what the law demands.",
        "button": "No more e-mails",
        "done": "You will get no more e-mails from us. Everything will still be in your inbox at Brücke.",
        "forged": "This link is not valid. Please open it as it stands in the e-mail.",
    },
}
ROLES = {"person": "person", "company": "company", "partner": "partner", "staff": "coordinator"}

router = APIRouter(prefix="/v1/unsubscriptions", tags=["inbox"], include_in_schema=False)


@router.get("/{token}")
async def ask(request: Request, token: str) -> Response:
    return _page(request, "ask") if await _recipient(request, token) else _page(request, "forged", 403)


@router.post("/{token}")
async def unsubscribe(request: Request, token: str) -> Response:
    recipient = await _recipient(request, token)
    if recipient is None:
        return _page(request, "forged", 403)
    gateway: Gateway = request.app.state.gateway
    kind = recipient.partition("-")[0]
    caller = Caller(id=recipient, role=ROLES[kind], stream="" if kind == "staff" else recipient)  # type: ignore[arg-type]

    visit = Visit(request, gateway, caller)

    async def make(_: str) -> tuple[str, Command]:
        return preferences_stream(recipient), ChangePreferences(recipient=recipient, email=False)

    async def show(outcome: Outcome) -> Response:
        await watched(visit, "preferences", outcome)
        return _page(request, "done")

    return await carry_out(visit, make, show)


async def _recipient(request: Request, token: str) -> str | None:
    gateway: Gateway = request.app.state.gateway
    secret = await asyncio.to_thread(gateway.vault.secret, UNSUBSCRIBING)
    recipient = unsubscriber(secret, token[:500])
    return recipient if recipient and recipient.partition("-")[0] in ROLES else None


def _page(request: Request, what: str, status: int = 200) -> HTMLResponse:
    language = preferred_language(request.headers.get("accept-language", ""))
    words = {name: escape(text) for name, text in WORDS[language].items()}
    button = f'<form method="post"><button>{words["button"]}</button></form>' if what == "ask" else ""
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{words['title']}</title><h1>{words['title']}</h1><p>{words[what]}</p>{button}</html>"
    )
    headers = {
        "content-language": language,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    }
    return HTMLResponse(page, status, headers)
