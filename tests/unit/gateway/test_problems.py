"""Problem details: which status, which language, which words."""

import orjson
import pytest
from pydantic import BaseModel, ValidationError

from services.foundation.outcomes import Outcome
from services.gateway.problems import Problem, away, invalid, preferred_language, refused, render, unauthorized
from services.gateway.security import TokenRefused


def outcome(code: str, field: str = "") -> Outcome:
    return Outcome(command_id="c", stream="contact-1", status="refused", code=code, message="why", field=field)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en,de;q=0.5", "en"),
        ("fr, de;q=0.3", "de"),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=many", "en"),
        (";;,,q=", "en"),
    ],
)
def test_the_title_is_in_the_language_that_weighs_most(header: str, language: str) -> None:
    assert preferred_language(header) == language


@pytest.mark.parametrize(
    ("code", "field", "status"),
    [
        ("stale-version", "", 412),
        ("stream-unknown", "", 404),
        ("meeting-unknown", "meeting_id", 404),
        ("meeting-not-held", "meeting_id", 409),
        ("person-unknown", "person_id", 422),
        ("step-due-in-the-past", "next_step.due", 422),
        ("contact-not-open", "", 409),
    ],
)
def test_a_refusal_gets_the_status_that_tells_what_to_mend(code: str, field: str, status: int) -> None:
    problem = refused(outcome(code, field))
    assert (problem.status, problem.code, problem.detail, problem.field) == (status, code, "why", field)


def test_a_problem_is_rendered_as_rfc_9457_says() -> None:
    answer = render(Problem(409, "contact-not-open", "the contact is closed"), "de")
    assert answer.media_type == "application/problem+json"
    assert orjson.loads(bytes(answer.body)) == {
        "type": "urn:bruecke:problem:contact-not-open",
        "title": "Die Regeln lassen das nicht zu",
        "status": 409,
        "detail": "the contact is closed",
        "code": "contact-not-open",
        "errors": [],
    }


class Address(BaseModel):
    street: str


class Letter(BaseModel):
    address: Address
    pages: int


def test_each_field_is_named_with_its_reason() -> None:
    with pytest.raises(ValidationError) as fault:
        Letter.model_validate_json('{"address":{"street":5},"pages":"many"}', strict=True)
    problem = invalid(fault.value)
    assert (problem.status, problem.field) == (422, "address.street")
    assert [each["field"] for each in problem.errors] == ["address.street", "pages"]


@pytest.mark.parametrize("body", [b"{", b"", b'"\xff"', b'{"pages":"\\ud800"}', b"[" * 10_000, b"9" * 5_000, b"NaN,"])
def test_what_is_not_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(ValidationError) as fault:
        Letter.model_validate_json(body, strict=True)
    assert (invalid(fault.value).status, invalid(fault.value).code) == (400, "unreadable-json")


def test_a_client_is_told_how_to_sign_in_and_when_to_try_again() -> None:
    assert unauthorized(TokenRefused("missing")).headers == {"www-authenticate": 'Bearer realm="bruecke"'}
    assert unauthorized(TokenRefused("expired")).headers["www-authenticate"].endswith('error="invalid_token"')
    assert (away().status, away().headers["retry-after"]) == (503, "2")
