"""Showing a person to others: on a consent only, and recorded once a day."""

from datetime import timedelta
from typing import Any

import pytest

from services.profiles.contract import ConsentGranted, ConsentWithdrawn, DataDisclosed, RecordDisclosure
from services.profiles.disclosures import ConsentToDisclosureMissing
from tests.unit.profiles.words import COMPANY, PARTNER, create_person, person
from tests.unit.story import NOW, Story

AGREED = ConsentGranted(purpose="show_to_companies", text_version="2026-01", language="de", granted_at=NOW)
WITHDRAWN = ConsentWithdrawn(purpose="show_to_companies", withdrawn_at=NOW)
CONTACT = "contact-00000000-0000-4000-8000-000000000007"


def show(**changes: Any) -> RecordDisclosure:
    fields = {
        "recipient": COMPANY,
        "fields": ("skills", "place"),
        "purpose": "consider_contact",
        "consent": "show_to_companies",
    }
    return RecordDisclosure.model_validate(fields | changes)


def shown(**changes: Any) -> DataDisclosed:
    cited = {"consent": "show_to_companies", "text_version": "2026-01", "granted_at": NOW, "disclosed_at": NOW}
    fields = {"recipient": COMPANY, "fields": ("place", "skills"), "purpose": "consider_contact", **cited}
    return DataDisclosed.model_validate(fields | changes)


def somebody(*agreed: Any) -> Story:
    return person().when(create_person()).given(*agreed)


def test_what_is_shown_cites_the_consent_that_it_rests_on() -> None:
    somebody(AGREED).when(show()).then(shown())


@pytest.mark.parametrize("events", [(), (AGREED, WITHDRAWN), (AGREED.model_copy(update={"purpose": "matching"}),)])
def test_without_the_consent_nothing_is_shown(events: Any) -> None:
    somebody(*events).when(show()).then_refused(ConsentToDisclosureMissing, "consent")


def test_the_same_within_a_day_says_nothing_new_in_whatever_order_the_fields_come() -> None:
    story = somebody(AGREED).when(show()).when(show(fields=("place", "skills", "place")), at=NOW + timedelta(hours=5))
    story.then_nothing()


def test_on_the_next_day_it_does() -> None:
    tomorrow = NOW + timedelta(days=1)
    somebody(AGREED).when(show()).when(show(), at=tomorrow).then(shown(disclosed_at=tomorrow))


@pytest.mark.parametrize(
    "other",
    [
        {"recipient": PARTNER},
        {"fields": ("name",)},
        {"purpose": "arranged_contact", "contact_id": CONTACT},
        {"contact_id": CONTACT},
    ],
)
def test_another_recipient_field_purpose_or_contact_is_another_disclosure(other: dict[str, Any]) -> None:
    somebody(AGREED).when(show()).when(show(**other)).then(shown(**other))


def test_a_consent_that_was_given_anew_is_another_one() -> None:
    again = NOW + timedelta(hours=1)
    story = somebody(AGREED).when(show()).given(WITHDRAWN, AGREED.model_copy(update={"granted_at": again}))
    story.when(show(), at=again).then(shown(granted_at=again, disclosed_at=again))
