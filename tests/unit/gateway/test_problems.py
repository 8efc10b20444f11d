"""Problem details: which status, which language, which words."""

from collections.abc import Iterator
from typing import Annotated, Literal

import orjson
import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

import services.foundation.command_loop
import services.matching.routes
import services.matching.workshop_routes
import services.notifications.routes
import services.profiles.routes  # noqa: F401 - all refusals are known then
from services.foundation.aggregate import Refusal
from services.foundation.outcomes import Outcome
from services.gateway.http.forms import Email, flaws
from services.gateway.problem_titles import title
from services.gateway.problems import Problem, away, invalid, preferred_language, refused, render, unauthorized
from services.gateway.reasons import in_german
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
        "title": "Der Kontakt ruht oder ist beendet",
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


def test_every_refusal_has_a_title_of_its_own_in_both_languages() -> None:
    codes = {each.code for each in _refusals(Refusal) if each.__module__.startswith("services.")}
    assert len(codes) > 30
    for language in ("de", "en"):
        titles = {title(code, 409, language) for code in codes}
        assert title("unheard-of", 409, language) not in titles
        assert len(titles) == len(codes)


def _refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in kind.__subclasses__():
        yield each
        yield from _refusals(each)


class Everything(BaseModel):
    """A field for every kind of reason."""

    model_config = ConfigDict(extra="forbid")

    missing: int
    text: str
    number: Annotated[int, Field(ge=1, le=9)]
    short: Annotated[str, StringConstraints(max_length=2)]
    long: Annotated[str, StringConstraints(min_length=2)]
    pattern: Annotated[str, StringConstraints(pattern="^a$")]
    few: Annotated[tuple[int, ...], Field(max_length=1)]
    many: Annotated[tuple[int, ...], Field(min_length=1)]
    listed: tuple[int, ...]
    choice: Literal["a", "b", "c"]
    moment: AwareDatetime
    other_moment: AwareDatetime
    part: Address
    email: Email


def test_every_reason_is_told_in_german() -> None:
    wrong = {"text": 1, "number": 0, "short": "abc", "long": "a", "pattern": "b", "few": [1, 2], "many": [], "listed": 1}
    wrong |= {"choice": "d", "moment": "soon", "other_moment": "2026-05-04T09:00:00", "part": 1, "email": "nobody", "more": 1}
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate_json(orjson.dumps(wrong), strict=True)
    problem = invalid(caught.value)
    english = {each["field"]: each["reason"] for each in problem.errors}
    answer = orjson.loads(bytes(render(problem, "de").body))
    german = {each["field"]: each["reason"] for each in answer["errors"]}
    assert german.keys() == english.keys() == Everything.model_fields.keys() | {"more"}
    assert [field for field in german if german[field] == english[field]] == []
    assert german["missing"] == "Angabe fehlt"
    assert german["choice"] == "muss 'a', 'b' oder 'c' sein"
    assert answer["detail"] == "missing: Angabe fehlt"


@pytest.mark.parametrize("text", ["\x00", "  "])
def test_flaws_of_texts_are_told_in_german(text: str) -> None:
    ((_, reason),) = flaws({"name": text})
    assert in_german(reason) != reason
