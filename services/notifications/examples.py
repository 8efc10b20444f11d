"""An example of every event in the table of policies: to preview a letter, and to see that no template lacks a field."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

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
from services.notifications.contract import AddressBounced, NotificationGivenUp
from services.notifications.occasion import Attending, Occasion, Sides, Workshop
from services.notifications.policies import POLICIES
from services.profiles.contract import (
    ConsentWithdrawn,
    ErasureCompleted,
    PersonDetails,
    ProfileCreated,
    SearchDigestDue,
    StoreCleaned,
)

UUID = "00000000-0000-4000-8000-00000000000"
PERSON, COMPANY, PARTNER, CONTACT = f"person-{UUID}1", f"company-{UUID}2", f"partner-{UUID}3", f"contact-{UUID}4"
WORKSHOP, NOTICE, THREAD = f"workshop-{UUID}5", f"notice-{UUID}6", f"thread-{UUID}7"
GUEST = f"guest-{UUID}8"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNTIL = AT + timedelta(hours=1)
PLACE = "sealed.v1.example"
"""The place of the example's talks; ``opened`` opens it."""


def _welcome(kind: str) -> ProfileCreated:
    return ProfileCreated(kind=kind, details=PersonDetails(name="", email="", region="DE-MV"))


_WORKSHOP = Workshop(
    title="Export in die Ukraine",
    starts_at=AT,
    ends_at=UNTIL,
    place="Rathaus, Rostock",
    link="https://example.org/workshop?id=1",
    coordinator="coordinator-1",
    attending=lambda _: (Attending(PERSON, False), Attending(GUEST, False, PARTNER), Attending(COMPANY, True)),
)
_MESSAGE = f"message-{UUID}9"
_STORES = tuple(StoreCleaned(store=each, confirmed_at=AT) for each in ("keys", "events", "matching", "views"))

EVENTS: tuple[tuple[str, Event], ...] = (
    (PERSON, _welcome("person")),
    (COMPANY, _welcome("company")),
    (PARTNER, _welcome("partner")),
    (PERSON, ConsentWithdrawn(purpose="matching", withdrawn_at=AT)),
    (
        f"erasure-{UUID}1",
        ErasureCompleted(owner=PERSON, kind="person", stores=_STORES, erased_at=AT, completed_at=UNTIL, notice=True),
    ),
    (f"search-{UUID}1", SearchDigestDue(owner=COMPANY, count=3, due_at=AT)),
    (f"search-{UUID}1", SearchDigestDue(owner="", count=1, due_at=AT)),
    (CONTACT, ContactProposed(person_id=PERSON, company_id=COMPANY, need_id=f"need-{UUID}1", coordinator="coordinator-1")),
    (CONTACT, ContactAccepted(side="person")),
    (CONTACT, ContactAccepted(side="company")),
    (CONTACT, ContactDeclined(side="company", reason=PLACE)),
    (CONTACT, ContactArranged()),
    (CONTACT, ContactDormant(reason="a consent was withdrawn")),
    (CONTACT, ContactClosed(reason="no_fit")),
    (CONTACT, ContactReopened()),
    (CONTACT, ContactAssigned(coordinator="coordinator-1", deputy="coordinator-2")),
    (CONTACT, CooperationAgreed()),
    (
        CONTACT,
        DatesProposed(
            proposal_id=f"dates-{UUID}1",
            by="company",
            format="video",
            dates=tuple(
                OfferedSlot(starts_at=AT + timedelta(days=day), ends_at=UNTIL + timedelta(days=day)) for day in range(3)
            ),
        ),
    ),
    (CONTACT, DateChosen(proposal_id=f"dates-{UUID}1", by="person", starts_at=AT, meeting_id=f"meeting-{UUID}1")),
    (CONTACT, DatesDeclined(proposal_id=f"dates-{UUID}1", by="person", reason=PLACE)),
    (
        CONTACT,
        MeetingScheduled(
            meeting_id=f"meeting-{UUID}1", format="face_to_face", starts_at=AT, ends_at=UNTIL, place=PLACE, first=True
        ),
    ),
    (CONTACT, MeetingScheduled(meeting_id=f"meeting-{UUID}1", format="video", starts_at=AT, ends_at=UNTIL)),
    (CONTACT, MeetingMoved(meeting_id=f"meeting-{UUID}1", starts_at=AT, ends_at=UNTIL, place=PLACE)),
    (CONTACT, MeetingCancelled(meeting_id=f"meeting-{UUID}1", reason=PLACE, starts_at=AT)),
    (CONTACT, MeetingCancelled(meeting_id=f"meeting-{UUID}1", reason=PLACE)),
    (CONTACT, MeetingMissed(meeting_id=f"meeting-{UUID}1", missed_by="company")),
    (CONTACT, FollowUpReminded(step_id="step-1", owner="person", due=UNTIL, as_of=AT)),
    (CONTACT, FollowUpOverdue(step_id="step-1", owner="company", due=AT, as_of=UNTIL)),
    (CONTACT, FollowUpEscalated(step_id="step-1", to="head", as_of=UNTIL)),
    (f"preferences-{UUID}1", AddressBounced(recipient=PERSON, address="a" * 64, reason="550")),
    (
        f"notification-{UUID}1",
        NotificationGivenUp(recipient=PERSON, template="welcome", reason="TimeoutError", cause="event.0"),
    ),
    (WORKSHOP, ParticipantRegistered(participant_id=PERSON)),
    (WORKSHOP, ParticipantRegistered(participant_id=GUEST, partner_id=PARTNER)),
    (WORKSHOP, ParticipantWaitlisted(participant_id=COMPANY)),
    (WORKSHOP, ParticipantPromoted(participant_id=COMPANY)),
    (WORKSHOP, RegistrationCancelled(participant_id=GUEST)),
    (
        WORKSHOP,
        WorkshopChanged(
            title=_WORKSHOP.title,
            description="",
            language="de",
            starts_at=AT,
            ends_at=UNTIL,
            capacity=20,
            place=_WORKSHOP.place,
            link=_WORKSHOP.link,
            rescheduled=True,
        ),
    ),
    (WORKSHOP, WorkshopCancelled(reason="too few took part")),
    (THREAD, MessagePosted(message_id=_MESSAGE, subject=CONTACT, author=PERSON, role="person", body=PLACE, language="de")),
    (THREAD, MessagePosted(message_id=_MESSAGE, subject=WORKSHOP, author=PERSON, role="person", body=PLACE, language="de")),
    (THREAD, MessageReported(message_id=_MESSAGE, subject=CONTACT, by=COMPANY, reason="spam")),
    (
        NOTICE,
        NoticeAnswered(
            answer_id=f"answer-{UUID}1", author=PERSON, role="person", body=PLACE, language="de", notice_author=COMPANY
        ),
    ),
    (NOTICE, NoticeHidden(reason="off_topic")),
)

BESIDE: Mapping[str, dict[str, str]] = {
    "digest": {"count": "2", "subjects": "Neuer Termin\nIhr Kontakt ist vermittelt"},
    "notification_given_up": {"about": PERSON, "undelivered": "meeting_moved"},
    "address_bounced": {"about": PERSON},
}
"""What fills the templates that no event of its own leads to."""


class ExampleLookups:
    """Everything that the examples ask for is known."""

    def sides(self, contact: str) -> Sides | None:
        return PERSON, COMPANY

    def agreed(self, contact: str, version: int) -> frozenset[str]:
        return frozenset({"person"})

    def looked_after_by(self, contact: str) -> tuple[str, ...]:
        return ("coordinator-1", "coordinator-2")

    def open_contacts_of(self, recipient: str) -> tuple[str, ...]:
        return ()

    def coordinators_of(self, recipient: str) -> tuple[str, ...]:
        return ("anna",)

    def has_webhook(self, recipient: str) -> bool:
        return False

    def heads(self) -> tuple[str, ...]:
        return (f"staff-{UUID}1",)

    def workshop(self, workshop: str) -> Workshop | None:
        return _WORKSHOP

    def author_of(self, notice: str, answer: str | None) -> str:
        return COMPANY

    def searcher(self, search: str) -> str:
        return "coordinator-1"


def examples() -> Iterator[tuple[str, dict[str, str]]]:
    """Each template with what its policy fills it with, once for every example."""
    known = ExampleLookups()
    for stream, event in EVENTS:
        for policy in POLICIES[type(event)]:
            yield policy.template, policy.parameters(Occasion(event, stream, 7, AT, known))
    yield from BESIDE.items()


def opened(owner: str, field: str, sealed: str) -> str:
    return "Am Markt 1, Rostock"
