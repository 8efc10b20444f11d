"""Threads: who may write, withdraw, report, hide and read, and when nothing new is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.messages import Command, Event
from services.matching.contract import (
    HideMessage,
    MarkThreadRead,
    Membership,
    MessageHidden,
    MessagePosted,
    MessageReported,
    MessageWithdrawn,
    PostMessage,
    ReportMessage,
    ThreadRead,
    WithdrawMessage,
    thread_stream,
)
from services.matching.thread import (
    MessageAlreadyPosted,
    MessageIsGone,
    MessageOfSomebodyElse,
    MessageUnknown,
    NotOfThisThread,
    RepliedMessageUnknown,
    Thread,
    ThreadBelongsToAnotherStream,
    ThreadIsClosed,
    ThreadSubjectUnknown,
)
from services.matching.thread_routes import thread_routes
from tests.unit.matching.words import COMPANY, CONTACT, PERSON
from tests.unit.story import Story

UUID = "00000000-0000-4000-8000-0000000000"
STRANGER = f"person-{UUID}99"
OPEN = Membership(known=True, open=True, members=frozenset({PERSON, COMPANY, "staff-1", "deputy-1"}))
CLOSED = Membership(known=True, open=False, members=OPEN.members)


def id(number: int) -> str:
    return f"message-{UUID}{number:02}"


def thread(members: Membership = OPEN, topic: str = "") -> Story:
    return Story(thread_stream(CONTACT, topic), thread_routes(lambda subject, version: members))


def post(number: int = 1, author: str = PERSON, role: str = "person", **fields: object) -> PostMessage:
    about = {"message_id": id(number), "subject": CONTACT, "author": author, "role": role}
    return PostMessage.model_validate(about | {"body": "sealed.v1.abc", "language": "de"} | fields)


def posted(number: int = 1, author: str = PERSON, role: str = "person", **fields: object) -> MessagePosted:
    about = {"message_id": id(number), "subject": CONTACT, "author": author, "role": role}
    return MessagePosted.model_validate(about | {"body": "sealed.v1.abc", "language": "de"} | fields)


def report(by: str = COMPANY, role: str = "company") -> ReportMessage:
    return ReportMessage.model_validate({"message_id": id(1), "by": by, "role": role, "reason": "spam"})


def hide(by: str = "staff-1", role: str = "coordinator") -> HideMessage:
    return HideMessage.model_validate({"message_id": id(1), "by": by, "role": role, "reason": "spam"})


def read(number: int, reader: str = COMPANY, role: str = "company") -> MarkThreadRead:
    return MarkThreadRead.model_validate({"reader": reader, "role": role, "message_id": id(number)})


@pytest.mark.parametrize(
    ("author", "role"),
    [(PERSON, "person"), (COMPANY, "company"), ("staff-1", "coordinator"), ("deputy-1", "coordinator"), ("boss", "head")],
)
def test_both_sides_the_coordinator_the_deputy_and_heads_write(author: str, role: str) -> None:
    thread().when(post(author=author, role=role)).then(posted(author=author, role=role))


@pytest.mark.parametrize(("author", "role"), [(STRANGER, "person"), ("staff-9", "coordinator")])
def test_nobody_else_writes_reports_hides_or_reads(author: str, role: str) -> None:
    thread().when(post(author=author, role=role)).then_refused(NotOfThisThread)
    thread().given(posted()).when(report(author, role)).then_refused(NotOfThisThread)
    thread().given(posted()).when(read(1, author, role)).then_refused(NotOfThisThread)
    thread().given(posted()).when(hide("staff-9")).then_refused(NotOfThisThread)


def test_where_nothing_is_there_is_no_thread() -> None:
    thread(Membership()).when(post()).then_refused(ThreadSubjectUnknown)


def test_in_a_contact_that_has_ended_nothing_new_is_written_but_it_is_read_and_withdrawn() -> None:
    thread(CLOSED).when(post()).then_refused(ThreadIsClosed)
    thread(CLOSED).given(posted()).when(read(1)).then(ThreadRead(reader=COMPANY, message_id=id(1)))
    thread(CLOSED).given(posted()).when(WithdrawMessage(message_id=id(1), author=PERSON)).then(
        MessageWithdrawn(message_id=id(1))
    )


def test_a_topic_has_a_thread_of_its_own() -> None:
    topic = "sealed.v1.topic"
    thread(topic=topic).when(post(topic=topic)).then(posted(topic=topic))
    thread().when(post(topic=topic)).then_refused(ThreadBelongsToAnotherStream)


def test_a_reply_names_an_earlier_message_of_the_thread() -> None:
    thread().given(posted(1)).when(post(2, reply_to=id(1))).then(posted(2, reply_to=id(1)))
    thread().given(posted(1)).when(post(2, reply_to=id(7))).then_refused(RepliedMessageUnknown, "reply_to")


def test_an_id_stands_for_one_message() -> None:
    thread().given(posted(1)).when(post(1)).then_refused(MessageAlreadyPosted)


def test_only_its_author_withdraws_a_message_and_once_is_enough() -> None:
    story = thread().given(posted())
    story.when(WithdrawMessage(message_id=id(1), author=COMPANY)).then_refused(MessageOfSomebodyElse)
    story.when(WithdrawMessage(message_id=id(1), author=PERSON)).then(MessageWithdrawn(message_id=id(1)))
    story.when(WithdrawMessage(message_id=id(1), author=PERSON)).then_nothing()
    story.when(WithdrawMessage(message_id=id(5), author=PERSON)).then_refused(MessageUnknown)


def test_a_message_is_reported_once_by_each_member_and_hidden_once() -> None:
    story = thread().given(posted())
    story.when(report()).then(MessageReported(message_id=id(1), subject=CONTACT, by=COMPANY, reason="spam"))
    story.when(report()).then_nothing()
    story.when(hide()).then(MessageHidden(message_id=id(1), reason="spam"))
    story.when(hide()).then_nothing()
    story.when(report("staff-1", "coordinator")).then_refused(MessageIsGone)


def test_an_attachment_is_named_as_it_was_uploaded() -> None:
    attachment = {
        "attachment_id": f"attachment-{UUID}01",
        "name": "sealed.v1.abc",
        "media_type": "application/pdf",
        "size": 3,
    }
    thread().when(post(attachments=(attachment,))).then(posted(attachments=(attachment,)))
    with pytest.raises(ValueError, match="at most 5"):
        post(attachments=(attachment,) * 6)


marks = st.tuples(st.sampled_from([PERSON, COMPANY]), st.integers(1, 6))


@given(st.lists(marks, max_size=30))
def test_read_marks_only_go_forward_and_each_reader_has_their_own(asked: list[tuple[str, int]]) -> None:
    story = thread().given(*(posted(number) for number in range(1, 7)))
    furthest: dict[str, int] = {}
    for reader, number in asked:
        expected: tuple[Event, ...] = ()
        if number > furthest.get(reader, 0):
            furthest[reader] = number
            expected = (ThreadRead(reader=reader, message_id=id(number)),)
        story.when(read(number, reader, reader.partition("-")[0])).then(*expected)
    assert story.aggregate.read == furthest


commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(post, st.integers(1, 6), st.just(PERSON)),
    st.builds(lambda number: WithdrawMessage(message_id=id(number), author=PERSON), st.integers(1, 6)),
    st.builds(read, st.integers(1, 6)),
    st.just(report()),
    st.just(hide()),
)


@given(st.lists(commands, max_size=40))
def test_whatever_is_asked_messages_keep_their_order_and_a_gone_one_stays_gone(asked: list[Command]) -> None:
    story, gone, happened = thread(), set[str](), list[Event]()
    for command in asked:
        story.when(command)
        happened.extend(story.events)
        now: Thread = story.aggregate
        assert [each.number for each in now.messages.values()] == list(range(1, len(now.messages) + 1))
        gone |= {name for name, each in now.messages.items() if each.gone}
        assert all(now.messages[name].gone for name in gone)
    again = Thread(thread_stream(CONTACT)).fold(happened)
    assert (again.messages, again.read) == (story.aggregate.messages, story.aggregate.read)
