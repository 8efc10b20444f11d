"""Next steps: planned, done, overdue, escalated."""

from datetime import datetime, timedelta

import pytest

from services.foundation.messages import Command, Event
from services.matching import next_step
from services.matching.contact_rules import ContactNotOpen
from services.matching.contract import (
    CompleteNextStep,
    FollowUpEscalated,
    FollowUpOverdue,
    FollowUpReminded,
    NextStepDone,
    PlanNextStep,
    ReachOtherwise,
    RemindOfStep,
    ReportOverdue,
)
from services.matching.next_step import FollowUpTimes, OpenStep, StepDueInThePast, StepDueTooFarAhead, StepNotYetDue
from services.matching.overdue import Undone, stage_reports
from services.matching.routes import routes
from tests.unit.matching.words import (
    ARRANGED,
    CALL,
    CLOSED,
    CONTACT,
    DAY,
    ELIGIBLE,
    HELD,
    HOUR,
    PROPOSAL,
    SCHEDULED,
    TALK_OVER,
    contact,
    planned,
)
from tests.unit.story import NOW, Story

WITH_CALL = (*ARRANGED, planned(4, CALL))
LATE = CALL.due + HOUR
TIMES = FollowUpTimes()
VERY_LATE = CALL.due + TIMES.escalate_to_head_after
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


def test_the_owner_is_reminded_before_a_step_is_due() -> None:
    soon = CALL.due - HOUR
    reminder = FollowUpReminded(step_id="step-4", owner="coordinator", due=CALL.due, as_of=soon)
    contact().given(*WITH_CALL).when(RemindOfStep(step_id="step-4", as_of=soon)).then(reminder)
    contact().given(*WITH_CALL, reminder).when(RemindOfStep(step_id="step-4", as_of=soon)).then_nothing()


def test_a_reminder_comes_neither_early_nor_late() -> None:
    for moment in (CALL.due - TIMES.remind_before - HOUR, CALL.due + HOUR):
        contact().given(*WITH_CALL).when(RemindOfStep(step_id="step-4", as_of=moment)).then_nothing()


def test_what_a_side_owes_goes_to_the_coordinator_and_then_to_the_head() -> None:
    story = contact().given(*ARRANGED, planned(4, WRITE))
    assert told_in(story, WRITE.due + 30 * DAY) == ["overdue", "coordinator", "head"]


def test_what_the_coordinator_owes_goes_to_the_deputy_where_there_is_one() -> None:
    with_deputy = PROPOSAL.model_copy(update={"deputy": "staff-2"})
    assert told_in(contact().given(with_deputy, planned(1, CALL)), CALL.due + 30 * DAY) == ["overdue", "deputy", "head"]
    assert told_in(contact().given(PROPOSAL, planned(1, CALL)), CALL.due + 30 * DAY) == ["overdue", "head"]


def test_each_stage_waits_for_its_time() -> None:
    story = contact().given(*ARRANGED, planned(4, WRITE))
    moments = (LATE, WRITE.due + TIMES.escalate_after - HOUR, WRITE.due + TIMES.escalate_after, VERY_LATE - HOUR, VERY_LATE)
    assert [len(told_in(story, moment)) for moment in moments] == [1, 0, 1, 0, 1]


def test_the_intervals_are_those_that_were_set() -> None:
    at_once = FollowUpTimes(2 * HOUR, timedelta(0), timedelta(0))
    story = Story(CONTACT, routes(lambda _: ELIGIBLE, times=at_once)).given(*ARRANGED, planned(4, WRITE))
    assert told_in(story, LATE) == ["overdue", "coordinator", "head"]
    assert contact_step(WITH_CALL).stage(CALL.due - 3 * HOUR, at_once, has_deputy=False) is None
    assert contact_step(WITH_CALL).stage(CALL.due - HOUR, at_once, has_deputy=False) == "reminder"
    never = FollowUpTimes(remind_before=timedelta(0))
    assert contact_step(WITH_CALL).stage(CALL.due, never, has_deputy=False) is None


def test_the_timer_asks_only_for_what_is_to_follow_and_was_not_told() -> None:
    steps = [
        Undone("contact-1", contact_step(WITH_CALL)),
        Undone("contact-2", contact_step((*WITH_CALL, OVERDUE))),
        Undone("contact-3", contact_step((*WITH_CALL, OVERDUE, ESCALATED))),
    ]
    assert [each.contact for each in stage_reports(steps, NOW, TIMES)] == []
    assert [each.contact for each in stage_reports(steps, LATE, TIMES)] == ["contact-1"]
    assert [each.contact for each in stage_reports(steps, VERY_LATE, TIMES)] == ["contact-1", "contact-2"]


def test_a_second_sweep_sends_the_same_command() -> None:
    steps = [Undone("contact-1", contact_step(WITH_CALL))]
    (one,) = stage_reports(steps, LATE, TIMES)
    (other,) = stage_reports(steps, LATE + HOUR, TIMES)
    assert one.command_id == other.command_id
    assert one.command == ReportOverdue(step_id="step-4", as_of=LATE)


def test_what_could_not_follow_is_asked_anew_the_day_after() -> None:
    steps = [Undone("contact-1", contact_step(WITH_CALL))]
    (one,) = stage_reports(steps, LATE, TIMES)
    (other,) = stage_reports(steps, LATE + DAY, TIMES)
    assert one.command_id != other.command_id


def contact_step(happened: tuple[Event, ...]) -> OpenStep:
    step: OpenStep = contact().given(*happened).aggregate.step
    return step


def told_in(story: Story, as_of: datetime) -> list[str]:
    """What follows at this moment, one stage after the other."""
    told: list[str] = []
    step_id = story.aggregate.step.step_id
    while happened := story.when(ReportOverdue(step_id=step_id, as_of=as_of)).events:
        assert len(happened) == 1
        told.append(next_step.stage_told(happened[0]))
    return told


def test_whoever_mails_do_not_reach_is_reached_in_another_way() -> None:
    reach = next_step.reach_otherwise("person", NOW)
    story = contact().given(*ARRANGED).when(ReachOtherwise(side="person"))
    story.then(planned(4, reach))
    assert (story.aggregate.step.owner, story.aggregate.step.due) == ("coordinator", NOW + next_step.REACH_TIME)
    story.when(ReachOtherwise(side="person"), at=NOW + HOUR).then_nothing()


def test_a_talk_that_one_side_has_not_heard_of_is_told_to_them_first() -> None:
    early = NOW - 10 * DAY
    reach = next_step.reach_otherwise("company", early)
    contact().given(*SCHEDULED).when(ReachOtherwise(side="company"), at=early).then(planned(5, reach))


@pytest.mark.parametrize(
    ("before", "at"), [(SCHEDULED, TALK_OVER - HOUR), (HELD, NOW), (CLOSED, NOW)], ids=["due sooner", "follow-up", "closed"]
)
def test_what_cannot_wait_keeps_its_place(before: tuple[Event, ...], at: datetime) -> None:
    contact().given(*before).when(ReachOtherwise(side="person"), at=at).then_nothing()
