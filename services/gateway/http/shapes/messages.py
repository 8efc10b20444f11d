"""What answers about messages look like, for the OpenAPI document."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.matching.contract import ReportReason, WriterRole


class MessageFile(BaseModel):
    """A file beside a message; its name is null where the message cannot be read."""

    id: str
    name: str | None
    media_type: str
    size: int


class UploadedFile(MessageFile):
    """A file that waits for the message that names it, until then."""

    expires_at: datetime


class Message(BaseModel):
    """``body`` is null, and there are no attachments, where the message was withdrawn or hidden, or somebody was erased; and
    for roles that see only that there is a message. ``number`` orders the messages of a thread."""

    id: str
    thread: str
    number: int
    author: str
    role: WriterRole
    own: bool
    at: datetime
    language: str
    reply_to: str | None
    state: Literal["posted", "withdrawn", "hidden", "erased"]
    reason: ReportReason | None
    body: str | None
    attachments: list[MessageFile]


class MessagePage(BaseModel):
    """``unread``: of the whole thread, for the caller."""

    items: list[Message]
    next: str | None
    unread: int


class ThreadSummary(BaseModel):
    """A thread; the main one has no topic. The topic is null where it cannot be read."""

    id: str
    topic: str | None
    main: bool
    last_at: datetime
    messages: int
    unread: int


class ThreadSummaries(BaseModel):
    """The threads of a contact or workshop, the liveliest first."""

    items: list[ThreadSummary]
    unread: int


class ReadMark(BaseModel):
    """``read_up_to``: the number of a message."""

    thread: str
    read_up_to: int
    unread: int


class Report(BaseModel):
    """Who reported a message, why and when."""

    by: str
    reason: ReportReason
    at: datetime


class ReportedMessage(BaseModel):
    """A message that was reported and where it stands."""

    subject: str
    reports: list[Report]
    message: Message


class ReportedMessages(BaseModel):
    """Those that wait for a decision, oldest report first."""

    items: list[ReportedMessage]
    next: str | None
