"""A contact to tell stories about, and what may have happened to it."""

from datetime import datetime, timedelta

from services.foundation.messages import Event
from services.matching import next_step
from services.matching.contract import (
    ContactAccepted,
    ContactArranged,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    CooperationAgreed,
    MeetingHeld,
    MeetingScheduled,
    NextStepPlanned,
    ScheduleMeeting,
    Step,
    contact_stream,
)
from services.matching.eligibility import Eligibility
from services.matching.routes import routes
from tests.unit.story import NOW, Story

UUID = "00000000-0000-4000-8000-00000000000"
PERSON, COMPANY, NEED = f"person-{UUID}1", f"company-{UUID}2", f"need-{UUID}3"
CONTACT = contact_stream(PERSON, COMPANY, NEED)
FIRST, SECOND, THIRD = f"meeting-{UUID}4", f"meeting-{UUID}5", f"meeting-{UUID}6"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

ELIGIBLE = Eligibility(
    person_known=True,
    company_known=True,
    need_open=True,
    consent_to_matching=True,
    consent_to_show=True,
    purpose_fits=True,
    region="SY-HL",
)
CALL = Step(what="Call the company", owner="coordinator", due=NOW + 5 * DAY)
TALK_AT = NOW + 2 * DAY
TALK_OVER = TALK_AT + HOUR


def contact(eligibility: Eligibility = ELIGIBLE) -> Story:
    return Story(CONTACT, routes(lambda _: eligibility))


def planned(number: int, step: Step) -> NextStepPlanned:
    return NextStepPlanned(step_id=f"step-{number}", what=step.what, owner=step.owner, due=step.due)


def talk(meeting_id: str = FIRST, starts_at: datetime = TALK_AT, hours: float = 1) -> ScheduleMeeting:
    ends_at = starts_at + hours * HOUR
    return ScheduleMeeting(meeting_id=meeting_id, format="video", starts_at=starts_at, ends_at=ends_at, place="online")


def scheduled(meeting: ScheduleMeeting, first: bool = False) -> MeetingScheduled:
    return MeetingScheduled(**meeting.model_dump(), first=first)


PROPOSAL = ContactProposed(person_id=PERSON, company_id=COMPANY, need_id=NEED, coordinator="staff-1", region="SY-HL")
PROPOSED: tuple[Event, ...] = (PROPOSAL, planned(1, next_step.get_answers(NOW)))
ACCEPTED = (
    *PROPOSED,
    ContactAccepted(side="person"),
    ContactAccepted(side="company"),
    planned(2, next_step.arrange(NOW)),
)
ARRANGED = (*ACCEPTED, ContactArranged(), planned(3, next_step.find_first_date(NOW)))
SCHEDULED = (*ARRANGED, scheduled(talk(), first=True), planned(4, next_step.hold_talk(TALK_OVER)))
HELD = (*SCHEDULED, MeetingHeld(meeting_id=FIRST, outcome="both go on"), planned(5, next_step.follow_up(TALK_OVER)))
COOPERATING = (*ARRANGED, CooperationAgreed(), planned(4, CALL))
DECLINED = (*PROPOSED, ContactDeclined(side="person", reason="no time"))
DORMANT = (*ARRANGED, ContactDormant(reason="consent withdrawn"))
CLOSED = (*ARRANGED, ContactClosed(reason="no_fit"))
