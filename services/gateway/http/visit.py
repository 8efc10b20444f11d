"""One request: who calls, with which body and headers."""

import re
from collections.abc import Callable, Coroutine
from inspect import signature
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import ValidationError

from services.gateway.house import Gateway
from services.gateway.http.forms import Form, flaws
from services.gateway.idempotency import Ticket
from services.gateway.permissions import require
from services.gateway.problems import Problem, invalid
from services.gateway.security import Caller, bearer

F = TypeVar("F", bound=Form)

_VERSION = re.compile(r'(?:W/)?"([0-9]{1,18})"')
_KEY = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,254}")
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json", re.IGNORECASE)


class Visit:
    """A request whose token was verified."""

    __slots__ = ("_raw", "caller", "gateway", "request")

    def __init__(self, request: Request, gateway: Gateway, caller: Caller) -> None:
        self.request = request
        self.gateway = gateway
        self.caller = caller
        self._raw = b""

    async def form(self, action: str, form: type[F], *, optional: bool = False) -> F:
        """The body as this form, if the caller's role may do this at all; of an optional one, nothing is as good as ``{}``.

        Raises 400, 403, 413, 415 and 422 problems.
        """
        require(self.caller, action)
        self._raw = await self._read()
        if optional and not self._raw:
            return self._validated(form, b"{}")
        self._require_json()
        return self._validated(form, self._raw)

    def _validated(self, form: type[F], raw: bytes) -> F:
        try:
            filled = form.model_validate_json(raw, strict=True)
        except ValidationError as fault:
            raise invalid(fault) from None
        errors = [{"field": field, "reason": reason} for field, reason in flaws(filled.given())]
        if errors:
            first = errors[0]
            detail = f"{first['field']}: {first['reason']}"
            raise Problem(422, "invalid-input", detail, field=first["field"], errors=errors)
        return filled

    async def _read(self) -> bytes:
        most = self.gateway.settings.max_body_bytes
        stated = self.request.headers.get("content-length", "0")
        if stated.isdecimal() and int(stated[:20]) > most:
            raise _too_large(most)
        body = bytearray()
        async for chunk in self.request.stream():
            body += chunk
            if len(body) > most:
                raise _too_large(most)
        return bytes(body)

    def _require_json(self) -> None:
        media_type, _, parameters = self.request.headers.get("content-type", "").partition(";")
        charset = parameters.lower().replace(" ", "").replace('"', "")
        if not _JSON.fullmatch(media_type.strip()) or charset not in ("", "charset=utf-8"):
            raise Problem(415, "unsupported-media-type", "the body must be application/json in UTF-8")

    @property
    def correlation_id(self) -> str:
        return str(self.request.scope["correlation_id"])

    @property
    def wants_answer_later(self) -> bool:
        """Whether ``Prefer: respond-async`` (RFC 7240) was sent."""
        preferences = self.request.headers.get("prefer", "").lower().split(",")
        return any(each.partition(";")[0].strip() == "respond-async" for each in preferences)

    @property
    def expected_version(self) -> int | None:
        """The version in If-Match; None where any will do. Raises a 400 problem."""
        header = self.request.headers.get("if-match", "*").strip()
        if header == "*":
            return None
        version = _VERSION.fullmatch(header)
        if version is None:
            raise Problem(400, "bad-header", 'If-Match must be an ETag like "3"', field="If-Match")
        return int(version[1])

    async def ticket(self) -> Ticket:
        """The right to carry this request out, by its Idempotency-Key if it has one. Raises 400 and 422 problems."""
        key = self.request.headers.get("idempotency-key")
        if key is None:
            return Ticket.fresh()
        if not _KEY.fullmatch(key):
            raise Problem(400, "bad-header", "the key must be 1 to 255 printable characters", field="Idempotency-Key")
        caller = f"{self.caller.actor}/{self.caller.stream}"
        line = f"{self.request.method} {self.expected_version}".encode()
        request = b"\n".join((line, self.request.scope["raw_path"], self._raw))
        return await self.gateway.idempotency.claim(caller, key, request)


def _too_large(most: int) -> Problem:
    return Problem(413, "body-too-large", f"the body may have {most} bytes at most", headers={"connection": "close"})


async def visit_of(request: Request) -> Visit:
    """The visit that this request makes; raises TokenRefused."""
    gateway: Gateway = request.app.state.gateway
    return Visit(request, gateway, gateway.verifier.verify(bearer(request.headers.get("authorization", ""))))


Visiting = Annotated[Visit, Depends(visit_of)]


class LeanRoute(APIRoute):
    """Where an endpoint asks for nothing but the visit and texts of the path, FastAPI has nothing to solve and is passed by."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint, parameters = self.endpoint, signature(self.endpoint).parameters
        if any(name != "visit" and parameter.annotation is not str for name, parameter in parameters.items()):
            return super().get_route_handler()

        async def handle(request: Request) -> Response:
            response: Response = await endpoint(await visit_of(request), **request.path_params)
            return response

        return handle
