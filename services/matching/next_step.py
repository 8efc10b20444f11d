"""The next step of a contact: what is due by default, what may be planned, and when a late one is reported and escalated."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.foundation.aggregate import Refusal
from services.matching.contract import Step

ANSWER_TIME = timedelta(days=7)
"""How long the coordinator has, by default, for answers and appointments."""
FOLLOW_UP_TIME = timedelta(days=3)
"""How soon after a talk the coordinator records what follows from it."""
ESCALATE_AFTER = timedelta(days=3)
"""How long after its due date an open step that was reported goes to the head."""
PLANNING_HORIZON = timedelta(days=730)
"""How far ahead anything may be dated: what is due in ten years is due never."""


class StepDueInThePast(Refusal):
    """A next step lies ahead."""


class StepDueTooFarAhead(Refusal):
    """A step that is due beyond the planning horizon would let the contact die unnoticed."""


class StepNotYetDue(Refusal):
    """Only a step whose due date has passed is overdue."""


@dataclass(frozen=True, slots=True)
class OpenStep:
    """The open next step of a contact. ``reported`` and ``escalated``: both happen once."""

    step_id: str
    what: str
    owner: str
    due: datetime
    reported: bool = False
    escalated: bool = False

    def says(self, step: Step) -> bool:
        """Whether it already asks for the same."""
        return (self.what, self.owner, self.due) == (step.what, step.owner, step.due)

    def to_be_reported(self, as_of: datetime) -> bool:
        return not self.reported and as_of > self.due

    def to_be_escalated(self, as_of: datetime) -> bool:
        return self.reported and not self.escalated and as_of - self.due >= ESCALATE_AFTER


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


def follow_up(time: datetime) -> Step:
    """After a meeting held."""
    return _coordinator("Gespräch nachbereiten (follow up the talk)", time + FOLLOW_UP_TIME)


def _coordinator(what: str, due: datetime) -> Step:
    return Step(what=what, owner="coordinator", due=due)
