"""Who is calling: tokens of the local issuer (JWT, HS256), verified once and remembered until they expire."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, cast, get_args

import jwt

from services.foundation.messages import Actor, now
from services.foundation.settings import SettingWrong

Role = Literal["coordinator", "head", "company", "person", "partner", "auditor", "operator"]
ROLES: frozenset[str] = frozenset(get_args(Role))
STREAM_ROLES: frozenset[str] = frozenset({"company", "person", "partner"})
"""Roles whose token speaks for one company, person or partner."""

ISSUER = "bruecke-local"
AUDIENCE = "bruecke"
SECRET_BYTES = 32
_LONGEST_TOKEN = 4_096


class TokenRefused(Exception):
    """The token proves nothing. ``reason``: ``missing``, ``expired`` or ``invalid``."""

    def __init__(self, reason: Literal["missing", "expired", "invalid"]) -> None:
        super().__init__(f"the token is {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Caller:
    """An opaque id, a role, and the id of the company, person or partner that the token speaks for ("" if none)."""

    id: str
    role: Role
    stream: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(id=self.id, role=self.role)


class Verifier:
    """Verifies tokens; remembers those that it found good."""

    def __init__(self, secret: str, remember: int = 4_096) -> None:
        if len(secret.encode()) < SECRET_BYTES:
            raise SettingWrong(f"BRUECKE_TOKEN_SECRET must have at least {SECRET_BYTES} bytes")
        self._secret = secret
        self._remember = remember
        self._known: OrderedDict[str, tuple[float, Caller]] = OrderedDict()

    def verify(self, token: str) -> Caller:
        """Whom this token speaks for; raises TokenRefused."""
        known = self._known.get(token)
        if known is not None and known[0] > time.time():
            return known[1]
        expires, caller = self._decode(token)
        self._known[token] = (expires, caller)
        if len(self._known) > self._remember:
            self._known.popitem(last=False)
        return caller

    def _decode(self, token: str) -> tuple[float, Caller]:
        if not token:
            raise TokenRefused("missing")
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            raise TokenRefused("invalid")
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": ["exp", "sub", "role", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise TokenRefused("expired") from None
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise TokenRefused("invalid") from None
        return float(claims["exp"]), _caller(claims)


def _caller(claims: dict[str, object]) -> Caller:
    subject, role, stream = claims["sub"], claims["role"], claims.get("stream") or ""
    if not (isinstance(subject, str) and subject and role in ROLES and isinstance(stream, str)):
        raise TokenRefused("invalid")
    if role in STREAM_ROLES and not stream.startswith(f"{role}-"):
        raise TokenRefused("invalid")
    return Caller(id=subject, role=cast(Role, role), stream=stream)


def bearer(header: str) -> str:
    """The token in an Authorization header; "" where there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def issue(role: Role, subject: str, stream: str, secret: str, lifetime: timedelta = timedelta(hours=12)) -> str:
    """A token of the local issuer, for trying out and for installations without an identity provider."""
    moment = now()
    claims = {"sub": subject, "role": role, "iss": ISSUER, "aud": AUDIENCE, "iat": moment, "exp": moment + lifetime}
    return jwt.encode(claims | ({"stream": stream} if stream else {}), secret, algorithm="HS256")
