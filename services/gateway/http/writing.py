"""Writing: a request becomes a command, its outcome an answer that already shows what was written."""

from collections.abc import Awaitable, Callable

import orjson
from fastapi.responses import Response

from services.foundation.messages import Command
from services.foundation.outcomes import Outcome
from services.gateway.commander import DeadlinePassed
from services.gateway.house import Document
from services.gateway.http.reading import JSON, dump, shown
from services.gateway.http.visit import Visit
from services.gateway.idempotency import Answer, Ticket
from services.gateway.problems import refused, render

Make = Callable[[str], Awaitable[tuple[str, Command]]]
"""From the command's id, from which all further ids are made, to its stream and the command itself."""

Show = Callable[[Outcome], Awaitable[Response]]

KEPT_HEADERS = ("etag", "location", "content-type", "content-language")

Owners = tuple[str, ...] | None
"""Whose keys seal the answer that is kept for whoever asks again, one after the other. Of none: whom it is about."""

NOT_KEPT: Owners = None
"""Of an answer with the words of several people, or with a secret: it is made anew, from the first outcome."""


class ViewLate(Exception):
    """The command was accepted, but the view has not seen it before the deadline."""


async def carry_out(visit: Visit, make: Make, show: Show, owners: Owners = ()) -> Response:
    """Sends the command that ``make`` gives and answers with what ``show`` makes of its outcome. ``owners``: see Owners.

    Honours Idempotency-Key, If-Match and ``Prefer: respond-async``. Past the deadline, and for a command that a service had to
    put aside, the answer is 202 with a place to look.
    """
    expected_version = visit.expected_version
    ticket = await visit.ticket()
    if ticket.answer is not None:
        return _again(ticket.answer)
    stream, command = await make(ticket.command_id)
    commander, actor = visit.gateway.commander, visit.caller.actor
    about = {"command_id": ticket.command_id, "correlation_id": visit.correlation_id}
    if visit.wants_answer_later:
        await commander.submit(command, stream, actor, expected_version=expected_version, **about)
        return _later(ticket.command_id, preference_applied=True)
    try:
        outcome = await commander.execute(command, stream, actor, expected_version=expected_version, **about)
    except DeadlinePassed:
        return _later(ticket.command_id)
    try:
        if outcome.status != "parked":
            return await _settled(visit, ticket, outcome, show, owners)
    except ViewLate:
        pass
    await commander.keep(command, outcome, actor, visit.correlation_id)
    return _later(ticket.command_id, status=outcome.status)


async def watched(visit: Visit, collection: str, outcome: Outcome) -> Document:
    """The view's document as of this outcome; raises ViewLate."""
    patience = visit.gateway.settings.answer_deadline_seconds
    document = await visit.gateway.watch.at_least(collection, outcome.stream, outcome.version, patience)
    if document is None:
        raise ViewLate
    return document


def show_view(visit: Visit, collection: str, status: int = 200) -> Show:
    """Answers with the document of the command's own stream; with where it is, if it is new."""

    async def show(outcome: Outcome) -> Response:
        document = await watched(visit, collection, outcome)
        return await shown(visit, collection, document, status, f"/v1/{collection}/{outcome.stream}" if status == 201 else "")

    return show


async def _settled(visit: Visit, ticket: Ticket, outcome: Outcome, show: Show, owners: Owners) -> Response:
    if outcome.status == "accepted":
        response = await show(outcome)
    else:
        response = render(refused(outcome), visit.request.headers.get("accept-language", ""))
    if owners is None:
        return response
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    answer = Answer(response.status_code, headers, bytes(response.body).decode(), _about(response, outcome.stream), owners)
    await visit.gateway.idempotency.settle(ticket, answer)
    return response


def _about(response: Response, stream: str) -> str:
    """Whose data an answer holds: that about a contact holds words about its person, that about a registration those of the
    participant, or of the partner who brings them."""
    if not stream.startswith(("contact-", "workshop-")):
        return stream
    told = orjson.loads(response.body)
    return str(told.get("person_id") or told.get("partner_id") or told.get("participant_id") or stream)


def _again(answer: Answer) -> Response:
    return Response(answer.body.encode(), answer.status, answer.headers | {"idempotency-replayed": "true"})


def _later(command_id: str, *, status: str = "pending", preference_applied: bool = False) -> Response:
    headers = {"location": f"/v1/commands/{command_id}", "retry-after": "1"}
    if preference_applied:
        headers["preference-applied"] = "respond-async"
    return Response(dump({"id": command_id, "status": status}), 202, headers, JSON)
