"""Threads: the messages within a contact or a workshop. Their commands and events, each thread a stream ``thread-…``.

What somebody writes is sealed by the gateway twice, with the key of its author and with that of the contact's person (of a
workshop: of the author alone): when either is erased it can no longer be read.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.foundation.aggregate import derived_stream
from services.foundation.messages import Command, Event
from services.profiles.contract import LanguageCode, Sealed

SubjectId = Annotated[str, StringConstraints(pattern=r"^(contact|workshop)-[0-9a-f-]{36}$")]
"""What a thread belongs to."""
MessageId = Annotated[str, StringConstraints(pattern=r"^message-[0-9a-f-]{36}$")]
AttachmentId = Annotated[str, StringConstraints(pattern=r"^attachment-[0-9a-f-]{36}$")]
ThreadReader = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""Who writes or reads: the id of a person, company, partner, or a member of staff."""
LONGEST_ATTACHMENT = 10_000_000
"""Bytes."""
SealedBody = Annotated[str, StringConstraints(pattern=r"^sealed\.v1\.[A-Za-z0-9_-]+$", max_length=40_000)]


def thread_stream(subject: str, topic: str = "") -> str:
    """The one stream of this topic within a contact or workshop; the empty topic is its main thread."""
    return derived_stream("thread", subject, topic)


class Attachment(BaseModel):
    """A file beside a message. Name and content are sealed like the message; the content is kept by the gateway."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    attachment_id: str
    name: str
    media_type: str
    size: int


class PostMessage(Command, type="matching.PostMessage.v1"):
    """``author`` and ``role``: who wrote it, as their token says. ``reply_to``: an earlier message of the thread."""

    message_id: MessageId
    subject: SubjectId
    topic: Sealed = ""
    author: ThreadReader
    role: Literal["person", "company", "partner", "coordinator", "head"]
    body: SealedBody
    language: LanguageCode
    reply_to: MessageId | None = None
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=5)] = ()


class WithdrawMessage(Command, type="matching.WithdrawMessage.v1"):
    message_id: MessageId
    author: ThreadReader


class ReportMessage(Command, type="matching.ReportMessage.v1"):
    """Somebody of the thread asks staff to look at a message."""

    message_id: MessageId
    by: ThreadReader
    reason: Literal["insult", "spam", "personal_data", "illegal", "other"]


class HideMessage(Command, type="matching.HideMessage.v1"):
    message_id: MessageId
    reason: Literal["insult", "spam", "personal_data", "illegal", "other"]


class MarkThreadRead(Command, type="matching.MarkThreadRead.v1"):
    """``reader`` has read up to and with this message."""

    reader: ThreadReader
    message_id: MessageId


class MessagePosted(Event, type="matching.MessagePosted.v1"):
    message_id: str
    subject: str
    topic: str = ""
    author: str
    role: str
    body: str
    language: str
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()


class MessageWithdrawn(Event, type="matching.MessageWithdrawn.v1"):
    message_id: str


class MessageReported(Event, type="matching.MessageReported.v1"):
    message_id: str
    subject: str
    by: str
    reason: str


class MessageHidden(Event, type="matching.MessageHidden.v1"):
    message_id: str
    reason: str


class ThreadRead(Event, type="matching.ThreadRead.v1"):
    reader: str
    message_id: str
