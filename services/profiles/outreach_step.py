"""The next step of an open prospect: what may be planned, and what is due where nobody has planned anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.foundation.aggregate import Refusal
from services.profiles.contract import OutreachStep

FIRST_APPROACH_WITHIN = timedelta(days=14)
"""Well within the month in which those must hear of it whose data was not collected from them (Art. 14 (3) GDPR)."""
OUTREACH_HORIZON = timedelta(days=365)
"""How far ahead a step may be dated: a prospect whose next step is years away was given up."""


class OutreachStepInThePast(Refusal):
    """A next step lies ahead."""


class OutreachStepTooFarAhead(Refusal):
    """A step that is due beyond the horizon would let the prospect be forgotten."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """The open next step of a prospect."""

    step_id: str
    what: str
    owner: str
    due: datetime

    def says(self, step: OutreachStep) -> bool:
        """Whether it already asks for the same. What is sealed anew counts as something else."""
        return (self.what, self.owner, self.due) == (step.what, step.owner, step.due)


def require_plannable(step: OutreachStep, time: datetime) -> None:
    """Raises OutreachStepInThePast or OutreachStepTooFarAhead."""
    if step.due <= time:
        raise OutreachStepInThePast("a next step must be due in the future", field="next_step.due")
    if step.due - time > OUTREACH_HORIZON:
        raise OutreachStepTooFarAhead("a next step must be due within a year", field="next_step.due")


def first_approach(owner: str, time: datetime) -> OutreachStep:
    """What is to be done with a prospect for whom nothing else was planned."""
    return OutreachStep(owner=owner, due=time + FIRST_APPROACH_WITHIN)
