"""Continuity: what the timer asks of contacts whose next step stays undone. It only looks and asks; the contact decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.foundation.aggregate import derived_id
from services.matching.contract import RemindOfStep, ReportOverdue
from services.matching.next_step import FollowUpTimes, OpenStep, Stage

ASKED_AGAIN = timedelta(days=1)
"""After this time the same is asked under a new id, in case that the contact could not follow when it was asked first."""


@dataclass(frozen=True, slots=True)
class Undone:
    """An open step, the id of its contact, and whether somebody may stand in for the coordinator there."""

    contact: str
    step: OpenStep
    has_deputy: bool = False


@dataclass(frozen=True, slots=True)
class StageReport:
    """A command for the stream of a contact. Its id follows from the step and the stage, so that sweeps do not add up."""

    contact: str
    command: RemindOfStep | ReportOverdue
    command_id: str


def stage_reports(steps: Iterable[Undone], as_of: datetime, times: FollowUpTimes) -> Iterator[StageReport]:
    """What is to follow at this moment, of each step at most one stage."""
    for each in steps:
        stage = each.step.stage(as_of, times, has_deputy=each.has_deputy)
        if stage:
            yield _report(each, stage, as_of, times)


def _report(undone: Undone, stage: Stage, as_of: datetime, times: FollowUpTimes) -> StageReport:
    step = undone.step
    reminder, report = RemindOfStep(step_id=step.step_id, as_of=as_of), ReportOverdue(step_id=step.step_id, as_of=as_of)
    asked_before = (as_of - times.start_of(stage, step.due)) // ASKED_AGAIN
    command_id = derived_id("follow-up", stage, undone.contact, step.step_id, str(asked_before))
    return StageReport(undone.contact, reminder if stage == "reminder" else report, command_id)
