"""A thread: the messages of one topic within a contact or a workshop. What they say is sealed, and nothing here reads it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from services.foundation.aggregate import Aggregate, Context, Refusal
from services.foundation.messages import Event
from services.matching.contract import (
    Attachment,
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

MOST_MESSAGES = 5_000
"""So many messages one thread takes; whoever has more to say begins a further topic."""

MembershipOf = Callable[[str, int], Membership]
"""Who belongs to this contact or workshop, as of at least this version of it."""


class ThreadBelongsToAnotherStream(Refusal):
    """The stream of a thread follows from its contact or workshop and its topic."""


class NotOfThisThread(Refusal):
    """Only who belongs to the contact or workshop reads and writes its messages."""


class ThreadSubjectUnknown(Refusal):
    """Matching knows no such contact or workshop."""


class ThreadIsClosed(Refusal):
    """In a contact that rests or has ended, and in a workshop that was cancelled, nothing new is written."""


class ThreadIsFull(Refusal):
    """The thread has as many messages as it can take."""


class MessageUnknown(Refusal):
    """There is no such message in this thread."""


class RepliedMessageUnknown(Refusal):
    """What is replied to is not in this thread."""


class MessageAlreadyPosted(Refusal):
    """This id stands for another message."""


class MessageOfSomebodyElse(Refusal):
    """Only its author withdraws a message."""


class MessageIsGone(Refusal):
    """The message was withdrawn or hidden."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of the thread: its place in it from 1, whose it is, and whether anybody can still read it."""

    number: int
    author: str
    gone: bool = False
    reported_by: frozenset[str] = frozenset()


class Thread(Aggregate):
    """``read``: by reader, the number of the message up to which they have read."""

    category = "thread"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.subject = ""
        self.messages: dict[str, Posted] = {}
        self.read: dict[str, int] = {}

    def post(self, command: PostMessage, _: Context, members_of: MembershipOf) -> Iterator[Event]:
        if self.stream != thread_stream(command.subject, command.topic):
            raise ThreadBelongsToAnotherStream("this is not the thread of that contact or workshop and topic")
        members = members_of(command.subject, command.subject_version)
        _require_member(members, command.author, command.role)
        if not members.open:
            raise ThreadIsClosed("nothing new can be written here: the contact rests or has ended, or the workshop is off")
        if command.message_id in self.messages:
            raise MessageAlreadyPosted("there is a message with this id")
        if len(self.messages) >= MOST_MESSAGES:
            raise ThreadIsFull(f"a thread has {MOST_MESSAGES} messages at most; begin another topic")
        if command.reply_to is not None and command.reply_to not in self.messages:
            raise RepliedMessageUnknown("there is no such message in this thread to reply to", field="reply_to")
        attachments = tuple(Attachment.model_validate(each.model_dump()) for each in command.attachments)
        fields = command.model_dump(exclude={"attachments", "subject_version"})
        yield MessagePosted(**fields, attachments=attachments)

    def withdraw(self, command: WithdrawMessage, _: Context) -> Iterator[Event]:
        message = self._message(command.message_id)
        if message.author != command.author:
            raise MessageOfSomebodyElse("only its author can withdraw a message")
        if not message.gone:
            yield MessageWithdrawn(message_id=command.message_id)

    def report(self, command: ReportMessage, _: Context, members_of: MembershipOf) -> Iterator[Event]:
        """Who has reported a message need not do so twice."""
        message = self._message(command.message_id)
        _require_member(members_of(self.subject, 0), command.by, command.role)
        if message.gone:
            raise MessageIsGone("the message was withdrawn or hidden already")
        if command.by not in message.reported_by:
            fields = command.model_dump(include={"message_id", "by", "reason"})
            yield MessageReported(**fields, subject=self.subject)

    def hide(self, command: HideMessage, _: Context, members_of: MembershipOf) -> Iterator[Event]:
        message = self._message(command.message_id)
        _require_member(members_of(self.subject, 0), command.by, command.role)
        if not message.gone:
            yield MessageHidden(message_id=command.message_id, reason=command.reason)

    def mark_read(self, command: MarkThreadRead, _: Context, members_of: MembershipOf) -> Iterator[Event]:
        """Marks go forward only: to have read less than before changes nothing."""
        message = self._message(command.message_id)
        _require_member(members_of(self.subject, 0), command.reader, command.role)
        if message.number > self.read.get(command.reader, 0):
            yield ThreadRead(reader=command.reader, message_id=command.message_id)

    def apply(self, event: Event) -> None:
        match event:
            case MessagePosted():
                self.subject = event.subject
                self.messages[event.message_id] = Posted(len(self.messages) + 1, event.author)
            case MessageWithdrawn() | MessageHidden():
                self.messages[event.message_id] = replace(self.messages[event.message_id], gone=True)
            case MessageReported():
                message = self.messages[event.message_id]
                self.messages[event.message_id] = replace(message, reported_by=message.reported_by | {event.by})
            case ThreadRead():
                self.read[event.reader] = self.messages[event.message_id].number

    def _message(self, message_id: str) -> Posted:
        message = self.messages.get(message_id)
        if message is None:
            raise MessageUnknown("there is no such message in this thread")
        return message


def _require_member(members: Membership, id: str, role: str) -> None:
    if not members.known:
        raise ThreadSubjectUnknown("there is no such contact or workshop")
    if not members.includes(id, role):
        raise NotOfThisThread("only who belongs to the contact or workshop takes part in its messages")
