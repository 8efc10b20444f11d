"""What matching can be asked to do, and who decides it."""

from collections.abc import Callable, Iterator
from functools import partial

from services.foundation.aggregate import Context, Decide, Route, Routes
from services.foundation.messages import Event
from services.matching.contact import Contact
from services.matching.contract import (
    AcceptContact,
    AgreeCooperation,
    ArrangeContact,
    CancelMeeting,
    CloseContact,
    CompleteNextStep,
    DeclineContact,
    FollowUpMeeting,
    LetContactRest,
    MoveMeeting,
    PlanNextStep,
    ProposeContact,
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


def routes(eligibility_of: EligibilityOf, times: FollowUpTimes = USUAL_TIMES) -> Routes:
    """The table. Proposing and reopening also need to know what other streams say; ``times``: when what follows from a step
    that stays undone."""
    return {
        ProposeContact: Route(Contact, _propose(eligibility_of), creates=True),
        AcceptContact: Route(Contact, Contact.accept),
        DeclineContact: Route(Contact, Contact.decline),
        ArrangeContact: Route(Contact, Contact.arrange),
        PlanNextStep: Route(Contact, Contact.plan_next_step),
        CompleteNextStep: Route(Contact, Contact.complete_next_step),
        RemindOfStep: Route(Contact, partial(Contact.remind, times=times)),
        ReportOverdue: Route(Contact, partial(Contact.report_overdue, times=times)),
        ScheduleMeeting: Route(Contact, Contact.schedule_meeting),
        MoveMeeting: Route(Contact, Contact.move_meeting),
        CancelMeeting: Route(Contact, Contact.cancel_meeting),
        RecordMeetingHeld: Route(Contact, Contact.record_meeting_held),
        RecordMeetingMissed: Route(Contact, Contact.record_meeting_missed),
        FollowUpMeeting: Route(Contact, Contact.follow_up_meeting),
        AgreeCooperation: Route(Contact, Contact.agree_cooperation),
        LetContactRest: Route(Contact, Contact.let_rest),
        CloseContact: Route(Contact, Contact.close),
        ReopenContact: Route(Contact, _reopen(eligibility_of)),
    }


def _propose(eligibility_of: EligibilityOf) -> Decide:
    def decide(contact: Contact, command: ProposeContact, context: Context) -> Iterator[Event]:
        return contact.propose(command, context, eligibility_of(command))

    return decide


def _reopen(eligibility_of: EligibilityOf) -> Decide:
    def decide(contact: Contact, command: ReopenContact, context: Context) -> Iterator[Event]:
        return contact.reopen(command, context, eligibility_of(contact.as_proposed()))

    return decide
