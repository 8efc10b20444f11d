"""What a form takes fits into its command once it is sealed, in whatever script it is written."""

from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from services.gateway.http import notices, preferences, staff, threads, workshop_registrations
from services.gateway.reasons import in_german
from services.matching.contract import GiveFeedback, PostMessage, PostNotice, RegisterParticipant
from services.notifications.contract import EnrolStaff, SetWebhook

SCRIPTS = {"Latin": "a", "Arabic": "ب", "Devanagari": "न", "Emoji": "😀"}


def sealed(text: str) -> str:
    """As long as the vault makes it: nonce and tag are 28 bytes."""
    return "sealed.v1." + "A" * -(-(len(text.encode()) + 28) * 4 // 3)


def longest(type: Any, letter: str) -> str:
    """As many of this letter as this field takes."""

    def fitting(count: int) -> bool:
        try:
            return bool(TypeAdapter(type).validate_python(letter * count))
        except ValidationError:
            return False

    low, high = 1, 50_000
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fitting(middle) else (low, middle - 1)
    assert low > 1
    return letter * low


def rule(form: type[BaseModel], field: str) -> Any:
    info = form.model_fields[field]
    return info.rebuild_annotation()


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    ("form", "field", "command", "into", "times"),
    [
        (notices.NOTICE, "title", PostNotice, "title", 1),
        (notices.NOTICE, "body", PostNotice, "body", 1),
        (threads.MessageForm, "body", PostMessage, "body", 2),
        (threads.MessageForm, "topic", PostMessage, "topic", 1),
        (staff.ENTRY, "name", EnrolStaff, "name", 1),
        (workshop_registrations.Guest, "name", RegisterParticipant, "name", 1),
        (workshop_registrations.FeedbackForm, "words", GiveFeedback, "words", 1),
    ],
)
def test_it_fits(form: type[BaseModel], field: str, command: type[BaseModel], into: str, times: int, script: str) -> None:
    text = longest(rule(form, field), SCRIPTS[script])
    for _ in range(times):
        text = sealed(text)
    TypeAdapter(rule(command, into)).validate_python(text)


def test_the_address_of_a_webhook_fits() -> None:
    url = "https://example.org/" + "a" * 980
    assert preferences.WebhookForm(url=url).url == url
    TypeAdapter(rule(SetWebhook, "url")).validate_python(sealed(url))


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (preferences.WebhookForm, {"url": "http://example.org"}),
        (notices.NewAnswer, {"body": "😀" * 3_000, "language": "de"}),
        (workshop_registrations.RegistrationForm, {"participant_id": "person-" + "0" * 36, "guest": {"name": "A"}}),
    ],
)
def test_why_not_is_told_in_german_too(form: type[BaseModel], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as fault:
        form.model_validate(fields)
    (flaw,) = fault.value.errors()
    assert in_german(flaw["msg"]) != flaw["msg"]
