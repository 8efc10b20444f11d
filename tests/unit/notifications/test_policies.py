"""Who is told what."""

from datetime import timedelta

import pytest

from services.foundation.messages import Event
from services.matching.contract import (
    ContactArranged,
    ContactDeclined,
    ContactProposed,
    FollowUpOverdue,
    MeetingCancelled,
    MeetingMoved,
    MeetingScheduled,
)
from services.notifications.contract import NotificationFailed, NotificationSent, QueueNotification, notification_stream
from services.notifications.policies import DEMANDED_BY_LAW, POLICIES
from services.notifications.process_managers import PartiesUnknown, forget, notify, settle_receipts
from services.notifications.templates import LANGUAGES, render
from services.profiles.contract import (
    ConfirmErasure,
    ConsentWithdrawn,
    ErasureCompleted,
    PartnerDetails,
    ProfileCreated,
    ProfileErased,
    SettleReceipt,
    StoreCleaned,
)
from tests.unit.recording import recorded
from tests.unit.story import NOW

UUID = "00000000-0000-4000-8000-00000000000"
PERSON, COMPANY, PARTNER, CONTACT = f"person-{UUID}1", f"company-{UUID}2", f"partner-{UUID}3", f"contact-{UUID}4"
MEETING, LATER = f"meeting-{UUID}5", NOW + timedelta(hours=1)
TIMES = {"starts_at": NOW.isoformat(), "ends_at": LATER.isoformat()}

PROPOSED = ContactProposed(person_id=PERSON, company_id=COMPANY, need_id=f"need-{UUID}6", coordinator="staff-1")
SCHEDULED = MeetingScheduled(
    meeting_id=MEETING, format="video", starts_at=NOW, ends_at=LATER, place="Müller's kitchen", first=True
)
MOVED = MeetingMoved(meeting_id=MEETING, starts_at=NOW, ends_at=LATER, place="Müller's kitchen")
CANCELLED = MeetingCancelled(meeting_id=MEETING, reason="Müller is ill", starts_at=NOW)
WELCOME = ProfileCreated(kind="partner", details=PartnerDetails(name="Chamber"))

WITHDRAWN = ConsentWithdrawn(purpose="matching", withdrawn_at=NOW)
ERASURE = f"erasure-{UUID}7"
FORGOTTEN = ErasureCompleted(
    owner=PERSON,
    kind="person",
    stores=(StoreCleaned(store="keys", confirmed_at=NOW),),
    erased_at=NOW,
    completed_at=LATER,
    notice=True,
)

TOLD_BOTH = [
    (PROPOSED, "contact_proposed", {}),
    (ContactArranged(), "contact_arranged", {}),
    (SCHEDULED, "meeting_scheduled", TIMES | {"format": "video", "first": "yes"}),
    (MOVED, "meeting_moved", TIMES),
    (CANCELLED, "meeting_cancelled", {"starts_at": NOW.isoformat()}),
    (CANCELLED.model_copy(update={"starts_at": None}), "meeting_cancelled", {"starts_at": ""}),
]


def overdue(owner: str) -> FollowUpOverdue:
    return FollowUpOverdue(step_id="step-1", owner=owner, due=NOW, as_of=LATER)


def told(event: Event, stream: str = CONTACT) -> list[QueueNotification]:
    """What is queued; every message must be in the stream of its cause and recipient."""
    requests = list(notify(lambda _: (PERSON, COMPANY))(recorded(event, stream)))
    queued = [request.command for request in requests if isinstance(request.command, QueueNotification)]
    assert [request.stream for request in requests] == [notification_stream("cause.0", each.recipient) for each in queued]
    return queued


@pytest.mark.parametrize(("event", "template", "parameters"), TOLD_BOTH)
def test_both_sides_are_told(event: Event, template: str, parameters: dict[str, str]) -> None:
    messages = told(event)
    assert [message.recipient for message in messages] == [PERSON, COMPANY]
    assert {message.template for message in messages} == {template}
    assert all(message.parameters == {"contact_id": CONTACT} | parameters for message in messages)


@pytest.mark.parametrize("profile", [PERSON, COMPANY, PARTNER])
def test_a_new_profile_is_welcomed(profile: str) -> None:
    (message,) = told(WELCOME, profile)
    assert (message.recipient, message.template, message.parameters) == (profile, "welcome", {"kind": "partner"})


@pytest.mark.parametrize(("owner", "recipient"), [("person", PERSON), ("company", COMPANY)])
def test_the_side_whose_step_is_late_is_reminded(owner: str, recipient: str) -> None:
    (message,) = told(overdue(owner))
    assert (message.recipient, message.template) == (recipient, "step_overdue")
    assert message.parameters == {"contact_id": CONTACT, "due": NOW.isoformat()}


@pytest.mark.parametrize("owner", ["coordinator", "head"])
def test_staff_get_no_mail_about_their_own_late_steps(owner: str) -> None:
    assert told(overdue(owner)) == []


def test_who_withdraws_a_consent_is_told_that_it_has_arrived() -> None:
    (message,) = told(WITHDRAWN, PERSON)
    assert (message.recipient, message.template) == (PERSON, "consent_withdrawn")
    assert message.parameters == {"purpose": "matching", "withdrawn_at": NOW.isoformat()}


def test_only_what_the_law_demands_is_sent_without_consent() -> None:
    assert {"welcome", "consent_withdrawn", "erasure_receipt"} == DEMANDED_BY_LAW


def test_who_was_erased_gets_a_receipt_that_lists_the_stores() -> None:
    (message,) = told(FORGOTTEN, ERASURE)
    assert (message.recipient, message.template) == (ERASURE, "erasure_receipt")
    assert message.parameters["stores"] == f"keys {NOW.isoformat()}"


def test_who_had_no_address_gets_no_receipt() -> None:
    assert told(FORGOTTEN.model_copy(update={"notice": False}), ERASURE) == []


@pytest.mark.parametrize(
    ("event", "how"),
    [
        (NotificationSent(recipient=ERASURE, template="erasure_receipt", language="de", attempt=1), "sent"),
        (NotificationFailed(recipient=ERASURE, template="erasure_receipt", reason="away", attempt=16), "failed"),
    ],
)
def test_how_the_receipt_ended_is_told_to_its_erasure(event: Event, how: str) -> None:
    (request,) = settle_receipts(recorded(event, "notification-1"))
    assert (request.stream, request.command) == (ERASURE, SettleReceipt(how=how))  # type: ignore[arg-type]


def test_how_any_other_mail_ended_is_nobodys_business() -> None:
    sent = NotificationSent(recipient=PERSON, template="welcome", language="de", attempt=1)
    assert list(settle_receipts(recorded(sent, "notification-1"))) == []


def test_the_address_book_confirms_whom_it_has_forgotten() -> None:
    erased = ProfileErased(kind="person", erasure_id=ERASURE, erased_at=NOW)
    (request,) = forget(lambda: LATER)(recorded(erased, PERSON))
    assert (request.stream, request.command) == (
        ERASURE,
        ConfirmErasure(owner=PERSON, stores=("notifications",), confirmed_at=LATER),
    )


def test_nobody_is_told_of_what_has_no_policy() -> None:
    assert told(ContactDeclined(side="person", reason="no time")) == []


@pytest.mark.parametrize("event", [SCHEDULED, MOVED, CANCELLED])
def test_no_free_text_gets_into_a_message(event: Event) -> None:
    assert "Müller" not in "".join(value for message in told(event) for value in message.parameters.values())


def test_a_contact_nobody_knows_is_an_error_and_not_a_silence() -> None:
    with pytest.raises(PartiesUnknown):
        list(notify(lambda _: None)(recorded(ContactArranged(), CONTACT)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_policy_gives_its_template_all_it_needs(language: str) -> None:
    events = [WELCOME, WITHDRAWN, FORGOTTEN, overdue("person"), *(event for event, _, _ in TOLD_BOTH)]
    assert {type(event) for event in events} == set(POLICIES)
    for event in events:
        stream = PARTNER if event in (WELCOME, WITHDRAWN) else ERASURE if event is FORGOTTEN else CONTACT
        for message in told(event, stream):
            assert render(message.template, language, "Lena", message.parameters).subject
