"""Every way in which a request can fail, as problem details (RFC 9457). An answer never carries a traceback."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from kafka.errors import KafkaError
from pydantic import ValidationError
from pymongo.errors import ConnectionFailure, ExecutionTimeout, WaitQueueTimeoutError, WTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Route

from services.foundation.outcomes import Outcome
from services.foundation.privacy import KeyMissing, MasterKeyUnknown
from services.gateway.commander import BrokerAway
from services.gateway.problem_titles import title
from services.gateway.reasons import in_german
from services.gateway.security import TokenRefused
from services.vocabulary.skills.shelf import ShelfBroken

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 50
LONGEST_FIELD = 200
AWAY = (ConnectionFailure, ExecutionTimeout, WaitQueueTimeoutError, WTimeoutError, KafkaError, MasterKeyUnknown)
"""Database or broker cannot be reached: the request may be sent again as it is."""

NAMED_BY_PATH = frozenset(
    {
        "stream-unknown",
        "meeting-unknown",
        "need-unknown",
        "qualification-unknown",
        "contact-person-unknown",
        "not-merged",
        "participant-not-registered",
        "message-unknown",
        "thread-subject-unknown",
        "dates-unknown",
        "pair-unknown",
    }
)
"""Refusals that mean: what the path names does not exist."""

NOT_YOURS = frozenset({"not-of-this-thread", "message-of-somebody-else"})
"""Refusals that mean: not by this caller."""

PATH_FIELDS = frozenset({"meeting_id", "proposal_id"})
"""Fields of commands that stand in the path: nothing in the body is to blame."""

log = structlog.get_logger("gateway.problems")

Errors = Sequence[Mapping[str, str]]


class Problem(Exception):
    """What is told to a client whose request failed. ``errors`` lists each field with its reason."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        field: str = "",
        errors: Errors = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.errors = errors or ([{"field": field, "reason": detail}] if field else [])
        self.headers = dict(headers or {})


def render(problem: Problem, accept_language: str = "") -> Response:
    """The answer; its title, and the reasons of its fields, are German or English by Accept-Language."""
    language = preferred_language(accept_language)
    detail, errors = _in_language(problem, language)
    body = {
        "type": f"urn:bruecke:problem:{problem.code}",
        "title": title(problem.code, problem.status, language),
        "status": problem.status,
        "detail": detail,
        "code": problem.code,
        **({"field": problem.field} if problem.field else {}),
        "errors": errors,
    }
    headers = {"content-language": language} | problem.headers
    return Response(orjson.dumps(body), problem.status, headers, MEDIA_TYPE)


def _in_language(problem: Problem, language: str) -> tuple[str, Errors]:
    if language != "de" or not problem.errors:
        return problem.detail, problem.errors
    errors = [{"field": each["field"], "reason": in_german(each["reason"])} for each in problem.errors]
    return f"{errors[0]['field']}: {errors[0]['reason']}", errors


def preferred_language(accept_language: str) -> str:
    """``de`` or ``en``, whichever stands first among those that weigh most; English where neither is asked for."""
    best, chosen = 0.0, "en"
    for part in accept_language[:500].lower().split(","):
        tag, _, weight = part.strip().partition(";")
        language = tag.strip().partition("-")[0]
        if language in ("de", "en") and (quality := _quality(weight)) > best:
            best, chosen = quality, language
    return chosen


def _quality(weight: str) -> float:
    try:
        return float(weight.strip().removeprefix("q=")) if weight else 1.0
    except ValueError:
        return 0.0


def refused(outcome: Outcome) -> Problem:
    """The problem for a command that a service refused."""
    return Problem(_refusal_status(outcome), outcome.code or "refused", outcome.message, field=outcome.field)


def _refusal_status(outcome: Outcome) -> int:
    if outcome.code == "stale-version":
        return 412
    if outcome.code in ("profile-is-erased", "message-is-gone"):
        return 410
    if outcome.code in NOT_YOURS:
        return 403
    if outcome.code in NAMED_BY_PATH:
        return 404
    return 422 if outcome.field and outcome.field not in PATH_FIELDS else 409


def invalid(fault: ValidationError | RequestValidationError, at: str = "") -> Problem:
    """The problem for input that does not fit its model; ``at`` is put before the names of the fields."""
    found = fault.errors()[:MOST_ERRORS] if isinstance(fault, RequestValidationError) else _errors(fault)
    if found and found[0]["type"] == "json_invalid":
        return Problem(400, "unreadable-json", f"the body is not JSON: {found[0]['msg'].removeprefix('Invalid JSON: ')}")
    errors = [{"field": _field(each["loc"], at), "reason": str(each["msg"])} for each in found]
    first = errors[0]
    return Problem(422, "invalid-input", f"{first['field']}: {first['reason']}", field=first["field"], errors=errors)


def _errors(fault: ValidationError) -> list[Any]:
    return list(fault.errors(include_url=False, include_input=False, include_context=False)[:MOST_ERRORS])


def _field(location: Sequence[str | int], at: str) -> str:
    parts = [str(part) for part in location if part not in ("body", "query", "path", "header")]
    return (".".join([at, *parts] if at else parts) or "body")[:LONGEST_FIELD]


def not_found(what: str) -> Problem:
    """The 404 problem for something that does not exist."""
    return Problem(404, "not-found", f"there is no {what}")


def erased() -> Problem:
    """The 410 problem for a profile that was erased."""
    return Problem(410, "profile-is-erased", "this profile was erased; nothing of it can be read or changed any more")


def away() -> Problem:
    """The 503 problem while broker or database cannot be reached."""
    detail = "the platform cannot take this at the moment; send it again, with the same Idempotency-Key if it had one"
    return Problem(503, "temporarily-unavailable", detail, headers={"retry-after": "2"})


def unauthorized(refusal: TokenRefused) -> Problem:
    """The 401 problem for a token that proves nothing (RFC 6750)."""
    challenge = 'Bearer realm="bruecke"' + ("" if refusal.reason == "missing" else ', error="invalid_token"')
    return Problem(401, f"token-{refusal.reason}", str(refusal), headers={"www-authenticate": challenge})


def _http(fault: HTTPException) -> Problem:
    code = "not-found" if fault.status_code == 404 else "bad-request"
    return Problem(fault.status_code, code, str(fault.detail), headers=fault.headers)


def _unexpected(fault: Exception) -> Problem:
    log.error("request failed", error=type(fault).__name__, exc_info=fault)
    return Problem(500, "internal-error", "something went wrong on our side")


def add_problem_handlers(app: FastAPI) -> None:
    """Turns every exception that a request may meet into problem details."""
    makers: list[tuple[type[Exception], Callable[[Any], Problem]]] = [
        (Problem, lambda problem: problem),
        (TokenRefused, unauthorized),
        (RequestValidationError, invalid),
        (HTTPException, _http),
        (KeyMissing, lambda _: erased()),
        (BrokerAway, lambda _: away()),
        (
            ShelfBroken,
            lambda _: Problem(503, "vocabulary-unreadable", "the imported vocabulary must be imported anew"),
        ),
        (TimeoutError, lambda _: away()),
        (ClientDisconnect, lambda _: Problem(400, "incomplete-request", "the request ended early")),
        *((kind, lambda _: away()) for kind in AWAY),
        (Exception, _unexpected),
    ]
    for kind, make in makers:
        app.add_exception_handler(kind, _handler(make))
    app.add_exception_handler(405, _method_not_allowed)


async def _method_not_allowed(request: Request, _: Exception) -> Response:
    """Names all methods of the resource: the router knows only those of the first route that matched."""
    routes = [route for route in request.app.routes if isinstance(route, Route) and route.path_regex.match(request.url.path)]
    allowed = ", ".join(sorted({method for route in routes for method in route.methods or ()}))
    problem = Problem(405, "method-not-allowed", f"allowed here: {allowed}", headers={"allow": allowed})
    return render(problem, request.headers.get("accept-language", ""))


def _handler(make: Callable[[Any], Problem]) -> Callable[[Request, Exception], Response]:
    async def handle(request: Request, fault: Exception) -> Response:
        return render(make(fault), request.headers.get("accept-language", ""))

    return handle  # type: ignore[return-value]
