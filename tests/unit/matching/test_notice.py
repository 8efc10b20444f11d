"""A notice: posted for a time, answered, taken up as a contact, reported, hidden, and at last expired."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.foundation.messages import Envelope, Event, Recorded
from services.matching.contract import (
    AnswerNotice,
    CloseNotice,
    HideNotice,
    NoticeAnswered,
    NoticeAnswerTakenUp,
    NoticeClosed,
    NoticeHidden,
    NoticePosted,
    NoticeReported,
    PostNotice,
    ProposeContact,
    ReportNotice,
    TakeUpAnswer,
)
from services.matching.eligibility import NeedNotOpen
from services.matching.notice import (
    AnswerAlreadyTakenUp,
    AnswerUnknown,
    ContactWithoutItsAuthors,
    NoticeAlreadyPosted,
    NoticeExpiresInThePast,
    NoticeNotOpen,
    NoticeRunsTooLong,
    NoticeStillRuns,
)
from services.matching.notice_process import closing_for_the_erased, late_closing, taking_up
from services.matching.notice_routes import notice_routes
from services.profiles.contract import ProfileErased
from tests.unit.matching.words import COMPANY, CONTACT, ELIGIBLE, NEED, PERSON, UUID
from tests.unit.story import COORDINATOR, NOW, Story

NOTICE, ANSWER, OTHER = f"notice-{UUID}7", f"answer-{UUID}8", f"answer-{UUID}9"
WEEK = timedelta(days=7)
SEALED = "sealed.v1.abc"

POST = PostNotice(
    kind="request",
    author=COMPANY,
    role="company",
    title=SEALED,
    body=SEALED,
    language="de",
    sectors=("agriculture",),
    target_markets=("UA",),
    expires_at=NOW + WEEK,
)
ANSWERING = AnswerNotice(answer_id=ANSWER, author=PERSON, role="person", body=SEALED, language="uk")
TAKING_UP = TakeUpAnswer(answer_id=ANSWER, person_id=PERSON, company_id=COMPANY, need_id=NEED, coordinator="staff-1")

POSTED: tuple[Event, ...] = (NoticePosted(**POST.model_dump()),)
ANSWERED = (*POSTED, NoticeAnswered(**ANSWERING.model_dump(), notice_author=COMPANY))
TAKEN_UP = NoticeAnswerTakenUp(**TAKING_UP.model_dump(), contact_id=CONTACT)


def notice(**known: bool) -> Story:
    return Story(NOTICE, notice_routes(lambda _: replace(ELIGIBLE, **known)))


def test_a_notice_is_posted_until_it_expires() -> None:
    notice().when(POST).then(*POSTED)


@pytest.mark.parametrize(
    ("after", "refusal"), [(timedelta(0), NoticeExpiresInThePast), (timedelta(days=184), NoticeRunsTooLong)]
)
def test_a_notice_runs_for_some_time_but_not_for_ever(after: timedelta, refusal: type) -> None:
    notice().when(POST.model_copy(update={"expires_at": NOW + after})).then_refused(refusal, "expires_at")


def test_a_notice_is_posted_once() -> None:
    notice().given(*POSTED).when(POST).then_refused(NoticeAlreadyPosted)


def test_an_answer_names_the_author_who_is_to_be_told() -> None:
    notice().given(*POSTED).when(ANSWERING).then(ANSWERED[-1])
    notice().given(*ANSWERED).when(ANSWERING).then_nothing()


@pytest.mark.parametrize("end", [NoticeClosed(reason="settled"), NoticeHidden(reason="spam")])
def test_what_has_ended_is_not_answered(end: Event) -> None:
    notice().given(*POSTED, end).when(ANSWERING).then_refused(NoticeNotOpen)


def test_what_has_expired_is_not_answered_even_before_that_is_written_down() -> None:
    notice().given(*POSTED).when(ANSWERING, at=NOW + WEEK).then_refused(NoticeNotOpen)


def test_a_notice_expires_in_its_time_and_once() -> None:
    expire = CloseNotice(reason="expired")
    notice().given(*POSTED).when(expire).then_refused(NoticeStillRuns, "reason")
    notice().given(*POSTED).when(expire, at=NOW + WEEK).then(NoticeClosed(reason="expired"))
    notice().given(*POSTED, NoticeClosed(reason="settled")).when(expire, at=NOW + WEEK).then_nothing()


def test_an_answer_becomes_a_contact_of_its_two_authors() -> None:
    notice().given(*ANSWERED).when(TAKING_UP).then(TAKEN_UP)
    notice().given(*ANSWERED, TAKEN_UP).when(TAKING_UP).then_nothing()
    another = TAKING_UP.model_copy(update={"need_id": f"need-{UUID}0"})
    notice().given(*ANSWERED, TAKEN_UP).when(another).then_refused(AnswerAlreadyTakenUp, "answer_id")


@pytest.mark.parametrize(("side", "id"), [("person_id", f"person-{UUID}0"), ("company_id", f"company-{UUID}0")])
def test_a_contact_is_not_made_of_somebody_else(side: str, id: str) -> None:
    notice().given(*ANSWERED).when(TAKING_UP.model_copy(update={side: id})).then_refused(ContactWithoutItsAuthors, side)


def test_who_answers_for_others_says_whom_the_contact_is_for() -> None:
    by_partner = ANSWERED[-1].model_copy(update={"role": "partner", "author": f"partner-{UUID}0"})
    notice().given(*POSTED, by_partner).when(TAKING_UP).then(TAKEN_UP)


def test_a_need_that_was_withdrawn_meanwhile_is_no_contact() -> None:
    notice(need_open=False).given(*ANSWERED).when(TAKING_UP).then_refused(NeedNotOpen, "need_id")


def test_an_answer_that_was_hidden_is_not_there_any_more() -> None:
    hide = HideNotice(reason="insult", answer_id=ANSWER)
    hidden = NoticeHidden(reason="insult", answer_id=ANSWER)
    notice().given(*ANSWERED).when(hide).then(hidden)
    notice().given(*ANSWERED, hidden).when(hide).then_nothing()
    notice().given(*ANSWERED, hidden).when(TAKING_UP).then_refused(AnswerUnknown, "answer_id")
    notice().given(*ANSWERED, hidden).when(ANSWERING).then_nothing()


def test_readers_report_once_what_staff_should_look_at() -> None:
    report = ReportNotice(by=PERSON, reason="spam", answer_id=ANSWER)
    reported = NoticeReported(by=PERSON, reason="spam", answer_id=ANSWER)
    notice().given(*ANSWERED).when(report).then(reported)
    notice().given(*ANSWERED, reported).when(report).then_nothing()
    notice().given(*ANSWERED).when(report.model_copy(update={"answer_id": OTHER})).then_refused(AnswerUnknown, "answer_id")


def recorded(event: Event, stream: str) -> Recorded:
    return Recorded(event, Envelope("event-1", stream, "matching", NOW, COORDINATOR, correlation_id="c", version=1))


def test_the_contact_is_proposed_when_an_answer_is_taken_up() -> None:
    [request] = taking_up(recorded(TAKEN_UP, NOTICE))
    assert request.stream == CONTACT
    assert request.command == ProposeContact(person_id=PERSON, company_id=COMPANY, need_id=NEED, coordinator="staff-1")


def test_what_an_erased_author_has_posted_is_taken_down() -> None:
    erased = ProfileErased.model_construct(erasure_id="erasure-1", kind="company", also=())
    requests = tuple(closing_for_the_erased({COMPANY: [NOTICE]}.__getitem__)(recorded(erased, COMPANY)))
    assert [(each.stream, each.command) for each in requests] == [(NOTICE, CloseNotice(reason="author_erased"))]


@pytest.mark.parametrize("erased", [True, False])
def test_what_is_posted_while_its_author_is_erased_is_taken_down(erased: bool) -> None:
    requests = tuple(late_closing({COMPANY: erased}.__getitem__)(recorded(POSTED[0], NOTICE)))
    assert [(each.stream, each.command) for each in requests] == [(NOTICE, CloseNotice(reason="author_erased"))] * erased
