"""Next steps: planned, done, overdue, escalated."""

import pytest

from services.foundation.messages import Command
from services.matching.contact import ContactNotOpen
from services.matching.contract import (
    CompleteNextStep,
    FollowUpEscalated,
    FollowUpOverdue,
    NextStepDone,
    PlanNextStep,
    ReportOverdue,
)
from services.matching.next_step import ESCALATE_AFTER, StepDueInThePast, StepDueTooFarAhead, StepNotYetDue
from services.matching.overdue import overdue_reports
from tests.unit.matching.words import ARRANGED, CALL, CLOSED, DAY, HOUR, contact, planned
from tests.unit.story import NOW

WITH_CALL = (*ARRANGED, planned(4, CALL))
LATE = CALL.due + HOUR
VERY_LATE = CALL.due + ESCALATE_AFTER
OVERDUE = FollowUpOverdue(step_id="step-4", owner="coordinator", due=CALL.due, as_of=LATE)
ESCALATED = FollowUpEscalated(step_id="step-4", to="head", as_of=VERY_LATE)
WRITE = CALL.model_copy(update={"what": "Write to the person", "owner": "company"})


def test_a_planned_step_replaces_the_open_one() -> None:
    story = contact().given(*ARRANGED).when(PlanNextStep(next_step=CALL))
    story.then(planned(4, CALL))
    assert story.aggregate.step.says(CALL)


def test_planning_the_open_step_again_changes_nothing() -> None:
    contact().given(*WITH_CALL).when(PlanNextStep(next_step=CALL)).then_nothing()


def test_a_step_is_done_and_another_follows() -> None:
    contact().given(*WITH_CALL).when(CompleteNextStep(then=WRITE)).then(NextStepDone(step_id="step-4"), planned(5, WRITE))


def test_what_is_done_may_have_to_be_done_again() -> None:
    contact().given(*WITH_CALL).when(CompleteNextStep(then=CALL)).then(NextStepDone(step_id="step-4"), planned(5, CALL))


@pytest.mark.parametrize("late", [NOW, NOW - DAY])
def test_a_next_step_lies_ahead(late: object) -> None:
    past = CALL.model_copy(update={"due": late})
    contact().given(*ARRANGED).when(PlanNextStep(next_step=past)).then_refused(StepDueInThePast, field="next_step.due")
    contact().given(*ARRANGED).when(CompleteNextStep(then=past)).then_refused(StepDueInThePast, field="then.due")


def test_a_next_step_is_not_put_off_for_years() -> None:
    never = CALL.model_copy(update={"due": NOW + 731 * DAY})
    contact().given(*ARRANGED).when(PlanNextStep(next_step=never)).then_refused(StepDueTooFarAhead, field="next_step.due")


@pytest.mark.parametrize("command", [PlanNextStep(next_step=CALL), CompleteNextStep(then=CALL)])
def test_a_closed_contact_has_no_next_step(command: Command) -> None:
    contact().given(*CLOSED).when(command).then_refused(ContactNotOpen)


def test_a_late_step_is_reported() -> None:
    contact().given(*WITH_CALL).when(ReportOverdue(step_id="step-4", as_of=LATE)).then(OVERDUE)


def test_a_late_step_is_reported_once() -> None:
    contact().given(*WITH_CALL, OVERDUE).when(ReportOverdue(step_id="step-4", as_of=LATE + DAY)).then_nothing()


def test_a_step_that_stays_late_goes_to_the_head() -> None:
    contact().given(*WITH_CALL, OVERDUE).when(ReportOverdue(step_id="step-4", as_of=VERY_LATE)).then(ESCALATED)


def test_the_first_report_does_not_escalate_however_late_it_comes() -> None:
    story = contact().given(*WITH_CALL).when(ReportOverdue(step_id="step-4", as_of=VERY_LATE))
    story.then(OVERDUE.model_copy(update={"as_of": VERY_LATE}))


def test_a_step_goes_to_the_head_once() -> None:
    story = contact().given(*WITH_CALL, OVERDUE, ESCALATED)
    story.when(ReportOverdue(step_id="step-4", as_of=VERY_LATE + DAY)).then_nothing()


def test_a_step_that_is_not_due_is_not_overdue() -> None:
    refused = contact().given(*WITH_CALL).when(ReportOverdue(step_id="step-4", as_of=CALL.due))
    refused.then_refused(StepNotYetDue, field="as_of")


def test_a_report_on_a_step_that_is_over_comes_too_late() -> None:
    contact().given(*WITH_CALL).when(ReportOverdue(step_id="step-3", as_of=LATE)).then_nothing()
    contact().given(*CLOSED).when(ReportOverdue(step_id="step-3", as_of=LATE)).then_nothing()


def test_a_new_step_is_reported_afresh() -> None:
    story = contact().given(*WITH_CALL, OVERDUE, planned(5, WRITE))
    story.when(ReportOverdue(step_id="step-5", as_of=LATE))
    story.then(FollowUpOverdue(step_id="step-5", owner="company", due=WRITE.due, as_of=LATE))


def test_the_timer_asks_only_for_what_is_late_and_not_yet_said() -> None:
    step = contact().given(*WITH_CALL).aggregate.step
    told = contact().given(*WITH_CALL, OVERDUE).aggregate.step
    escalated = contact().given(*WITH_CALL, OVERDUE, ESCALATED).aggregate.step
    steps = [("contact-1", step), ("contact-2", told), ("contact-3", escalated)]
    assert [each.contact for each in overdue_reports(steps, NOW)] == []
    assert [each.contact for each in overdue_reports(steps, LATE)] == ["contact-1"]
    assert [each.contact for each in overdue_reports(steps, VERY_LATE)] == ["contact-1", "contact-2"]


def test_a_second_sweep_sends_the_same_command() -> None:
    step = contact().given(*WITH_CALL).aggregate.step
    (one,) = overdue_reports([("contact-1", step)], LATE)
    (other,) = overdue_reports([("contact-1", step)], LATE + HOUR)
    assert one.command_id == other.command_id
    assert one.command == ReportOverdue(step_id="step-4", as_of=LATE)
