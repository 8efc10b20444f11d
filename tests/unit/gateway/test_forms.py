"""What may stand in a body: the contracts in the clear."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.gateway.http.forms import Email, Name, Phone, flaws, form_of
from services.gateway.http.meetings import FOLLOW_UP
from services.gateway.http.people import CHANGED_PERSON, NEW_PERSON
from services.profiles.contract import CreatePerson

PERSON: dict[str, Any] = {
    "name": "أحمد Ковач é",
    "email": "ahmad@example.org",
    "occupation": "2144",
    "sectors": ["construction"],
    "place": "Rostock",
    "region": "DE-MV",
}


def test_a_form_has_the_fields_of_its_command() -> None:
    assert set(form_of(CreatePerson).model_fields) == set(CreatePerson.model_fields)
    assert set(form_of(CreatePerson, without={"phone"}).model_fields) == set(CreatePerson.model_fields) - {"phone"}


def test_a_name_in_any_script_is_left_as_it_is() -> None:
    assert NEW_PERSON.model_validate(PERSON).given()["name"] == PERSON["name"]


@pytest.mark.parametrize(
    "changed",
    [
        {"surname": "X"},
        {"experience_years": 81},
        {"name": "x" * 201},
        {"name": ""},
        {"languages": [{"language": "de", "level": "B2", "since": 3}]},
        {"region": "Mecklenburg"},
    ],
)
def test_what_the_contract_forbids_is_an_error(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NEW_PERSON.model_validate(PERSON | changed)


def test_only_what_was_sent_is_given() -> None:
    assert CHANGED_PERSON.model_validate({"place": "Wismar"}).given() == {"place": "Wismar"}


@pytest.mark.parametrize("text", ["a@example.org", "first.last+tag@sub.example.de", "o'neill@example.ie"])
def test_an_email_address_is_taken(text: str) -> None:
    assert TypeAdapter(Email).validate_python(text) == text


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "@example.org", "a@@example.org", "a b@example.org", "a@example.org\nBcc: x@y.de", "a@-x.org"]
)
def test_what_is_no_email_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Email).validate_python(text)


@pytest.mark.parametrize(("text", "good"), [("", True), ("+49 381 12-34", True), ("0381/1234", True), ("call me", False)])
def test_a_phone_number_is_digits_and_what_parts_them(text: str, good: bool) -> None:
    if good:
        assert TypeAdapter(Phone).validate_python(text) == text
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Phone).validate_python(text)


def test_control_characters_blanks_and_far_times_are_found_where_they_stand() -> None:
    given_fields = {
        "name": "a\x00b",
        "skills": ["CAD", " "],
        "next_step": {"what": "two\nlines", "due": datetime(9999, 1, 1, tzinfo=UTC)},
        "place": "two\nlines",
    }
    assert [field for field, _ in flaws(given_fields)] == ["name", "skills.1", "next_step.due", "place"]


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S"]), min_size=1, max_size=200))
def test_letters_marks_and_signs_of_all_scripts_have_no_flaw(text: str) -> None:
    assert TypeAdapter(Name).validate_python(text) == text
    assert not list(flaws({"name": text}))


def test_the_id_of_a_meeting_is_never_the_clients_to_choose() -> None:
    meeting = {"format": "video", "starts_at": "2026-01-01T10:00:00Z", "ends_at": "2026-01-01T11:00:00Z"}
    assert FOLLOW_UP.model_validate({"next_meeting": meeting}).given()["next_meeting"]["format"] == "video"
    with pytest.raises(ValidationError):
        FOLLOW_UP.model_validate({"next_meeting": meeting | {"meeting_id": "meeting-1"}})
