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
LONGEST_MESSAGE = 5_000
"""Characters that somebody may write; sealed twice they are longer."""
MOST_ATTACHMENTS = 5
WriterRole = Literal["person", "company", "partner", "coordinator", "head"]
ReportReason = Literal["insult", "spam", "personal_data", "illegal", "other"]
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


class AttachedFile(BaseModel):
    """The same, as it stands in a command."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    attachment_id: AttachmentId
    name: Annotated[Sealed, Field(min_length=1)]
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,100}$")]
    size: Annotated[int, Field(ge=1, le=LONGEST_ATTACHMENT)]


class PostMessage(Command, type="matching.PostMessage.v1"):
    """``author`` and ``role``: who wrote it, as their token says. ``reply_to``: an earlier message of the thread.

    ``subject_version``: what the sender has seen of the contact or workshop; matching waits until it has too.
    """

    message_id: MessageId
    subject: SubjectId
    topic: Sealed = ""
    author: ThreadReader
    role: WriterRole
    body: SealedBody
    language: LanguageCode
    reply_to: MessageId | None = None
    attachments: Annotated[tuple[AttachedFile, ...], Field(max_length=MOST_ATTACHMENTS)] = ()
    subject_version: Annotated[int, Field(ge=0)] = 0


class WithdrawMessage(Command, type="matching.WithdrawMessage.v1"):
    message_id: MessageId
    author: ThreadReader


class ReportMessage(Command, type="matching.ReportMessage.v1"):
    """Somebody of the thread asks staff to look at a message."""

    message_id: MessageId
    by: ThreadReader
    role: WriterRole
    reason: ReportReason


class HideMessage(Command, type="matching.HideMessage.v1"):
    """``by``: the member of staff who hides it; of a coordinator, one who belongs to the contact or workshop."""

    message_id: MessageId
    by: ThreadReader
    role: Literal["coordinator", "head"]
    reason: ReportReason


class MarkThreadRead(Command, type="matching.MarkThreadRead.v1"):
    """``reader`` has read up to and with this message."""

    reader: ThreadReader
    role: WriterRole
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
