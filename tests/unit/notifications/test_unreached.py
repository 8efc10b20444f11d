"""Whom mails do not reach, somebody reaches in another way: it becomes the next step of their open contacts."""

from dataclasses import dataclass

import pytest

from services.foundation.messages import SYSTEM, Envelope, Event, Recorded
from services.matching.contract import ReachOtherwise
from services.notifications.contract import AddressBounced, NotificationFailed, NotificationGivenUp
from services.notifications.occasion import NothingKnown
from services.notifications.process_managers import reach_otherwise
from tests.unit.story import NOW

UUID = "00000000-0000-4000-8000-00000000000"
PERSON, COMPANY, PARTNER = f"person-{UUID}1", f"company-{UUID}2", f"partner-{UUID}3"
CONTACTS = {PERSON: (f"contact-{UUID}4", f"contact-{UUID}5"), COMPANY: (f"contact-{UUID}4",)}


@dataclass
class Contacts(NothingKnown):
    def open_contacts_of(self, recipient: str) -> tuple[str, ...]:
        return CONTACTS.get(recipient, ())


def asked(event: Event) -> list[tuple[str, object]]:
    stream = f"notification-{UUID}6"
    recorded = Recorded(event, Envelope("event-1", stream, "notifications", NOW, SYSTEM, correlation_id="c", version=3))
    return [(each.stream, each.command) for each in reach_otherwise(Contacts())(recorded)]


def given_up(recipient: str, channel: str = "email") -> NotificationGivenUp:
    about = {"template": "meeting_scheduled", "reason": "TimeoutError", "cause": "event-0"}
    return NotificationGivenUp(recipient=recipient, channel=channel, **about)


def test_a_mail_that_was_given_up_is_a_step_in_every_open_contact() -> None:
    assert asked(given_up(PERSON)) == [(contact, ReachOtherwise(side="person")) for contact in CONTACTS[PERSON]]
    assert asked(given_up(COMPANY)) == [(CONTACTS[COMPANY][0], ReachOtherwise(side="company"))]


def test_so_is_an_address_that_came_back() -> None:
    bounced = AddressBounced.model_construct(recipient=PERSON, address="x", reason="550")
    assert len(asked(bounced)) == 2


@pytest.mark.parametrize(
    "event",
    [
        given_up(PERSON, "webhook"),
        given_up(PARTNER),
        given_up(f"staff-{UUID}7"),
        NotificationFailed(recipient=PERSON, template="welcome", reason="no e-mail wanted", attempt=1),
    ],
    ids=["webhook", "partner", "staff", "not wanted"],
)
def test_nobody_is_to_be_reached_otherwise_for_less(event: Event) -> None:
    assert asked(event) == []
