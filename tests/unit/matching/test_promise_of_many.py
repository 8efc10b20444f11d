"""Thousands of contacts under random commands and clocks: none is ever open and silent, and what is undone reaches the head.

The sweep of the timer runs among the commands, as do withdrawals of consents and erasures. What the proof says of any past
moment, from the entries of the timelines alone, is what the contacts themselves were at that moment.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.foundation.messages import SYSTEM, Command, Envelope
from services.gateway.promise import Standing, standing
from services.gateway.timeline import told_by
from services.gateway.views.contact import ContactView
from services.matching import next_step
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
    FollowUpEscalated,
    FollowUpMeeting,
    FollowUpOverdue,
    FollowUpReminded,
    LapseDates,
    LetContactRest,
    MoveMeeting,
    NextStepPlanned,
    PlanNextStep,
    ProposeContact,
    ProposeDates,
    ReachOtherwise,
    RecordMeetingHeld,
    RecordMeetingMissed,
    ReopenContact,
    ScheduleMeeting,
    Step,
    contact_stream,
)
from services.matching.next_step import PLANNING_HORIZON, FollowUpTimes, OpenStep
from services.matching.overdue import Undone, stage_reports
from services.matching.routes import routes
from tests.unit.matching.words import DAY, ELIGIBLE, FIRST, HOUR, SECOND, THIRD, UUID
from tests.unit.story import NOW, Story

CONTACTS_AT_ONCE = 40
EXAMPLES = 60
COMMANDS = 25
BOUND = FollowUpTimes().escalate_to_head_after + 3 * DAY
"""Within this time an undone step is with the head, if the timer runs once a day."""

seen: set[int] = set()
happened: set[str] = set()


@dataclass
class Lived:
    """One contact, its timeline as the gateway keeps it, and how it stood after each decision."""

    number: int
    story: Story
    entries: list[dict[str, Any]] = field(default_factory=list)
    stood: list[tuple[datetime, Standing | None]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    document: dict[str, Any] = field(default_factory=dict)

    def ask(self, command: Command, clock: datetime) -> None:
        view, stream = ContactView(), self.story.aggregate.stream
        for event in self.story.when(command, at=clock).events:
            happened.add(type(event).__name__)
            version = len(self.entries) + 1
            envelope = Envelope(f"c{version}.0", stream, "test", clock, SYSTEM, "c", version=version)
            self.entries += [{**entry, "version": version} for _, entry in view.derive(self.document, event, envelope)]
            if isinstance(event, FollowUpReminded | FollowUpOverdue | FollowUpEscalated):
                self.told.append((event.step_id, next_step.stage_told(event)))
            if isinstance(event, NextStepPlanned):
                assert event.due - clock <= PLANNING_HORIZON
        self.require_promise()
        if self.story.events:
            self.stood.append((clock, self.standing()))

    def require_promise(self) -> None:
        contact = self.story.aggregate
        assert (contact.step is not None) == contact.is_open, self.entries
        assert not contact.is_open or (contact.step.owner and contact.step.due and contact.assigned[0])

    def sweep(self, clock: datetime, times: FollowUpTimes) -> None:
        contact = self.story.aggregate
        if contact.step is None:
            return
        step: OpenStep = contact.step
        undone = Undone(contact.stream, step, bool(contact.assigned[1]))
        for report in stage_reports([undone], clock, times):
            self.ask(report.command, clock)
            assert len(self.story.events) == 1

    def standing(self) -> Standing | None:
        """What the proof must say, as the contact itself knows it."""
        contact = self.story.aggregate
        if not contact.is_open:
            return None
        step, proposal = contact.step, contact.proposal
        sides = (proposal.person_id, proposal.company_id, *contact.assigned)
        stages = [stage for step_id, stage in self.told if step_id == step.step_id]
        escalated = [stage for stage in stages if stage in ("coordinator", "deputy", "head")]
        about = (step.step_id, step.owner, step.due, step.reported, escalated[-1] if escalated else None)
        return Standing(contact.stream, contact.version, contact.state, *sides, *about)


def a_contact(number: int, chance: random.Random) -> Lived:
    person, company, need = f"person-{UUID}1", f"company-{UUID}2", f"need-{number:08d}-0000-4000-8000-000000000000"
    story = Story(contact_stream(person, company, need), routes(lambda _: ELIGIBLE))
    lived, deputy = Lived(number, story), chance.choice(("", "staff-2"))
    lived.ask(ProposeContact(person_id=person, company_id=company, need_id=need, coordinator="staff-1", deputy=deputy), NOW)
    for command in (AcceptContact(side="person"), AcceptContact(side="company"), ArrangeContact())[
        : chance.choice((0, 1, 3, 3))
    ]:
        lived.ask(command, NOW)
    return lived


def a_step(clock: datetime, chance: random.Random) -> Step:
    owner = chance.choice(("person", "company", "coordinator", "head"))
    due = clock + chance.choice((-1, 1, 5, 48, 400, 24 * 729, 24 * 731)) * HOUR
    return Step.model_validate({"what": chance.choice(("call", "write")), "owner": owner, "due": due})


def a_command(contact: Contact, clock: datetime, chance: random.Random) -> Command:
    """Anything that people, or the processes of withdrawal and erasure, may ask of a contact; often what is not allowed."""
    talk, other, side = chance.choice((FIRST, SECOND)), chance.choice((SECOND, THIRD)), chance.choice(("person", "company"))
    starts = clock + chance.choice((-2, 1, 3, 30)) * HOUR
    dates, chosen = f"dates-{UUID}{chance.choice((7, 8, 9))}", clock + HOUR
    if contact.dates.open:
        dates, chosen = contact.dates.open.proposal_id, chance.choice(contact.dates.open.dates).starts_at
    times = {"starts_at": starts, "ends_at": starts + HOUR}
    later = {name: moment + DAY for name, moment in times.items()}
    makers: tuple[Callable[[], Command], ...] = (
        lambda: AcceptContact.model_validate({"side": side}),
        lambda: DeclineContact.model_validate({"side": side, "reason": "no"}),
        ArrangeContact,
        lambda: PlanNextStep(next_step=a_step(clock, chance)),
        lambda: ReachOtherwise(side=chance.choice(("person", "company"))),
        lambda: CompleteNextStep(then=a_step(clock, chance)),
        lambda: AgreeCooperation(next_step=a_step(clock, chance)),
        lambda: ReopenContact(next_step=a_step(clock, chance)),
        lambda: ScheduleMeeting.model_validate({"meeting_id": talk, "format": "video", "place": "", **times}),
        lambda: MoveMeeting.model_validate({"meeting_id": talk, **times}),
        lambda: CancelMeeting(meeting_id=talk, reason="ill"),
        lambda: RecordMeetingHeld(meeting_id=talk, outcome="good"),
        lambda: RecordMeetingMissed.model_validate({"meeting_id": talk, "missed_by": side}),
        lambda: FollowUpMeeting(meeting_id=talk, next_step=a_step(clock, chance)),
        lambda: FollowUpMeeting.model_validate(
            {"meeting_id": talk, "next_meeting": {"meeting_id": other, "format": "phone", "place": "", **times}}
        ),
        lambda: FollowUpMeeting(meeting_id=talk, closing_reason="no_fit"),
        lambda: AssignContact(coordinator="staff-3", deputy=chance.choice(("", "staff-2"))),
        lambda: ProposeDates.model_validate({"proposal_id": dates, "by": side, "format": "video", "dates": [times, later]}),
        lambda: ChooseDate.model_validate(
            {"proposal_id": dates, "by": side, "starts_at": chosen, "meeting_id": talk, "despite_clashes": True}
        ),
        lambda: DeclineDates.model_validate({"proposal_id": dates, "by": side, "reason": "no"}),
        lambda: LapseDates.model_validate({"proposal_id": dates, "as_of": clock}),
        lambda: LetContactRest(reason="consent_withdrawn: matching"),
        lambda: CloseContact(reason="person_withdrew"),
    )
    return chance.choice(makers)()


@given(st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def live_through_anything(seed: int) -> None:
    chance, times = random.Random(seed), FollowUpTimes()
    contacts = [a_contact(seed * CONTACTS_AT_ONCE % 10**8 + number, chance) for number in range(CONTACTS_AT_ONCE)]
    clock = NOW
    for _ in range(COMMANDS):
        clock += chance.choice((0, 1, 5, 24, 100, 800, -12)) * HOUR
        for lived in contacts:
            lived.ask(a_command(lived.story.aggregate, clock, chance), clock)
            if chance.random() < 0.3:
                lived.sweep(clock, times)
    for lived in contacts:
        moment = NOW + (clock - NOW) * chance.random()
        assert proven(lived, moment) == known(lived, moment)
        require_escalation(lived, clock, times)
        assert len(lived.told) == len(set(lived.told)), "each stage once a step"
    seen.update(lived.number for lived in contacts)


def proven(lived: Lived, moment: datetime) -> Standing | None:
    return standing(lived.story.aggregate.stream, told_by(lived.entries, moment))


def known(lived: Lived, moment: datetime) -> Standing | None:
    stood = list(takewhile(lambda each: each[0] <= moment, lived.stood))
    return stood[-1][1] if stood else None


def require_escalation(lived: Lived, clock: datetime, times: FollowUpTimes) -> None:
    """From now on nobody does anything but the timer, once a day: it has the head know in bounded time."""
    contact = lived.story.aggregate
    if contact.step is None:
        return
    step_id, day = contact.step.step_id, max(clock, contact.step.due)
    while day <= max(clock, contact.step.due) + BOUND:
        day += timedelta(days=1)
        lived.sweep(day, times)
    stages = [stage for told, stage in lived.told if told == step_id]
    assert [stage for stage in stages if stage != "reminder"] in expected_stages(contact.step.owner)
    assert "reminder" not in stages[1:]


def expected_stages(owner: str) -> list[list[str]]:
    """Whether a coordinator has a deputy may change on the way."""
    between: dict[str, list[list[str]]] = {"coordinator": [["deputy"], []], "head": [[]]}
    return [["overdue", *each, "head"] for each in between.get(owner, [["coordinator"]])]


def test_no_conversation_of_thousands_dies_unnoticed() -> None:
    seen.clear()
    live_through_anything()
    assert len(seen) >= 2_000
    ways = {"ContactDeclined", "ContactDormant", "ContactClosed", "ContactReopened", "CooperationAgreed", "DateChosen"}
    talks = {"MeetingScheduled", "MeetingMoved", "MeetingCancelled", "MeetingHeld", "MeetingMissed", "MeetingFollowedUp"}
    assert happened >= ways | talks | {"FollowUpReminded", "FollowUpOverdue", "FollowUpEscalated"}, "all of it took place"
