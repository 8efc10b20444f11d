"""Who withdraws a consent is left in peace."""

import pytest

from services.foundation.messages import Event
from services.foundation.reaction import Request
from services.matching.contract import ContactClosed, ContactProposed, ContactReopened, LetContactRest
from services.matching.process_managers import late_withdrawal, merging, withdrawal
from services.profiles.contract import ConsentGranted, ConsentWithdrawn, ProfileMergedInto
from tests.unit.matching.words import COMPANY, CONTACT, PERSON
from tests.unit.recording import recorded
from tests.unit.story import NOW

OPEN = {PERSON: [CONTACT, "contact-2"]}


def reaction(event: Event, stream: str = PERSON) -> list[Request]:
    return list(withdrawal(lambda person: OPEN.get(person, []))(recorded(event, stream)))


@pytest.mark.parametrize("purpose", ["matching", "show_to_companies"])
def test_every_open_contact_rests_when_its_consent_is_withdrawn(purpose: str) -> None:
    rest = LetContactRest(reason=f"consent_withdrawn: {purpose}")
    assert reaction(ConsentWithdrawn(purpose=purpose, withdrawn_at=NOW)) == [Request(CONTACT, rest), Request("contact-2", rest)]


@pytest.mark.parametrize(
    "event",
    [
        ConsentWithdrawn(purpose="reports", withdrawn_at=NOW),
        ConsentGranted(purpose="matching", text_version="1", language="de", granted_at=NOW),
    ],
)
def test_other_events_disturb_no_contact(event: Event) -> None:
    assert reaction(event) == []


def test_only_a_persons_consents_matter() -> None:
    assert reaction(ConsentWithdrawn(purpose="matching", withdrawn_at=NOW), COMPANY) == []


def test_who_has_no_open_contact_lets_none_rest() -> None:
    assert reaction(ConsentWithdrawn(purpose="matching", withdrawn_at=NOW), "person-other") == []


PROPOSED = ContactProposed(person_id=PERSON, company_id=COMPANY, need_id="need-1", coordinator="staff-1")
REOPENED = ContactReopened()


@pytest.mark.parametrize("opened", [PROPOSED, REOPENED])
@pytest.mark.parametrize(("consents", "lacking"), [({"matching"}, "show_to_companies"), ({"reports"}, "matching")])
def test_a_contact_that_was_opened_while_its_person_withdrew_rests(opened: Event, consents: set[str], lacking: str) -> None:
    react = late_withdrawal({CONTACT: consents}.__getitem__)
    rest = LetContactRest(reason=f"consent_withdrawn: {lacking}")
    assert list(react(recorded(opened, CONTACT))) == [Request(CONTACT, rest)]


@pytest.mark.parametrize("opened", [PROPOSED, REOPENED])
def test_a_contact_with_both_consents_goes_on(opened: Event) -> None:
    react = late_withdrawal({CONTACT: {"matching", "show_to_companies", "reports"}}.__getitem__)
    assert list(react(recorded(opened, CONTACT))) == []


def test_nobody_asks_for_consents_when_a_contact_closes() -> None:
    assert list(late_withdrawal({}.__getitem__)(recorded(ContactClosed(reason="done"), CONTACT))) == []


def test_contacts_that_are_open_when_a_profile_is_merged_rest() -> None:
    react = merging(lambda id: OPEN.get(id, []), lambda _: (), lambda _: False)
    rest = LetContactRest(reason="profile_merged")
    merged = recorded(ProfileMergedInto(survivor_id="person-2", merge_id="m1"), PERSON)
    assert list(react(merged)) == [Request(CONTACT, rest), Request("contact-2", rest)]


@pytest.mark.parametrize("opened", [PROPOSED, REOPENED])
@pytest.mark.parametrize("merged", [PERSON, COMPANY, ""])
def test_a_contact_that_is_opened_while_a_side_is_merged_rests(opened: Event, merged: str) -> None:
    react = merging(lambda _: (), lambda _: (PERSON, COMPANY), lambda id: id == merged)
    expected = [Request(CONTACT, LetContactRest(reason="profile_merged"))] if merged else []
    assert list(react(recorded(opened, CONTACT))) == expected
