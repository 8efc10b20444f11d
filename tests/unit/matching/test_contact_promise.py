"""The promise: whatever is asked, and whenever, an open contact has exactly one next step with an owner and a due date."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from services.foundation.messages import Command, Event, registered_types
from services.matching.contact import Contact
from services.matching.contract import (
    AcceptContact,
    AgreeCooperation,
    ArrangeContact,
    AssignContact,
    CancelMeeting,
    ChooseDate,
    CloseContact,
    CompleteNextStep,
    DeclineContact,
    DeclineDates,
    FollowUpMeeting,
    LapseDates,
    LetContactRest,
    MoveMeeting,
    NextStepDone,
    NextStepPlanned,
    PlanNextStep,
    ProposeContact,
    ProposeDates,
    RecordMeetingHeld,
    RecordMeetingMissed,
    ReopenContact,
    ReportOverdue,
    ScheduleMeeting,
    Step,
    TimeSlot,
)
from services.matching.meeting import Meeting
from tests.unit.matching.words import COMPANY, CONTACT, DAY, FIRST, HOUR, NEED, PERSON, SECOND, THIRD, UUID, contact, talk
from tests.unit.story import NOW

PROPOSE = ProposeContact(person_id=PERSON, company_id=COMPANY, need_id=NEED, coordinator="staff-1")
ARRANGE = ArrangeContact()
UNTIL_ARRANGED = [PROPOSE, AcceptContact(side="person"), AcceptContact(side="company"), ARRANGE]

sides = st.sampled_from(["person", "company"])
owners = st.sampled_from(["person", "company", "coordinator", "head"])
reasons = st.sampled_from(["no_fit", "unreachable"])
meeting_ids = st.sampled_from([FIRST, SECOND, THIRD])
proposal_ids = st.sampled_from([f"dates-{UUID}7", f"dates-{UUID}8"])
waits = st.sampled_from([1, 2, 5, 24, 48, 100, 0, -12])
durations = st.sampled_from([1, 2, 30, 0])

simple_commands: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from([*UNTIL_ARRANGED, LetContactRest(reason="rest"), AssignContact(coordinator="staff-2")]),
    st.builds(DeclineContact, side=sides, reason=st.just("no")),
    st.builds(CloseContact, reason=reasons),
)
recordings: st.SearchStrategy[Command] = st.one_of(
    st.builds(CancelMeeting, meeting_id=meeting_ids, reason=st.just("ill")),
    st.builds(RecordMeetingHeld, meeting_id=meeting_ids, outcome=st.sampled_from(["good", "bad"])),
    st.builds(RecordMeetingMissed, meeting_id=meeting_ids, missed_by=sides),
    st.builds(FollowUpMeeting, meeting_id=meeting_ids, closing_reason=reasons),
)
events: st.SearchStrategy[Event] = st.one_of(
    [
        st.builds(cast(Callable[..., Event], type_))
        for name, type_ in registered_types().items()
        if name.startswith("matching.") and issubclass(type_, Event)
    ]
)


class ContactUnderAnything(RuleBasedStateMachine):
    """Sends one contact whatever may be sent, on a clock that mostly moves forward."""

    def __init__(self) -> None:
        super().__init__()
        self.story = contact()
        self.clock = NOW
        self.planned: list[str] = []

    @initialize(many=st.sampled_from([len(UNTIL_ARRANGED), 1, 3]))
    def begin(self, many: int) -> None:
        for command in UNTIL_ARRANGED[:many]:
            self.ask(command)

    @rule(hours=waits)
    def time_goes_by(self, hours: int) -> None:
        self.clock += hours * HOUR

    @rule(command=simple_commands)
    def go_on_or_end(self, command: Command) -> None:
        self.ask(command)

    @rule(what=st.sampled_from(["plan", "complete", "arrange", "cooperate", "reopen"]), owner=owners, hours=waits)
    def name_a_step(self, what: str, owner: str, hours: int) -> None:
        step = Step.model_validate({"what": "call", "owner": owner, "due": self.clock + hours * HOUR})
        commands: dict[str, Command] = {
            "plan": PlanNextStep(next_step=step),
            "complete": CompleteNextStep(then=step),
            "arrange": ArrangeContact(next_step=step),
            "cooperate": AgreeCooperation(next_step=step),
            "reopen": ReopenContact(next_step=step),
        }
        self.ask(commands[what])

    @rule(meeting_id=meeting_ids, hours=waits, lasting=durations)
    def schedule_a_talk(self, meeting_id: str, hours: int, lasting: int) -> None:
        self.ask(self.talk_in(hours, meeting_id, lasting))

    @rule(meeting_id=meeting_ids, hours=waits, lasting=durations)
    def move_a_talk(self, meeting_id: str, hours: int, lasting: int) -> None:
        asked = self.talk_in(hours, meeting_id, lasting)
        self.ask(MoveMeeting(meeting_id=asked.meeting_id, starts_at=asked.starts_at, ends_at=asked.ends_at))

    @precondition(lambda self: self.scheduled())
    @rule(outcome=st.sampled_from(["good", "bad"]))
    def hold_the_next_talk(self, outcome: str) -> None:
        meeting = min(self.scheduled(), key=lambda each: each.starts_at)
        self.clock = max(self.clock, meeting.ends_at)
        self.ask(RecordMeetingHeld(meeting_id=meeting.meeting_id, outcome=outcome))

    @rule(command=recordings)
    def record_a_talk(self, command: Command) -> None:
        self.ask(command)

    @rule(meeting_id=meeting_ids, following=meeting_ids, hours=waits)
    def follow_up_with_a_talk(self, meeting_id: str, following: str, hours: int) -> None:
        self.ask(FollowUpMeeting(meeting_id=meeting_id, next_meeting=self.talk_in(hours, following)))

    @rule(meeting_id=meeting_ids, owner=owners, hours=waits)
    def follow_up_with_a_step(self, meeting_id: str, owner: str, hours: int) -> None:
        step = Step.model_validate({"what": "write", "owner": owner, "due": self.clock + hours * HOUR})
        self.ask(FollowUpMeeting(meeting_id=meeting_id, next_step=step))

    @rule(number=st.integers(1, 9), days=st.integers(0, 9))
    def report(self, number: int, days: int) -> None:
        self.ask(ReportOverdue(step_id=f"step-{number}", as_of=self.clock + days * DAY))

    @rule(id=proposal_ids, by=st.sampled_from(["person", "company", "coordinator"]), hours=waits, alone=st.booleans())
    def propose_dates(self, id: str, by: str, hours: int, alone: bool) -> None:
        starts = [self.clock + hours * HOUR, self.clock + (hours + 48) * HOUR]
        slots = [TimeSlot(starts_at=each, ends_at=each + HOUR) for each in starts]
        fields = {"proposal_id": id, "by": by, "format": "video", "dates": slots, "by_itself": alone}
        self.ask(ProposeDates.model_validate(fields))

    @rule(id=proposal_ids, by=sides, meeting_id=meeting_ids, last=st.booleans())
    def choose_a_date(self, id: str, by: str, meeting_id: str, last: bool) -> None:
        proposal = self.story.aggregate.dates.open
        starts_at = proposal.dates[-1 if last else 0].starts_at if proposal else self.clock
        fields = {"proposal_id": id, "by": by, "starts_at": starts_at, "meeting_id": meeting_id}
        self.ask(ChooseDate.model_validate(fields))

    @rule(id=proposal_ids, by=sides, days=st.integers(0, 9), declined=st.booleans())
    def end_a_proposal(self, id: str, by: str, days: int, declined: bool) -> None:
        decline = DeclineDates.model_validate({"proposal_id": id, "by": by, "reason": "no"})
        self.ask(decline if declined else LapseDates(proposal_id=id, as_of=self.clock + days * DAY))

    @invariant()
    def no_two_talks_are_at_once(self) -> None:
        talks = sorted(self.scheduled(), key=lambda each: each.starts_at)
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(talks))

    @invariant()
    def only_an_arranged_contact_looks_for_a_date(self) -> None:
        aggregate = self.story.aggregate
        assert aggregate.dates.open is None or aggregate.state in ("arranged", "cooperating")

    @invariant()
    def an_open_contact_has_one_next_step(self) -> None:
        step = self.story.aggregate.step
        assert (step is not None) == self.story.aggregate.is_open
        assert step is None or (step.owner and isinstance(step.due, datetime))

    def ask(self, command: Command) -> None:
        before = self.story.aggregate.step
        happened = self.story.when(command, at=self.clock).events
        planned = [event.step_id for event in happened if isinstance(event, NextStepPlanned)]
        assert len(planned) <= 1
        assert not set(planned) & set(self.planned), "no two steps have one id"
        assert all(before and event.step_id == before.step_id for event in happened if isinstance(event, NextStepDone))
        self.planned += planned

    def scheduled(self) -> list[Meeting]:
        return [meeting for meeting in self.story.aggregate.meetings.by_id.values() if meeting.state == "scheduled"]

    def talk_in(self, hours: int, meeting_id: str, lasting: int = 1) -> ScheduleMeeting:
        return talk(meeting_id, self.clock + hours * HOUR, lasting)


def test_no_conversation_dies_unnoticed() -> None:
    run_state_machine_as_test(ContactUnderAnything, settings=settings(max_examples=150, stateful_step_count=40, deadline=None))


@given(st.lists(events, max_size=15))
def test_applying_an_event_never_fails(happened: list[Event]) -> None:
    assert Contact(CONTACT).fold(happened).version == len(happened)


@given(st.integers(1, len(UNTIL_ARRANGED)), st.integers(0, 900))
def test_whatever_stays_undone_is_reported_and_escalated(many: int, more_days: int) -> None:
    story = contact()
    for command in UNTIL_ARRANGED[:many]:
        story.when(command)
    late = story.aggregate.step.due + timedelta(days=3 + more_days)
    for _ in range(2):
        story.when(ReportOverdue(step_id=story.aggregate.step.step_id, as_of=late))
    assert story.aggregate.step.reported
    assert story.aggregate.step.escalated
