"""What matching can be asked to do, and who decides it."""

from collections.abc import Callable, Iterator

from services.foundation.aggregate import Context, Decide, Route, Routes
from services.foundation.messages import Event
from services.matching.contact import Contact
from services.matching.contract import (
    AcceptContact,
    AgreeCooperation,
    AnswerNotice,
    ArrangeContact,
    CancelMeeting,
    CloseContact,
    CloseNotice,
    CompleteNextStep,
    DeclineContact,
    FollowUpMeeting,
    HideNotice,
    LetContactRest,
    MoveMeeting,
    PlanNextStep,
    PostNotice,
    ProposeContact,
    RecordMeetingHeld,
    RecordMeetingMissed,
    ReopenContact,
    ReportNotice,
    ReportOverdue,
    ScheduleMeeting,
    TakeUpAnswer,
)
from services.matching.eligibility import Eligibility
from services.matching.notice import Notice

EligibilityOf = Callable[[ProposeContact], Eligibility]
"""What both profiles say about a proposal, now. It may wait until matching has seen the versions that the sender has seen."""


def routes(eligibility_of: EligibilityOf) -> Routes:
    """The table. Proposing and reopening also need to know what other streams say."""
    return {
        ProposeContact: Route(Contact, _propose(eligibility_of), creates=True),
        AcceptContact: Route(Contact, Contact.accept),
        DeclineContact: Route(Contact, Contact.decline),
        ArrangeContact: Route(Contact, Contact.arrange),
        PlanNextStep: Route(Contact, Contact.plan_next_step),
        CompleteNextStep: Route(Contact, Contact.complete_next_step),
        ReportOverdue: Route(Contact, Contact.report_overdue),
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
        PostNotice: Route(Notice, Notice.post, creates=True),
        AnswerNotice: Route(Notice, Notice.answer),
        TakeUpAnswer: Route(Notice, _take_up(eligibility_of)),
        CloseNotice: Route(Notice, Notice.close),
        ReportNotice: Route(Notice, Notice.report),
        HideNotice: Route(Notice, Notice.hide),
    }


def _propose(eligibility_of: EligibilityOf) -> Decide:
    def decide(contact: Contact, command: ProposeContact, context: Context) -> Iterator[Event]:
        return contact.propose(command, context, eligibility_of(command))

    return decide


def _reopen(eligibility_of: EligibilityOf) -> Decide:
    def decide(contact: Contact, command: ReopenContact, context: Context) -> Iterator[Event]:
        return contact.reopen(command, context, eligibility_of(contact.as_proposed()))

    return decide


def _take_up(eligibility_of: EligibilityOf) -> Decide:
    def decide(notice: Notice, command: TakeUpAnswer, context: Context) -> Iterator[Event]:
        return notice.take_up(command, context, eligibility_of(proposal_of(command)))

    return decide


def proposal_of(command: TakeUpAnswer) -> ProposeContact:
    """What is proposed when an answer is taken up."""
    return ProposeContact.model_validate(command.model_dump(exclude={"answer_id"}))
