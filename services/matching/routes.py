"""What matching can be asked to do, and who decides it."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from services.foundation.aggregate import Context, Decide, Route, Routes
from services.foundation.messages import Command, Event
from services.matching.clashes import NEVER_BUSY, Busy, BusyOf
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
)
from services.matching.eligibility import Eligibility
from services.matching.next_step import FollowUpTimes

EligibilityOf = Callable[[ProposeContact], Eligibility]
"""What both profiles say about a proposal, now. It may wait until matching has seen the versions that the sender has seen."""


USUAL_TIMES = FollowUpTimes()

JudgedCommand = AcceptContact | ArrangeContact | ReopenContact

Judged = Callable[[Contact, Any, Context, Eligibility], Iterable[Event]]
"""A verb of the contact that needs to know what both profiles say about the proposal."""

Clashing = Callable[[Contact, Any, Context, Busy], Iterable[Event]]
"""A verb of the contact that needs to know when its sides are busy elsewhere."""


def never_busy(*_: str) -> Busy:
    return NEVER_BUSY


def routes(eligibility_of: EligibilityOf, busy_of: BusyOf = never_busy, times: FollowUpTimes = USUAL_TIMES) -> Routes:
    """The table. Proposing, answering and reopening also need to know what other streams say; so does agreeing on a time.
    ``times``: when what follows from a step that stays undone."""
    return {
        ProposeContact: Route(Contact, _propose(eligibility_of), creates=True),
        AcceptContact: Route(Contact, _judged(eligibility_of, Contact.accept)),
        DeclineContact: Route(Contact, Contact.decline),
        ArrangeContact: Route(Contact, _judged(eligibility_of, Contact.arrange)),
        ReachOtherwise: Route(Contact, Contact.reach_otherwise),
        AssignContact: Route(Contact, Contact.assign),
        PlanNextStep: Route(Contact, Contact.plan_next_step),
        CompleteNextStep: Route(Contact, Contact.complete_next_step),
        RemindOfStep: Route(Contact, partial(Contact.remind, times=times)),
        ReportOverdue: Route(Contact, partial(Contact.report_overdue, times=times)),
        ScheduleMeeting: Route(Contact, _timed(busy_of, Contact.schedule_meeting)),
        MoveMeeting: Route(Contact, _timed(busy_of, Contact.move_meeting)),
        CancelMeeting: Route(Contact, Contact.cancel_meeting),
        RecordMeetingHeld: Route(Contact, Contact.record_meeting_held),
        RecordMeetingMissed: Route(Contact, Contact.record_meeting_missed),
        FollowUpMeeting: Route(Contact, _timed(busy_of, Contact.follow_up_meeting)),
        ProposeDates: Route(Contact, Contact.propose_dates),
        ChooseDate: Route(Contact, _timed(busy_of, Contact.choose_date)),
        DeclineDates: Route(Contact, Contact.decline_dates),
        LapseDates: Route(Contact, Contact.lapse_dates),
        AgreeCooperation: Route(Contact, Contact.agree_cooperation),
        LetContactRest: Route(Contact, Contact.let_rest),
        CloseContact: Route(Contact, Contact.close),
        NoteSignOfLife: Route(Contact, Contact.note_sign_of_life),
        ReopenContact: Route(Contact, _judged(eligibility_of, Contact.reopen)),
    }


def _propose(eligibility_of: EligibilityOf) -> Decide:
    def decide(contact: Contact, command: ProposeContact, context: Context) -> Iterator[Event]:
        return contact.propose(command, context, eligibility_of(command))

    return decide


def _judged(eligibility_of: EligibilityOf, verb: Judged) -> Decide:
    """The verb, told what both profiles say about the proposal by now."""

    def decide(contact: Contact, command: JudgedCommand, context: Context) -> Iterable[Event]:
        proposal = contact.as_proposed(command.person_version, command.company_version)
        return verb(contact, command, context, eligibility_of(proposal))

    return decide


def _timed(busy_of: BusyOf, verb: Clashing) -> Decide:
    """The verb, told when both sides are busy elsewhere."""

    def decide(contact: Contact, command: Command, context: Context) -> Iterable[Event]:
        proposal = contact.proposal
        busy = busy_of(contact.stream, proposal.person_id, proposal.company_id) if proposal else NEVER_BUSY
        return verb(contact, command, context, busy)

    return decide
