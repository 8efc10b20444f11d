"""A contact and its next step: their commands and events. All live in the stream of the contact."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from services.foundation.messages import Command, Event
from services.matching.contract.values import ClosingReason, Side, StaffId, Step, Words
from services.profiles.contract import CompanyId, NeedId, PersonId

SeenVersion = Annotated[int, Field(ge=0)]
"""Of a profile: matching waits until it has seen as much as who sends the command. The gateway fills it in."""


class ProposeContact(Command, type="matching.ProposeContact.v1"):
    """``person_version`` and ``company_version``: what the sender has seen of both profiles; matching waits until it has too.

    ``coordinator`` looks after the contact; the ``deputy``, where there is one, may do the same for them.
    """

    person_id: PersonId
    company_id: CompanyId
    need_id: NeedId
    coordinator: StaffId
    deputy: Annotated[str, StringConstraints(max_length=100)] = ""
    person_version: SeenVersion = 0
    company_version: SeenVersion = 0


class AcceptContact(Command, type="matching.AcceptContact.v1"):
    side: Side
    person_version: SeenVersion = 0
    company_version: SeenVersion = 0


class DeclineContact(Command, type="matching.DeclineContact.v1"):
    side: Side
    reason: Words


class ArrangeContact(Command, type="matching.ArrangeContact.v1"):
    """Both sides have accepted; names and ways to reach each other may now be exchanged.

    ``propose_dates``: and the platform proposes dates for the first talk to both.
    """

    next_step: Step | None = None
    propose_dates: bool = False
    person_version: SeenVersion = 0
    company_version: SeenVersion = 0


class PlanNextStep(Command, type="matching.PlanNextStep.v1"):
    """Replaces the open next step."""

    next_step: Step


class CompleteNextStep(Command, type="matching.CompleteNextStep.v1"):
    """The open next step is done; ``then`` is the one that follows."""

    then: Step


class ReportOverdue(Command, type="matching.ReportOverdue.v1"):
    """Sent by the timer: at ``as_of`` the step was still open and overdue. Reports it, or escalates what was reported."""

    step_id: str
    as_of: AwareDatetime


class RemindOfStep(Command, type="matching.RemindOfStep.v1"):
    """Sent by the timer: at ``as_of`` the step was still open and due soon."""

    step_id: str
    as_of: AwareDatetime


class AssignContact(Command, type="matching.AssignContact.v1"):
    """Who looks after the contact from now on, and who may stand in."""

    coordinator: StaffId
    deputy: Annotated[str, StringConstraints(max_length=100)] = ""


class ReachOtherwise(Command, type="matching.ReachOtherwise.v1"):
    """Mails to this side do not arrive: whoever looks after the contact reaches it in another way. Sent by notifications."""

    side: Side


class NoteSignOfLife(Command, type="matching.NoteSignOfLife.v1"):
    """Somebody of the contact wrote a message: the talk goes on. Sent by the process that follows threads."""

    message_id: str
    by: str
    at: AwareDatetime


class AgreeCooperation(Command, type="matching.AgreeCooperation.v1"):
    next_step: Step


class LetContactRest(Command, type="matching.LetContactRest.v1"):
    """Makes a contact dormant; sent by the withdrawal process when a consent ends."""

    reason: Words


class CloseContact(Command, type="matching.CloseContact.v1"):
    reason: ClosingReason


class ReopenContact(Command, type="matching.ReopenContact.v1"):
    next_step: Step
    person_version: SeenVersion = 0
    company_version: SeenVersion = 0


class ContactProposed(Event, type="matching.ContactProposed.v1"):
    person_id: str
    company_id: str
    need_id: str
    coordinator: str
    deputy: str = ""
    region: str = ""
    """The region of the person, so that the partner of that region can follow."""


class ContactAccepted(Event, type="matching.ContactAccepted.v1"):
    side: str


class ContactDeclined(Event, type="matching.ContactDeclined.v1"):
    side: str
    reason: str


class ContactArranged(Event, type="matching.ContactArranged.v1"):
    """``seek_date``: dates for the first talk are to be proposed to both."""

    seek_date: bool = False


class NextStepPlanned(Event, type="matching.NextStepPlanned.v1"):
    """``step_id`` is unique within the contact."""

    step_id: str
    what: str
    owner: str
    due: datetime


class NextStepDone(Event, type="matching.NextStepDone.v1"):
    step_id: str


class FollowUpOverdue(Event, type="matching.FollowUpOverdue.v1"):
    step_id: str
    owner: str
    due: datetime
    as_of: datetime


class FollowUpEscalated(Event, type="matching.FollowUpEscalated.v1"):
    """``to``: coordinator (of what a side owes), deputy (of what the coordinator owes), and at last head."""

    step_id: str
    to: str
    as_of: datetime


class CooperationAgreed(Event, type="matching.CooperationAgreed.v1"):
    pass


class ContactDormant(Event, type="matching.ContactDormant.v1"):
    reason: str


class ContactClosed(Event, type="matching.ContactClosed.v1"):
    reason: str


class ContactReopened(Event, type="matching.ContactReopened.v1"):
    """The contact begins anew: its state is ``proposed`` and both sides are asked again."""


class ContactAssigned(Event, type="matching.ContactAssigned.v1"):
    coordinator: str
    deputy: str = ""


class FollowUpReminded(Event, type="matching.FollowUpReminded.v1"):
    """The step is due soon."""

    step_id: str
    owner: str
    due: datetime
    as_of: datetime


class SignOfLifeNoted(Event, type="matching.SignOfLifeNoted.v1"):
    message_id: str
    by: str
    at: datetime
