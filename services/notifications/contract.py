"""What notifications says to others: the commands and events of messages to people and their preferences."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.foundation.aggregate import derived_stream
from services.foundation.messages import Command, Event

SERVICE = "notifications"

Template = Literal[
    "welcome",
    "consent_withdrawn",
    "erasure_receipt",
    "search_hits",
    "contact_proposed",
    "contact_accepted",
    "contact_declined",
    "contact_arranged",
    "contact_dormant",
    "contact_closed",
    "contact_reopened",
    "contact_assigned",
    "cooperation_agreed",
    "dates_proposed",
    "date_chosen",
    "dates_declined",
    "meeting_scheduled",
    "meeting_moved",
    "meeting_cancelled",
    "meeting_missed",
    "step_reminder",
    "step_overdue",
    "step_watched",
    "step_escalated",
    "workshop_registered",
    "workshop_waitlisted",
    "workshop_promoted",
    "workshop_changed",
    "workshop_cancelled",
    "workshop_left",
    "message_posted",
    "message_reported",
    "notice_answered",
    "notice_hidden",
    "notification_given_up",
    "address_bounced",
    "digest",
]
RecipientId = Annotated[str, StringConstraints(pattern=r"^(person|company|partner|staff|erasure)-[0-9a-f-]{36}$")]
"""Whom a message goes to. An erasure stands for whom it has erased, for the one mail with the receipt."""


def staff_stream(id: str) -> str:
    """The one stream of a member of staff, from the opaque id that their token says. As a recipient it stands for them."""
    return derived_stream("staff", id)


def notification_stream(cause: str, recipient: str) -> str:
    """One message for one cause (an event's id) and recipient, however often the event comes."""
    return derived_stream("notification", cause, recipient)


class QueueNotification(Command, type="notifications.QueueNotification.v1"):
    """``parameters`` fill the template and hold no personal data: ids, times and words from fixed lists."""

    cause: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    recipient: RecipientId
    template: Template
    parameters: Annotated[dict[str, str], Field(max_length=20, default_factory=dict)]


class RecordSent(Command, type="notifications.RecordSent.v1"):
    """``language`` in which, and ``attempt`` (from 1) at which it was handed over to the mail server."""

    language: str
    attempt: Annotated[int, Field(ge=1)]


class RecordFailed(Command, type="notifications.RecordFailed.v1"):
    reason: Annotated[str, StringConstraints(max_length=300)]
    attempt: Annotated[int, Field(ge=1)]


class ChangePreferences(Command, type="notifications.ChangePreferences.v1"):
    """Stream: ``derived_stream("preferences", recipient)``. ``email``: whether e-mail may be sent."""

    recipient: RecipientId
    email: bool


class NotificationQueued(Event, type="notifications.NotificationQueued.v1"):
    cause: str
    recipient: str
    template: str
    parameters: dict[str, str] = Field(default_factory=dict)


class NotificationSent(Event, type="notifications.NotificationSent.v1"):
    recipient: str
    template: str
    language: str
    attempt: int


class NotificationFailed(Event, type="notifications.NotificationFailed.v1"):
    recipient: str
    template: str
    reason: str
    attempt: int


class PreferencesChanged(Event, type="notifications.PreferencesChanged.v1"):
    recipient: str
    email: bool
