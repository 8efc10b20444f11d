"""Who is told what."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.foundation.messages import Event
from services.matching.contract import (
    ContactAccepted,
    ContactArranged,
    ContactAssigned,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    ContactReopened,
    CooperationAgreed,
    DateChosen,
    DatesDeclined,
    DatesProposed,
    FollowUpEscalated,
    FollowUpOverdue,
    FollowUpReminded,
    MeetingCancelled,
    MeetingMissed,
    MeetingMoved,
    MeetingScheduled,
    MessagePosted,
    MessageReported,
    NextStepDone,
    NoticeAnswered,
    NoticeHidden,
    OfferedSlot,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
    WorkshopCancelled,
    WorkshopChanged,
)
from services.notifications.contract import (
    AddressBounced,
    NotificationFailed,
    NotificationGivenUp,
    NotificationSent,
    QueueNotification,
    notification_stream,
    staff_stream,
)
from services.notifications.examples import EVENTS, ExampleLookups
from services.notifications.occasion import Attending, PartiesUnknown, Sides, Workshop
from services.notifications.policies import CHANNELS, DEMANDED_BY_LAW, POLICIES, TABLE, URGENCY
from services.notifications.process_managers import forget, notify, settle_receipts
from services.profiles.contract import (
    ConfirmErasure,
    ConsentWithdrawn,
    ErasureCompleted,
    PartnerDetails,
    ProfileCreated,
    ProfileErased,
    SearchDigestDue,
    SettleReceipt,
    StoreCleaned,
)
from tests.unit.recording import recorded
from tests.unit.story import NOW

UUID = "00000000-0000-4000-8000-00000000000"
PERSON, COMPANY, PARTNER, CONTACT = f"person-{UUID}1", f"company-{UUID}2", f"partner-{UUID}3", f"contact-{UUID}4"
GUEST = f"guest-{UUID}8"
WORKSHOP, NOTICE, THREAD = f"workshop-{UUID}5", f"notice-{UUID}6", f"thread-{UUID}7"
MEETING, LATER = f"meeting-{UUID}5", NOW + timedelta(hours=1)
INVITED = {"event_id": MEETING, "sequence": "1", "stamp": NOW.isoformat()}
TIMES = {"starts_at": NOW.isoformat(), "ends_at": LATER.isoformat()}

PROPOSED = ContactProposed(person_id=PERSON, company_id=COMPANY, need_id=f"need-{UUID}6", coordinator="staff-1")
SCHEDULED = MeetingScheduled(
    meeting_id=MEETING, format="video", starts_at=NOW, ends_at=LATER, place="Müller's kitchen", first=True
)
MOVED = MeetingMoved(meeting_id=MEETING, starts_at=NOW, ends_at=LATER, place="Müller's kitchen")
CANCELLED = MeetingCancelled(meeting_id=MEETING, reason="Müller is ill", starts_at=NOW)
DIGEST = SearchDigestDue(owner=COMPANY, count=3, due_at=NOW)
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
    (SCHEDULED, "meeting_scheduled", TIMES | INVITED | {"place": "", "format": "video", "first": "yes"}),
    (MOVED, "meeting_moved", TIMES | INVITED | {"place": ""}),
    (CANCELLED, "meeting_cancelled", {"starts_at": NOW.isoformat()} | INVITED),
    (CANCELLED.model_copy(update={"starts_at": None}), "meeting_cancelled", {"starts_at": ""} | INVITED),
]


COORDINATOR, DEPUTY, HEAD = staff_stream("coordinator-1"), staff_stream("coordinator-2"), f"staff-{UUID}1"
SEALED = "sealed.v1.kitchen"


class Known(ExampleLookups):
    """Lena and Werft know each other; the workshop is Export."""

    def sides(self, contact: str) -> Sides | None:
        return PERSON, COMPANY

    def workshop(self, workshop: str) -> Workshop | None:
        taking_part = (Attending(PERSON, False), Attending(GUEST, False, PARTNER), Attending(COMPANY, True))
        return Workshop("Export", NOW, LATER, "Rathaus", "", "coordinator-1", lambda _: taking_part)

    def author_of(self, notice: str, answer: str | None) -> str:
        return "coordinator-1" if answer else PERSON


class NobodyKnown(Known):
    def sides(self, contact: str) -> Sides | None:
        return None


def overdue(owner: str) -> FollowUpOverdue:
    return FollowUpOverdue(step_id="step-1", owner=owner, due=NOW, as_of=LATER)


def dates(by: str) -> DatesProposed:
    return DatesProposed(proposal_id="dates-1", by=by, format="video", dates=(OfferedSlot(starts_at=NOW, ends_at=LATER),))


def changed(rescheduled: bool) -> WorkshopChanged:
    return WorkshopChanged(
        title="Export",
        description="",
        language="de",
        starts_at=NOW,
        ends_at=LATER,
        capacity=2,
        place="Rathaus",
        link="",
        rescheduled=rescheduled,
    )


def posted(subject: str, author: str) -> MessagePosted:
    return MessagePosted(message_id="message-1", subject=subject, author=author, role="x", body=SEALED, language="de")


def reported(subject: str) -> MessageReported:
    return MessageReported(message_id="message-1", subject=subject, by=COMPANY, reason="spam")


def answered(author: str, by: str) -> NoticeAnswered:
    return NoticeAnswered(answer_id="answer-1", author=by, role="x", body=SEALED, language="de", notice_author=author)


def told(event: Event, stream: str = CONTACT, known: Known | None = None) -> list[QueueNotification]:
    """What is queued; every message must be in the stream of its cause and recipient."""
    requests = list(notify(known or Known())(recorded(event, stream)))
    queued = [request.command for request in requests if isinstance(request.command, QueueNotification)]
    assert [request.stream for request in requests] == [notification_stream("cause.0", each.recipient) for each in queued]
    return queued


def pairs(event: Event, stream: str = CONTACT) -> list[tuple[str, str]]:
    return [(message.recipient, message.template) for message in told(event, stream)]


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


GIVEN_UP = NotificationGivenUp(recipient=COMPANY, template="welcome", reason="TimeoutError", cause="event.0")
ROWS = [
    (ContactAccepted(side="person"), CONTACT, [(COMPANY, "contact_accepted"), (COORDINATOR, "contact_accepted")]),
    (ContactDeclined(side="company", reason="x"), CONTACT, [(PERSON, "contact_declined"), (COORDINATOR, "contact_declined")]),
    (ContactDormant(reason="x"), CONTACT, [(each, "contact_dormant") for each in (PERSON, COMPANY, COORDINATOR)]),
    (ContactClosed(reason="no_fit"), CONTACT, [(PERSON, "contact_closed"), (COMPANY, "contact_closed")]),
    (ContactReopened(), CONTACT, [(PERSON, "contact_reopened"), (COMPANY, "contact_reopened")]),
    (ContactAssigned(coordinator="coordinator-2"), CONTACT, [(DEPUTY, "contact_assigned")]),
    (CooperationAgreed(), CONTACT, [(each, "cooperation_agreed") for each in (PERSON, COMPANY, COORDINATOR)]),
    (dates("company"), CONTACT, [(PERSON, "dates_proposed")]),
    (dates("coordinator"), CONTACT, [(PERSON, "dates_proposed"), (COMPANY, "dates_proposed")]),
    (
        DateChosen(proposal_id="dates-1", by="person", starts_at=NOW, meeting_id=MEETING),
        CONTACT,
        [(COORDINATOR, "date_chosen")],
    ),
    (
        DatesDeclined(proposal_id="dates-1", by="person", reason="x"),
        CONTACT,
        [(each, "dates_declined") for each in (COMPANY, COORDINATOR)],
    ),
    (
        MeetingMissed(meeting_id=MEETING, missed_by="person"),
        CONTACT,
        [(each, "meeting_missed") for each in (PERSON, COMPANY, COORDINATOR)],
    ),
    (FollowUpReminded(step_id="step-1", owner="person", due=LATER, as_of=NOW), CONTACT, [(PERSON, "step_reminder")]),
    (overdue("person"), CONTACT, [(PERSON, "step_overdue"), (COORDINATOR, "step_watched")]),
    (overdue("company"), CONTACT, [(COMPANY, "step_overdue"), (COORDINATOR, "step_watched")]),
    (overdue("head"), CONTACT, [(HEAD, "step_overdue"), (COORDINATOR, "step_watched")]),
    (FollowUpEscalated(step_id="step-1", to="head", as_of=LATER), CONTACT, [(HEAD, "step_escalated")]),
    (FollowUpEscalated(step_id="step-1", to="coordinator", as_of=LATER), CONTACT, [(COORDINATOR, "step_escalated")]),
    (AddressBounced(recipient=COMPANY, address="a", reason="550"), CONTACT, [(staff_stream("anna"), "address_bounced")]),
    (GIVEN_UP, CONTACT, [(staff_stream("anna"), "notification_given_up")]),
    (GIVEN_UP.model_copy(update={"bounced": True}), CONTACT, []),
    (GIVEN_UP.model_copy(update={"template": "address_bounced"}), CONTACT, []),
    (ParticipantRegistered(participant_id=PERSON), WORKSHOP, [(PERSON, "workshop_registered")]),
    (ParticipantRegistered(participant_id=GUEST, partner_id=PARTNER), WORKSHOP, [(PARTNER, "workshop_registered")]),
    (ParticipantWaitlisted(participant_id=COMPANY), WORKSHOP, [(COMPANY, "workshop_waitlisted")]),
    (ParticipantPromoted(participant_id=GUEST), WORKSHOP, [(PARTNER, "workshop_promoted")]),
    (RegistrationCancelled(participant_id=GUEST), WORKSHOP, [(PARTNER, "workshop_left")]),
    (changed(True), WORKSHOP, [(each, "workshop_changed") for each in (PERSON, PARTNER, COMPANY)]),
    (changed(False), WORKSHOP, []),
    (WorkshopCancelled(reason="x"), WORKSHOP, [(each, "workshop_cancelled") for each in (PERSON, PARTNER, COMPANY)]),
    (posted(CONTACT, PERSON), THREAD, [(COMPANY, "message_posted"), (COORDINATOR, "message_posted")]),
    (posted(CONTACT, "coordinator-1"), THREAD, [(PERSON, "message_posted"), (COMPANY, "message_posted")]),
    (posted(WORKSHOP, PERSON), THREAD, [(each, "message_posted") for each in (PARTNER, COMPANY, COORDINATOR)]),
    (reported(CONTACT), THREAD, [(COORDINATOR, "message_reported"), (DEPUTY, "message_reported")]),
    (reported(WORKSHOP), THREAD, [(COORDINATOR, "message_reported")]),
    (answered(PERSON, by=COMPANY), NOTICE, [(PERSON, "notice_answered")]),
    (answered("coordinator-1", by=COMPANY), NOTICE, [(COORDINATOR, "notice_answered")]),
    (answered(PERSON, by=PERSON), NOTICE, []),
    (NoticeHidden(reason="spam"), NOTICE, [(PERSON, "notice_hidden")]),
    (NoticeHidden(reason="spam", answer_id="answer-1"), NOTICE, [(COORDINATOR, "notice_hidden")]),
]


@pytest.mark.parametrize(("event", "stream", "expected"), ROWS)
def test_who_is_told_what(event: Event, stream: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(event, stream) == expected


def test_every_event_of_the_table_is_tried_here_and_has_an_example() -> None:
    tried = {type(event) for event, _, _ in ROWS} | {type(event) for event, _, _ in TOLD_BOTH}
    assert tried | {type(each) for each in (WELCOME, WITHDRAWN, FORGOTTEN, DIGEST)} == set(POLICIES)
    assert {type(event) for _, event in EVENTS} == set(POLICIES)


def test_the_rows_of_one_template_travel_alike() -> None:
    for _, policy in TABLE:
        assert (CHANNELS[policy.template], URGENCY[policy.template]) == (policy.channels, policy.urgency)
        assert (policy.template in DEMANDED_BY_LAW) == policy.demanded_by_law


def test_whoever_owns_a_step_and_looks_after_the_contact_is_told_once() -> None:
    assert pairs(overdue("coordinator")) == [(COORDINATOR, "step_overdue")]


def test_a_reported_message_of_a_contact_that_nobody_looks_after_goes_to_the_heads() -> None:
    class Unattended(Known):
        def looked_after_by(self, contact: str) -> tuple[str, ...]:
            return ()

    assert [message.recipient for message in told(reported(CONTACT), THREAD, Unattended())] == [HEAD]


@pytest.mark.parametrize(("agreed", "both"), [(set(), "no"), ({"company"}, "no"), ({"person"}, "yes")])
def test_who_has_agreed_already_is_told_that_now_both_have(agreed: set[str], both: str) -> None:
    class Answered(Known):
        def agreed(self, contact: str, version: int) -> frozenset[str]:
            assert version == 0
            return frozenset(agreed)

    messages = told(ContactAccepted(side="company"), CONTACT, Answered())
    assert [message.recipient for message in messages] == [PERSON, COORDINATOR]
    assert [message.parameters["both"] for message in messages] == [both] * 2


def test_only_who_has_a_place_at_a_workshop_gets_an_invitation() -> None:
    messages = told(changed(True), WORKSHOP)
    assert [message.recipient for message in messages if "sequence" in message.parameters] == [PERSON, PARTNER]


LEAVING = Attending(GUEST, False, PARTNER)
SECOND = f"guest-{UUID}9"


@pytest.mark.parametrize(
    ("before", "after", "taken_back"),
    [
        ([LEAVING], [], True),
        ([LEAVING, Attending(SECOND, True, PARTNER)], [Attending(SECOND, True, PARTNER)], True),
        ([LEAVING, Attending(COMPANY, False)], [Attending(COMPANY, False)], True),
        ([LEAVING, Attending(SECOND, False, PARTNER)], [Attending(SECOND, False, PARTNER)], False),
        ([LEAVING, Attending(PARTNER, False)], [Attending(PARTNER, False)], False),
        ([Attending(GUEST, True, PARTNER)], [], False),
    ],
)
def test_an_invitation_is_taken_back_from_who_has_nobody_left_there(
    before: list[Attending], after: list[Attending], taken_back: bool
) -> None:
    class Leaving(Known):
        def workshop(self, workshop: str) -> Workshop | None:
            return replace(super().workshop(workshop), attending=lambda version: tuple(before if version == 0 else after))  # type: ignore[type-var]

    (message,) = told(RegistrationCancelled(participant_id=GUEST), WORKSHOP, Leaving())
    assert (message.recipient, message.template) == (PARTNER, "workshop_left")
    assert ("sequence" in message.parameters) == taken_back


def test_a_partner_is_told_that_it_is_about_their_guest() -> None:
    (message,) = told(ParticipantRegistered(participant_id=GUEST, partner_id=PARTNER), WORKSHOP)
    assert message.parameters["guest"] == "yes"


def test_the_place_of_a_talk_goes_along_sealed_and_names_whose_key_opens_it() -> None:
    for message in told(SCHEDULED.model_copy(update={"place": SEALED})):
        assert (message.parameters["place"], message.parameters["place_key"]) == (SEALED, PERSON)


def test_nothing_of_what_a_message_says_is_told() -> None:
    (first, *_) = told(posted(CONTACT, PERSON), THREAD)
    assert first.parameters == {"contact_id": CONTACT}


def test_a_workshop_that_was_never_announced_is_an_error_and_not_a_silence() -> None:
    class NoWorkshop(Known):
        def workshop(self, workshop: str) -> Workshop | None:
            return None

    with pytest.raises(PartiesUnknown):
        told(WorkshopCancelled(reason="x"), WORKSHOP, NoWorkshop())


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


def test_whoever_saved_a_search_is_told_how_many_hits_are_new_and_so_are_staff() -> None:
    (message,) = told(DIGEST, f"search-{UUID}7")
    assert (message.recipient, message.template) == (COMPANY, "search_hits")
    assert message.parameters == {"search_id": f"search-{UUID}7", "count": "3"}
    assert pairs(DIGEST.model_copy(update={"owner": ""}), f"search-{UUID}7") == [(COORDINATOR, "search_hits")]


def test_nobody_is_told_of_what_has_no_policy() -> None:
    assert told(NextStepDone(step_id="step-1")) == []


@pytest.mark.parametrize("event", [SCHEDULED, MOVED, CANCELLED])
def test_no_free_text_gets_into_a_message(event: Event) -> None:
    assert "Müller" not in "".join(value for message in told(event) for value in message.parameters.values())


def test_a_contact_nobody_knows_is_an_error_and_not_a_silence() -> None:
    with pytest.raises(PartiesUnknown):
        told(ContactArranged(), CONTACT, NobodyKnown())
