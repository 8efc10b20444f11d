"""The next step of a contact: what is due by default, what may be planned, and what follows while it stays undone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from services.foundation.aggregate import Refusal
from services.matching.contract import FollowUpEscalated, FollowUpOverdue, FollowUpReminded, Side, Step

ANSWER_TIME = timedelta(days=7)
"""How long the coordinator has, by default, for answers and appointments."""
FOLLOW_UP_TIME = timedelta(days=3)
"""How soon after a talk the coordinator records what follows from it."""
REACH_TIME = timedelta(days=2)
"""How soon whoever was not reached by mail is to be reached in another way."""
UNREACHED: Mapping[Side, str] = {
    "person": "Die Person anders erreichen, Mails kommen nicht an (reach the person in another way, mails fail)",
    "company": "Das Unternehmen anders erreichen, Mails kommen nicht an (reach the company in another way, mails fail)",
}
FOLLOW_UP = "Gespräch nachbereiten (follow up the talk)"
PLANNING_HORIZON = timedelta(days=730)
"""How far ahead anything may be dated: what is due in ten years is due never."""


Stage = Literal["reminder", "overdue", "coordinator", "deputy", "head"]
"""What follows next from a step that stays undone; the last three name whom it is escalated to."""


MARKS: Mapping[Stage, str] = {
    "reminder": "reminded",
    "overdue": "reported",
    "coordinator": "raised",
    "deputy": "raised",
    "head": "escalated",
}
"""The mark that each stage leaves on the step, so that it comes once."""


class StepDueInThePast(Refusal):
    """A next step lies ahead."""


class StepDueTooFarAhead(Refusal):
    """A step that is due beyond the planning horizon would let the contact die unnoticed."""


class StepNotYetDue(Refusal):
    """Only a step whose due date has passed is overdue."""


@dataclass(frozen=True, slots=True)
class FollowUpTimes:
    """When what follows from a step that stays undone: the reminder before it is due, none where that is zero; both
    escalations after."""

    remind_before: timedelta = timedelta(days=1)
    escalate_after: timedelta = timedelta(days=1)
    escalate_to_head_after: timedelta = timedelta(days=3)

    def start_of(self, stage: Stage, due: datetime) -> datetime:
        """The moment from which on this stage is to follow."""
        match stage:
            case "reminder":
                return due - self.remind_before
            case "overdue":
                return due
            case "coordinator" | "deputy":
                return due + self.escalate_after
            case "head":
                return due + self.escalate_to_head_after


@dataclass(frozen=True, slots=True)
class OpenStep:
    """The open next step of a contact. ``reminded``, ``reported``, ``raised`` (to the coordinator or the deputy) and
    ``escalated`` (to the head): each happens once."""

    step_id: str
    what: str
    owner: str
    due: datetime
    reminded: bool = False
    reported: bool = False
    raised: bool = False
    escalated: bool = False

    def says(self, step: Step) -> bool:
        """Whether it already asks for the same."""
        return (self.what, self.owner, self.due) == (step.what, step.owner, step.due)

    def gives_way_to(self, step: Step) -> bool:
        """Whether a step that nobody asked for may take its place: only of what can wait, never of a follow-up."""
        return step.due < self.due and self.what not in (FOLLOW_UP, step.what)

    def after(self, stage: Stage) -> "OpenStep":
        """The step once this has been told."""
        mark: dict[str, Any] = {MARKS[stage]: True}
        return replace(self, **mark)

    def stage(self, as_of: datetime, times: FollowUpTimes, *, has_deputy: bool) -> Stage | None:
        """What is to follow by now. One stage comes after the other, however late it is; only a reminder that was not sent
        before the step was due is sent no more."""
        following = self._following(as_of, times, has_deputy)
        begun = following == "overdue" or (following is not None and as_of >= times.start_of(following, self.due))
        return following if begun else None

    def _following(self, as_of: datetime, times: FollowUpTimes, has_deputy: bool) -> Stage | None:
        if not self.reported:
            if as_of > self.due:
                return "overdue"
            return "reminder" if times.remind_before and not self.reminded else None
        if self.escalated:
            return None
        return self._between(has_deputy) or "head"

    def _between(self, has_deputy: bool) -> Stage | None:
        """Who hears of it before the head: the coordinator of what a side owes, the deputy of what the coordinator owes."""
        if self.raised or self.owner == "head":
            return None
        if self.owner == "coordinator":
            return "deputy" if has_deputy else None
        return "coordinator"


def stage_told(event: FollowUpReminded | FollowUpOverdue | FollowUpEscalated) -> Stage:
    """Which stage this event tells of. Whoever it was escalated to before there were stages in between was the head."""
    match event:
        case FollowUpReminded():
            return "reminder"
        case FollowUpOverdue():
            return "overdue"
        case FollowUpEscalated(to="coordinator"):
            return "coordinator"
        case FollowUpEscalated(to="deputy"):
            return "deputy"
        case _:
            return "head"


def require_plannable(step: Step, time: datetime, field: str) -> None:
    """Raises StepDueInThePast or StepDueTooFarAhead, blaming the due date of this field of the command."""
    if step.due <= time:
        raise StepDueInThePast("a next step must be due in the future", field=f"{field}.due")
    if step.due - time > PLANNING_HORIZON:
        raise StepDueTooFarAhead("a next step must be due within two years", field=f"{field}.due")


def get_answers(time: datetime) -> Step:
    """After the proposal."""
    return _coordinator("Antworten beider Seiten einholen (answer of both sides)", time + ANSWER_TIME)


def arrange(time: datetime) -> Step:
    """After both sides have accepted."""
    return _coordinator("Beide Seiten miteinander bekannt machen (arrange the contact)", time + ANSWER_TIME)


def find_first_date(time: datetime) -> Step:
    """After the arrangement."""
    return _coordinator("Termin für das Erstgespräch finden (find a date for the first talk)", time + ANSWER_TIME)


def hold_talk(ends_at: datetime) -> Step:
    """While a meeting is scheduled: due at its end, for by then it is held, missed or moved."""
    return _coordinator("Gespräch führen (hold the talk)", ends_at)


def find_new_date(time: datetime) -> Step:
    """After a meeting that did not take place."""
    return _coordinator("Neuen Termin finden (find a new date)", time + ANSWER_TIME)


def reach_otherwise(side: Side, time: datetime) -> Step:
    """After mails to a side were given up, or came back."""
    return _coordinator(UNREACHED[side], time + REACH_TIME)


def follow_up(time: datetime) -> Step:
    """After a meeting held."""
    return _coordinator(FOLLOW_UP, time + FOLLOW_UP_TIME)


def _coordinator(what: str, due: datetime) -> Step:
    return Step(what=what, owner="coordinator", due=due)
