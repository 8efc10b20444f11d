"""How somebody wants to be written to: e-mail, digest, quiet hours, webhook."""

import asyncio
import base64
import hmac
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.http.forms import Form, form_of, takes
from services.gateway.http.openapi import reads, writes
from services.gateway.http.reading import JSON, dump, find, require_id
from services.gateway.http.shapes.preferences import PreferencesShown, WebhookShown
from services.gateway.http.visit import LeanRoute, Visit, Visiting
from services.gateway.http.writing import NOT_KEPT, Make, Show, carry_out, watched
from services.gateway.permissions import forbidden, require, require_for
from services.gateway.problems import not_found
from services.gateway.security import Caller
from services.gateway.views.preferences import DEFAULTS
from services.notifications.contract import (
    ChangePreferences,
    RemoveWebhook,
    SetWebhook,
    preferences_stream,
    staff_stream,
)

WEBHOOKS = "secrets-of-webhooks"
"""The name under which the vault keeps what the secrets of webhooks are made from."""
RECIPIENTS = {"person": "people", "company": "companies", "partner": "partners", "staff": "staff"}


def _is_https(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
        good = good and not parts.username and not parts.password and text.isascii() and " " not in text
    except ValueError:
        good = False
    if not good:
        raise PydanticCustomError("webhook", "must be an address with https and without a user name")
    return text


class WebhookForm(Form):
    """Where your system wants to be told."""

    url: Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_is_https)]


PREFERENCES = form_of(ChangePreferences, without={"recipient"})

router = APIRouter(prefix="/v1/preferences", tags=["inbox"], route_class=LeanRoute)


@router.get("/{recipient_id}", summary="How somebody wants to be written to", responses=reads(PreferencesShown))
async def get_preferences(visit: Visiting, recipient_id: str) -> Response:
    require(visit.caller, "preferences.change")
    await _require_own(visit, recipient_id)
    stream = preferences_stream(recipient_id)
    document = await visit.gateway.views["preferences"].find_one({"_id": stream})
    return _answer(recipient_id, document or {"version": 0})


@router.put(
    "/{recipient_id}",
    summary="Say how somebody wants to be written to; what is left out stays as it is",
    responses=writes(PreferencesShown),
    openapi_extra=takes(PREFERENCES),
)
async def change_preferences(visit: Visiting, recipient_id: str) -> Response:
    given = (await visit.form("preferences.change", PREFERENCES)).given()
    await _require_own(visit, recipient_id)
    command = ChangePreferences.model_validate({"recipient": recipient_id, **given})
    return await carry_out(visit, _always(recipient_id, command), _show(visit, recipient_id))


@router.put(
    "/{recipient_id}/webhook",
    summary="Set the webhook; its secret is shown this once",
    responses=writes(WebhookShown),
    openapi_extra=takes(WebhookForm),
)
async def set_webhook(visit: Visiting, recipient_id: str) -> Response:
    form = await visit.form("preferences.change", WebhookForm)
    await _require_own(visit, recipient_id)

    async def make(command_id: str) -> tuple[str, Command]:
        new, secret = recipient_id.startswith("staff-"), await _secret(visit, command_id)
        sealed = await visit.gateway.seal(recipient_id, {"webhook_url": form.url, "webhook_secret": secret}, new=new)
        command = SetWebhook(recipient=recipient_id, url=sealed["webhook_url"], secret=sealed["webhook_secret"])
        return preferences_stream(recipient_id), command

    async def show(outcome: Outcome) -> Response:
        await watched(visit, "preferences", outcome)
        secret = await _secret(visit, outcome.command_id)
        content = {"id": recipient_id, "url": form.url, "secret": secret, "version": outcome.version}
        return Response(dump(content), headers={"cache-control": "no-store"}, media_type=JSON)

    return await carry_out(visit, make, show, NOT_KEPT)


@router.delete("/{recipient_id}/webhook", summary="Remove the webhook", responses=writes(PreferencesShown))
async def remove_webhook(visit: Visiting, recipient_id: str) -> Response:
    require(visit.caller, "preferences.change")
    await _require_own(visit, recipient_id)
    command = RemoveWebhook(recipient=recipient_id)
    return await carry_out(visit, _always(recipient_id, command), _show(visit, recipient_id))


def recipients_of(caller: Caller) -> str:
    """The recipient that a caller is."""
    return caller.stream or staff_stream(caller.id)


async def _secret(visit: Visit, command_id: str) -> str:
    """The secret that a command sets: always the same, so that whoever sends a request again gets the one that counts."""
    made_from = await asyncio.to_thread(visit.gateway.vault.secret, WEBHOOKS)
    return base64.urlsafe_b64encode(hmac.digest(made_from, command_id.encode(), "sha256")).decode().rstrip("=")


async def _require_own(visit: Visit, recipient_id: str) -> None:
    """That somebody may speak for this recipient: staff for all profiles, and of staff each for themselves, and the heads."""
    collection = RECIPIENTS.get(recipient_id.partition("-")[0])
    if collection is None:
        raise not_found("recipient with this id")
    if collection != "staff":
        require_for(visit.caller, "preferences.change", await find(visit, collection, recipient_id))
    elif require_id(recipient_id, "staff") and visit.caller.role != "head" and recipient_id != recipients_of(visit.caller):
        raise forbidden(visit.caller, "preferences.change")


def _always(recipient_id: str, command: Command) -> Make:
    async def make(_: str) -> tuple[str, Command]:
        return preferences_stream(recipient_id), command

    return make


def _show(visit: Visit, recipient_id: str) -> Show:
    async def show(outcome: Outcome) -> Response:
        if outcome.version == 0:
            return _answer(recipient_id, {"version": 0})
        return _answer(recipient_id, await watched(visit, "preferences", outcome))

    return show


def _answer(recipient_id: str, document: Mapping[str, Any]) -> Response:
    content = {"id": recipient_id, **{name: document.get(name, value) for name, value in DEFAULTS.items()}}
    headers = {"etag": f'"{document["version"]}"'}
    return Response(dump(content | {"version": document["version"]}), headers=headers, media_type=JSON)
