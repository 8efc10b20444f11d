"""The wording of the messages."""

from typing import get_args

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from services.matching.contract import MeetingFormat
from services.notifications.contract import Template
from services.notifications.templates import FORMATS, LANGUAGES, moment, render

PARAMETERS = {
    "kind": "person",
    "contact_id": "contact-1",
    "starts_at": "2026-03-02T09:00:00+00:00",
    "ends_at": "2026-03-02T10:00:00Z",
    "due": "2026-07-01T22:30:00+00:00",
    "format": "company_visit",
    "first": "no",
    "purpose": "matching",
    "withdrawn_at": "2026-03-02T09:00:00+00:00",
    "erasure_id": "erasure-1",
    "erased_at": "2026-03-02T09:00:00+00:00",
    "stores": "keys 2026-03-02T09:00:00+00:00\nviews 2026-03-02T09:00:01+00:00",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", get_args(Template))
def test_every_template_has_a_subject_a_greeting_and_a_farewell(template: str, language: str) -> None:
    mail = render(template, language, "سلمى Ивановна", PARAMETERS)
    assert mail.subject
    assert "\n" not in mail.subject
    assert mail.text.startswith({"de": "Guten Tag سلمى Ивановна,\n\n", "en": "Hello سلمى Ивановна,\n\n"}[language])
    assert mail.text.endswith({"de": "Ihr Team von Brücke\n", "en": "Your Brücke team\n"}[language])
    assert "{" not in mail.text


@pytest.mark.parametrize("kind", ["person", "company", "partner"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_profile_has_its_own_welcome(kind: str, language: str) -> None:
    others = {render("welcome", language, "Lena", {"kind": other}).text for other in ("person", "company", "partner")}
    assert render("welcome", language, "Lena", {"kind": kind}).text in others
    assert len(others) == 3


def test_the_first_talk_is_called_erstgespraech() -> None:
    first = render("meeting_scheduled", "de", "Lena", PARAMETERS | {"first": "yes"})
    assert first.subject == "Ihr Erstgespräch am Montag, 2. März 2026, 10:00 Uhr"
    assert "Betriebsbesuch" in first.text


def test_a_later_talk_is_not() -> None:
    assert render("meeting_scheduled", "en", "Lena", PARAMETERS).subject.startswith("Your talk on Monday, 2 March 2026")


def test_who_has_no_name_is_still_greeted() -> None:
    assert render("contact_arranged", "de", "", PARAMETERS).text.startswith("Guten Tag,\n")


def test_a_language_that_is_not_there_becomes_german() -> None:
    assert render("welcome", "fr", "Lena", PARAMETERS) == render("welcome", "de", "Lena", PARAMETERS)


def test_a_cancelled_talk_whose_time_is_unknown_is_still_announced() -> None:
    mail = render("meeting_cancelled", "de", "Lena", PARAMETERS | {"starts_at": ""})
    assert "Ihr geplantes Gespräch findet leider nicht statt." in mail.text


def test_a_missing_parameter_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        render("contact_proposed", "de", "Lena", {})


def test_an_unknown_template_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("farewell", "de", "Lena", PARAMETERS)


@pytest.mark.parametrize(
    ("iso", "language", "expected"),
    [
        ("2026-03-02T09:00:00+00:00", "de", "Montag, 2. März 2026, 10:00 Uhr"),
        ("2026-07-01T22:30:00+00:00", "de", "Donnerstag, 2. Juli 2026, 00:30 Uhr"),
        ("2026-07-01T22:30:00+03:00", "en", "Wednesday, 1 July 2026, 21:30 (German time)"),
    ],
)
def test_times_are_told_as_the_clocks_in_germany_show_them(iso: str, language: str, expected: str) -> None:
    assert moment(iso, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meeting_format_has_a_word(language: str) -> None:
    assert set(FORMATS[language]) == set(get_args(MeetingFormat))
