"""Continuity: which open steps the timer reports. It only looks and asks; the contact decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.foundation.aggregate import derived_id
from services.matching.contract import ReportOverdue
from services.matching.next_step import OpenStep


@dataclass(frozen=True, slots=True)
class OverdueReport:
    """A command for the stream of a contact. Its id follows from the step and the stage, so that sweeps do not add up."""

    contact: str
    command: ReportOverdue
    command_id: str


def overdue_reports(steps: Iterable[tuple[str, OpenStep]], as_of: datetime) -> Iterator[OverdueReport]:
    """What is to be reported at this moment, from pairs of a contact's id and its open step."""
    for contact, step in steps:
        stage = _stage(step, as_of)
        if stage:
            command = ReportOverdue(step_id=step.step_id, as_of=as_of)
            yield OverdueReport(contact, command, derived_id(stage, contact, step.step_id))


def _stage(step: OpenStep, as_of: datetime) -> str:
    if step.to_be_reported(as_of):
        return "overdue"
    return "escalated" if step.to_be_escalated(as_of) else ""
