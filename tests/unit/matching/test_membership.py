"""Who belongs to a contact or workshop, as its events say."""

from typing import Any

from services.foundation.messages import Event
from services.matching.contract import (
    ContactAssigned,
    ContactClosed,
    ContactReopened,
    Membership,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
    WorkshopAnnounced,
    WorkshopCancelled,
    note_membership,
)
from tests.unit.matching.words import COMPANY, PERSON, PROPOSAL
from tests.unit.story import NOW

GUEST, PARTNER = "guest-1", "partner-1"
ANNOUNCED = WorkshopAnnounced(
    kind="workshop",
    title="Export",
    description="",
    language="de",
    starts_at=NOW,
    ends_at=NOW,
    capacity=2,
    place="Rostock",
    link="",
    region="DE-MV",
    coordinator="staff-1",
)


def after(*events: Event) -> Membership:
    document: dict[str, Any] = {}
    for event in events:
        note_membership(document, event)
    return Membership.of(document)


def test_of_a_contact_both_sides_and_those_who_look_after_it() -> None:
    assert after(PROPOSAL).members == {PERSON, COMPANY, "staff-1"}
    assigned = after(PROPOSAL, ContactAssigned(coordinator="staff-2", deputy="staff-3"))
    assert assigned.members == {PERSON, COMPANY, "staff-2", "staff-3"}
    assert assigned.includes("anybody", "head")
    assert not assigned.includes("staff-1", "coordinator")


def test_a_contact_takes_new_messages_while_it_is_open() -> None:
    closed = after(PROPOSAL, ContactClosed(reason="no_fit"))
    assert (closed.known, closed.open) == (True, False)
    assert after(PROPOSAL, ContactClosed(reason="no_fit"), ContactReopened()).open


def test_of_a_workshop_those_who_have_a_place_and_the_partner_who_brings_a_guest() -> None:
    registered = ParticipantRegistered(participant_id=PERSON)
    waiting = ParticipantWaitlisted(participant_id=GUEST, partner_id=PARTNER)
    assert after(ANNOUNCED, registered, waiting).members == {"staff-1", PERSON}
    promoted = after(ANNOUNCED, registered, waiting, ParticipantPromoted(participant_id=GUEST))
    assert promoted.members == {"staff-1", PERSON, GUEST, PARTNER}
    gone = after(ANNOUNCED, registered, RegistrationCancelled(participant_id=PERSON))
    assert gone.members == {"staff-1"}
    assert not after(ANNOUNCED, WorkshopCancelled(reason="ill")).open


def test_what_never_was_has_no_members() -> None:
    assert after() == Membership()
    assert not after().known
