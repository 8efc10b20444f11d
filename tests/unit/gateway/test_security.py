"""Tokens: whom they speak for, and what proves nothing."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.settings import SettingWrong
from services.gateway.security import AUDIENCE, ISSUER, Caller, TokenRefused, Verifier, bearer, issue

SECRET = "a secret of the local issuer, long enough"
COMPANY = "company-2f1c0000-0000-4000-8000-000000000001"
FAR = 4_000_000_000


def claims(**changed: Any) -> dict[str, Any]:
    return {"sub": "u1", "role": "head", "iss": ISSUER, "aud": AUDIENCE, "exp": FAR} | changed


def reason(token: str) -> str:
    with pytest.raises(TokenRefused) as refused:
        Verifier(SECRET).verify(token)
    return refused.value.reason


def test_a_token_speaks_for_whom_it_was_issued() -> None:
    assert Verifier(SECRET).verify(issue("company", "u7", COMPANY, SECRET)) == Caller("u7", "company", COMPANY)


def test_a_token_is_verified_once_and_remembered() -> None:
    verifier, token = Verifier(SECRET, remember=1), issue("head", "u1", "", SECRET)
    assert verifier.verify(token) is verifier.verify(token)
    first = verifier.verify(token)
    verifier.verify(issue("head", "u2", "", SECRET))
    assert verifier.verify(token) is not first


def test_no_token_and_an_expired_one_are_told_apart() -> None:
    assert reason("") == "missing"
    assert reason(issue("head", "u1", "", SECRET, timedelta(seconds=-1))) == "expired"


@pytest.mark.parametrize(
    "token",
    [
        issue("head", "u1", "", "another secret that is also long enough"),
        jwt.encode(claims(role="root"), SECRET),
        jwt.encode(claims(sub=""), SECRET),
        jwt.encode(claims(iss="someone-else"), SECRET),
        jwt.encode(claims(aud="something-else"), SECRET),
        jwt.encode(claims(role="company"), SECRET),
        jwt.encode(claims(role="company", stream="person-1"), SECRET),
        jwt.encode(claims(), "", algorithm="none"),
        jwt.encode({name: value for name, value in claims().items() if name != "exp"}, SECRET),
        "x" * 5000,
    ],
)
def test_what_the_issuer_has_not_said_is_refused(token: str) -> None:
    assert reason(token) == "invalid"


@given(st.text(min_size=1))
def test_no_text_makes_verifying_fail_otherwise(text: str) -> None:
    assert reason(text) == "invalid"


def test_a_weak_secret_is_refused() -> None:
    with pytest.raises(SettingWrong, match="32 bytes"):
        Verifier("short")


@pytest.mark.parametrize(("header", "token"), [("Bearer abc", "abc"), ("bearer  abc ", "abc"), ("Basic abc", ""), ("", "")])
def test_only_a_bearer_header_holds_a_token(header: str, token: str) -> None:
    assert bearer(header) == token
