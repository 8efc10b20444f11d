"""A contact: the relationship of one person and one company about one need, with its next step and its meetings.

Whatever is decided here, an open contact has exactly one next step, with an owner and a due date. A decision that would leave
it without one plans the step that the situation asks for.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.foundation.aggregate import Aggregate, Context
from services.foundation.messages import Event
from services.matching import next_step
from services.matching.clashes import NEVER_BUSY, Busy, require_free
from services.matching.contact_rules import (
    BOTH_SIDES,
    ContactAlreadyArranged,
    ContactAlreadyEnded,
    ContactAlreadyOpen,
    ContactBelongsToAnotherStream,
    ContactMustBeReopened,
    ContactNotAcceptedByBoth,
    ContactNotArranged,
    ContactNotOpen,
    FollowUpNeedsOneDecision,
    require_another,
    side_of,
)
from services.matching.contract import (
    OPEN_STATES,
    AcceptContact,
    AgreeCooperation,
    ArrangeContact,
    AssignContact,
    CancelMeeting,
    ChooseDate,
    CloseContact,
    CompleteNextStep,
    ContactAccepted,
    ContactArranged,
    ContactAssigned,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    ContactReopened,
    ContactState,
    CooperationAgreed,
    DeclineContact,
    DeclineDates,
    FollowUpEscalated,
    FollowUpMeeting,
    FollowUpOverdue,
    FollowUpReminded,
    LapseDates,
    LetContactRest,
    MeetingMissed,
    MoveMeeting,
    NextStepDone,
    NextStepPlanned,
    NoteSignOfLife,
    PlanNextStep,
    ProposeContact,
    ProposeDates,
    ReachOtherwise,
    RecordMeetingHeld,
    RecordMeetingMissed,
    RemindOfStep,
    ReopenContact,
    ReportOverdue,
    ScheduleMeeting,
    SignOfLifeNoted,
    Step,
    contact_stream,
)
from services.matching.dates import Dates
from services.matching.eligibility import Eligibility
from services.matching.meeting import Meetings
from services.matching.next_step import FollowUpTimes, OpenStep


class Contact(Aggregate):
    """``proposal`` says who and what it is about; ``step`` is the open next step; a contact that is not open has none.

    ``assigned``: the coordinator who looks after it, and the deputy, if there is one. ``seeking``: the id of the step during
    which dates are proposed by themselves.
    """

    category = "contact"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.state: ContactState | None = None
        self.proposal: ContactProposed | None = None
        self.accepted_by: frozenset[str] = frozenset()
        self.closing_reason = ""
        self.step: OpenStep | None = None
        self.steps_planned = 0
        self.meetings = Meetings()
        self.last_sign_of_life: datetime | None = None
        self.dates = Dates()
        self.assigned = ("", "")
        self.seeking = ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def as_proposed(self, person_version: int = 0, company_version: int = 0) -> ProposeContact:
        """The proposal again, to be judged anew, as of these versions of both profiles. Only a contact that exists has one."""
        if self.proposal is None:
            raise ContactNotOpen("the contact was never proposed")
        seen = {"person_version": person_version, "company_version": company_version}
        return ProposeContact.model_validate(self.proposal.model_dump(exclude={"region"}) | seen)

    # --- from the proposal to the arrangement ---------------------------------------------------------------------------

    def propose(self, command: ProposeContact, context: Context, eligibility: Eligibility) -> Iterator[Event]:
        if self.stream != contact_stream(command.person_id, command.company_id, command.need_id):
            raise ContactBelongsToAnotherStream("this is not the stream of that person, company and need")
        if self.is_open:
            raise ContactAlreadyOpen("there is an open contact of this person and company about this need")
        if self.exists:
            raise ContactMustBeReopened(f"the contact is {self.state}; reopen it instead")
        require_another(command)
        eligibility.require()
        yield ContactProposed(
            person_id=command.person_id,
            company_id=command.company_id,
            need_id=command.need_id,
            coordinator=command.coordinator,
            deputy=command.deputy,
            region=eligibility.region,
        )
        yield from self._plan(next_step.get_answers(context.time))

    def accept(self, command: AcceptContact, context: Context, eligibility: Eligibility) -> Iterator[Event]:
        self._must_be_open()
        if command.side in self.accepted_by:
            return
        eligibility.require_open_need()
        yield ContactAccepted(side=command.side)
        if self.accepted_by | {command.side} == BOTH_SIDES:
            yield from self._plan(next_step.arrange(context.time))

    def decline(self, command: DeclineContact, _: Context) -> Iterator[Event]:
        if self.state == "declined":
            return
        self._must_be_open()
        if self._is_arranged():
            raise ContactAlreadyArranged("the contact is arranged; close it with a reason instead")
        yield ContactDeclined(side=command.side, reason=command.reason)

    def arrange(self, command: ArrangeContact, context: Context, eligibility: Eligibility) -> Iterator[Event]:
        self._must_be_open()
        if self.accepted_by != BOTH_SIDES:
            raise ContactNotAcceptedByBoth("both sides must accept before the contact is arranged")
        if not self._is_arranged():
            eligibility.require_open_need()
            yield ContactArranged(seek_date=command.propose_dates and command.next_step is None)
            yield from self._plan_asked(command.next_step or next_step.find_first_date(context.time), context)
        elif command.next_step:
            yield from self._plan_asked(command.next_step, context)

    def assign(self, command: AssignContact, _: Context) -> Iterator[Event]:
        """Somebody may always be made responsible, also of a contact that rests or has ended: it may be reopened."""
        require_another(command)
        if self.assigned != (command.coordinator, command.deputy):
            yield ContactAssigned(coordinator=command.coordinator, deputy=command.deputy)

    # --- next steps -----------------------------------------------------------------------------------------------------

    def plan_next_step(self, command: PlanNextStep, context: Context) -> Iterator[Event]:
        self._must_be_open()
        yield from self._plan_asked(command.next_step, context)

    def complete_next_step(self, command: CompleteNextStep, context: Context) -> Iterator[Event]:
        self._must_be_open()
        next_step.require_plannable(command.then, context.time, "then")
        if self.step:
            yield NextStepDone(step_id=self.step.step_id)
        yield self._planned(command.then)

    def reach_otherwise(self, command: ReachOtherwise, context: Context) -> Iterator[Event]:
        """What is due sooner stays first, and whoever follows up a talk hears of it anyway."""
        asked = next_step.reach_otherwise(command.side, context.time)
        if self.step and self.step.gives_way_to(asked):
            yield from self._plan(asked)

    def remind(self, command: RemindOfStep, _: Context, times: FollowUpTimes) -> Iterator[Event]:
        """A reminder of a step that is no longer open, or is due by now, comes too late and changes nothing."""
        step = self._undone(command.step_id)
        if step and step.stage(command.as_of, times, has_deputy=self._has_deputy()) == "reminder":
            yield FollowUpReminded(step_id=step.step_id, owner=step.owner, due=step.due, as_of=command.as_of)

    def report_overdue(self, command: ReportOverdue, _: Context, times: FollowUpTimes) -> Iterator[Event]:
        """A report on a step that is no longer open comes too late and changes nothing."""
        step = self._undone(command.step_id)
        if step is None:
            return
        if command.as_of <= step.due:
            raise next_step.StepNotYetDue("the next step is not due yet", field="as_of")
        match step.stage(command.as_of, times, has_deputy=self._has_deputy()):
            case "overdue":
                yield FollowUpOverdue(step_id=step.step_id, owner=step.owner, due=step.due, as_of=command.as_of)
            case "coordinator" | "deputy" | "head" as to:
                yield FollowUpEscalated(step_id=step.step_id, to=to, as_of=command.as_of)

    def note_sign_of_life(self, command: NoteSignOfLife, _: Context) -> Iterator[Event]:
        """The next step stays. What is not newer than the last sign, or comes when the contact has ended, changes nothing."""
        if self.is_open and (self.last_sign_of_life is None or command.at > self.last_sign_of_life):
            yield SignOfLifeNoted(**command.model_dump())

    # --- meetings -------------------------------------------------------------------------------------------------------

    def schedule_meeting(self, command: ScheduleMeeting, context: Context, busy: Busy = NEVER_BUSY) -> Iterator[Event]:
        self._must_be_arranged()
        yield from self._with_step(self._scheduled(command, context, busy), context)

    def move_meeting(self, command: MoveMeeting, context: Context, busy: Busy = NEVER_BUSY) -> Iterator[Event]:
        self._must_be_arranged()
        moved = tuple(self.meetings.move(command, context.time, side_of(context)))
        if moved:
            require_free(busy, command.starts_at, command.ends_at, despite_clashes=command.despite_clashes)
        yield from self._with_step(moved, context)

    def cancel_meeting(self, command: CancelMeeting, context: Context) -> Iterator[Event]:
        self._must_be_open()
        yield from self._with_step(self.meetings.cancel(command, context.time, side_of(context)), context)

    def record_meeting_held(self, command: RecordMeetingHeld, context: Context) -> Iterator[Event]:
        self._must_be_open()
        yield from self._with_step(self.meetings.hold(command, context.time), context)

    def record_meeting_missed(self, command: RecordMeetingMissed, context: Context) -> Iterator[Event]:
        self._must_be_open()
        yield from self._with_step(self.meetings.miss(command, context.time), context)

    def follow_up_meeting(self, command: FollowUpMeeting, context: Context, busy: Busy = NEVER_BUSY) -> Iterator[Event]:
        self._must_be_open()
        followed_up = tuple(self.meetings.follow_up(command.meeting_id))
        match command.next_step, command.next_meeting, command.closing_reason:
            case Step() as step, None, None:
                yield from followed_up
                yield from self._plan_asked(step, context)
            case None, ScheduleMeeting() as meeting, None:
                self._must_be_arranged()
                scheduled = self._scheduled(meeting, context, busy, within="next_meeting.")
                yield from self._with_step((*followed_up, *scheduled), context)
            case None, None, str(reason):
                yield from followed_up
                yield from self._close(reason, context)
            case _:
                raise FollowUpNeedsOneDecision(
                    "give one of a next step, a next meeting and a closing reason", field="next_step"
                )

    # --- dates for a talk -----------------------------------------------------------------------------------------------

    def propose_dates(self, command: ProposeDates, context: Context) -> Iterator[Event]:
        if command.by_itself and not self._seeks_date():
            return
        self._must_be_arranged()
        proposed = tuple(self.dates.propose(command, context.time))
        for index, each in enumerate(command.dates if proposed else ()):
            self.meetings.require_free_time(each.starts_at, each.ends_at, context.time, within=f"dates.{index}.")
        yield from self._with_step(proposed, context)

    def choose_date(self, command: ChooseDate, context: Context, busy: Busy = NEVER_BUSY) -> Iterator[Event]:
        """The talk is scheduled with the choice, unless the other side has still to agree."""
        self._must_be_arranged()
        for chosen in tuple(self.dates.choose(command, context.time)):
            scheduled = tuple(self._scheduled(self._talk(command), context, busy))
            yield from self._with_step((chosen, *(scheduled if chosen.meeting_id else ())), context)

    def decline_dates(self, command: DeclineDates, context: Context) -> Iterator[Event]:
        self._must_be_open()
        yield from self._with_step(self.dates.decline(command), context)

    def lapse_dates(self, command: LapseDates, context: Context) -> Iterator[Event]:
        """Comes from the timer; on a contact that is no longer open there are no dates to lapse."""
        yield from self._with_step(self.dates.lapse(command), context)

    def _talk(self, choice: ChooseDate) -> ScheduleMeeting:
        """The talk that a choice agrees on."""
        proposal, slot = self.dates.chosen(choice)
        asked = choice.model_dump(include={"meeting_id", "despite_clashes"}) | slot.model_dump()
        return ScheduleMeeting.model_validate({**asked, "format": proposal.format, "place": proposal.place})

    def _seeks_date(self) -> bool:
        """Whether nothing was planned since a date for the first talk, or after a missed one, had to be found."""
        return self._is_arranged() and self.step is not None and self.step.step_id == self.seeking

    # --- cooperation, rest and end --------------------------------------------------------------------------------------

    def agree_cooperation(self, command: AgreeCooperation, context: Context) -> Iterator[Event]:
        self._must_be_arranged()
        if self.state != "cooperating":
            yield CooperationAgreed()
        yield from self._plan_asked(command.next_step, context)

    def let_rest(self, command: LetContactRest, context: Context) -> Iterator[Event]:
        """A contact that has ended rests already."""
        if self.is_open:
            yield from self.meetings.call_off(context.time, command.reason)
            yield ContactDormant(reason=command.reason)

    def close(self, command: CloseContact, context: Context) -> Iterator[Event]:
        if self.is_open or self.state == "dormant":
            yield from self._close(command.reason, context)
        elif self.closing_reason != command.reason:
            raise ContactAlreadyEnded(f"the contact is {self.state}")

    def reopen(self, command: ReopenContact, context: Context, eligibility: Eligibility) -> Iterator[Event]:
        """Begins anew with both sides asked again, for their consents may have ended meanwhile."""
        if self.is_open:
            raise ContactAlreadyOpen("the contact is open")
        eligibility.require(named=False)
        yield ContactReopened()
        yield from self._plan_asked(command.next_step, context)

    # --- what events change ---------------------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        self.dates = self.dates.after(event)
        match event:
            case ContactProposed():
                self.state, self.proposal = "proposed", event
                self.assigned = (event.coordinator, event.deputy)
            case ContactAssigned():
                self.assigned = (event.coordinator, event.deputy)
            case ContactAccepted():
                self._accepted(event.side)
            case ContactArranged():
                self.state = "arranged"
                self._seek_with_next_step(event.seek_date)
            case CooperationAgreed():
                self.state = "cooperating"
            case ContactReopened():
                self.state, self.accepted_by, self.closing_reason = "proposed", frozenset(), ""
            case ContactDeclined():
                self.state, self.step = "declined", None
            case ContactDormant():
                self.state, self.step = "dormant", None
            case ContactClosed():
                self.state, self.step, self.closing_reason = "closed", None, event.reason
            case NextStepPlanned() | NextStepDone() | FollowUpReminded() | FollowUpOverdue() | FollowUpEscalated():
                self._apply_to_step(event)
            case SignOfLifeNoted():
                self.last_sign_of_life = event.at
            case _:
                self.meetings = self.meetings.after(event)
                self._seek_with_next_step(isinstance(event, MeetingMissed) and event.seek_date)

    def _seek_with_next_step(self, seek_date: bool) -> None:
        if seek_date:
            self.seeking = f"step-{self.steps_planned + 1}"

    def _accepted(self, side: str) -> None:
        self.accepted_by |= {side}
        if self.accepted_by == BOTH_SIDES:
            self.state = "accepted"

    def _apply_to_step(self, event: Event) -> None:
        match event, self.step:
            case NextStepPlanned(), _:
                self.step = OpenStep(event.step_id, event.what, event.owner, event.due)
                self.steps_planned += 1
            case NextStepDone(), _:
                self.step = None
            case (FollowUpReminded() | FollowUpOverdue() | FollowUpEscalated()) as told, OpenStep() as step if (
                told.step_id == step.step_id
            ):
                self.step = step.after(next_step.stage_told(told))

    # --- rules ----------------------------------------------------------------------------------------------------------

    def _undone(self, step_id: str) -> OpenStep | None:
        """The open step, if it is still this one."""
        return self.step if self.step and self.step.step_id == step_id else None

    def _has_deputy(self) -> bool:
        return bool(self.assigned[1])

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise ContactNotOpen(f"the contact is {self.state}")

    def _must_be_arranged(self) -> None:
        self._must_be_open()
        if not self._is_arranged():
            raise ContactNotArranged(f"the contact is {self.state}, not arranged")

    def _is_arranged(self) -> bool:
        return self.state in ("arranged", "cooperating")

    def _close(self, reason: str, context: Context) -> Iterator[Event]:
        yield from self.meetings.call_off(context.time, reason)
        yield ContactClosed(reason=reason)

    def _with_step(self, decided: Iterable[Event], context: Context) -> Iterator[Event]:
        """What was decided on meetings, and the step they then ask for. An older follow-up that is still due stays first; one
        that gave way to another step, or ended with the contact before it was reopened, holds up nothing."""
        events = tuple(decided)
        yield from events
        meetings, dates = self.meetings.after(*events), self.dates.after(*events)
        older = self.meetings.awaiting_follow_up & meetings.awaiting_follow_up
        is_due = self.step is not None and self.step.what == next_step.FOLLOW_UP
        if events and not (older and is_due):
            yield from self._plan(meetings.next_step(context.time, dates.next_step(context.time), given_up=older))

    def _scheduled(self, meeting: ScheduleMeeting, context: Context, busy: Busy, within: str = "") -> Iterator[Event]:
        scheduled = tuple(self.meetings.schedule(meeting, context.time, within))
        if scheduled:
            times = (meeting.starts_at, meeting.ends_at)
            require_free(busy, *times, despite_clashes=meeting.despite_clashes, within=within)
        yield from scheduled

    def _plan_asked(self, step: Step, context: Context) -> Iterator[Event]:
        next_step.require_plannable(step, context.time, "next_step")
        yield from self._plan(step)

    def _plan(self, step: Step) -> Iterator[Event]:
        """Replaces the open step; nothing where it says the same."""
        if self.step is None or not self.step.says(step):
            yield self._planned(step)

    def _planned(self, step: Step) -> NextStepPlanned:
        number = self.steps_planned + 1
        return NextStepPlanned(step_id=f"step-{number}", what=step.what, owner=step.owner, due=step.due)
