"""What notifications says to others: the commands and events of messages to people, their preferences, and the staff."""

import base64
import binascii
import hmac
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


HEADS = derived_stream("staff", "role", "head")
"""The recipient that stands for all heads together, for as long as none of them is in the staff directory."""


def preferences_stream(recipient: str) -> str:
    return derived_stream("preferences", recipient)


UNSUBSCRIBING = "unsubscribing"
"""The reserved name under which the vault keeps the secret that signs links for unsubscribing."""


def unsubscribing_token(secret: bytes, recipient: str) -> str:
    """What stands in the link by which this recipient ends the e-mails without signing in. It does not expire: neither does
    the mail that it stands in."""
    named = base64.urlsafe_b64encode(recipient.encode()).decode().rstrip("=")
    return f"{named}.{_signature(secret, recipient)}"


def unsubscriber(secret: bytes, token: str) -> str | None:
    """The recipient that this token was made for, or None for one that was not made with this secret."""
    named, _, signature = token.partition(".")
    try:
        recipient = base64.b64decode(named + "=" * (-len(named) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    genuine = hmac.compare_digest(signature.encode(), _signature(secret, recipient).encode())
    return recipient if genuine else None


def _signature(secret: bytes, recipient: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(secret, f"unsubscribe\0{recipient}".encode(), "sha256")).decode().rstrip("=")


Channel = Literal["email", "inbox", "webhook"]
Urgency = Literal["at_once", "may_wait"]
"""``may_wait``: may come together with others in a digest, and after quiet hours."""
SentBy = Literal["email", "webhook"]
"""The channels that hand a message over to somebody else. What is in the inbox is there at once."""
Digest = Literal["none", "daily", "weekly"]
Clock = Annotated[str, StringConstraints(pattern=r"^(|([01][0-9]|2[0-3]):[0-5][0-9])$")]
"""A time of day, "22:00"; "" for none."""
Zone = Annotated[str, StringConstraints(max_length=64)]
"""An IANA time zone; "" where it is not known."""
Reason = Annotated[str, StringConstraints(max_length=300)]


class QueueNotification(Command, type="notifications.QueueNotification.v1"):
    """``parameters`` fill the template and hold no personal data: ids, times and words from fixed lists."""

    cause: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    recipient: RecipientId
    template: Template
    parameters: Annotated[dict[str, str], Field(max_length=20, default_factory=dict)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=3)] = ("email",)
    urgency: Urgency = "at_once"


class RecordSent(Command, type="notifications.RecordSent.v1"):
    """``language`` in which, and ``attempt`` (from 1) at which it was handed over to the mail server or the webhook."""

    language: str
    attempt: Annotated[int, Field(ge=1)]
    channel: SentBy = "email"


class RecordFailed(Command, type="notifications.RecordFailed.v1"):
    """It is not sent. ``given_up``: it should have been; somebody has to reach the recipient in another way. ``bounced``: the
    address does not exist, which RecordBounce says too."""

    reason: Reason
    attempt: Annotated[int, Field(ge=1)]
    channel: SentBy = "email"
    given_up: bool = False
    bounced: bool = False


class RecordCollected(Command, type="notifications.RecordCollected.v1"):
    """It is told in this digest, and not by itself."""

    digest: Annotated[str, StringConstraints(pattern=r"^notification-[0-9a-f-]{36}$")]


class ResendNotification(Command, type="notifications.ResendNotification.v1"):
    """What was given up is tried again."""


class MarkRead(Command, type="notifications.MarkRead.v1"):
    """Its recipient has read it in the inbox."""


class ChangePreferences(Command, type="notifications.ChangePreferences.v1"):
    """Stream: ``preferences_stream(recipient)``. What is not given stays as it is.

    ``email``: whether e-mail may be sent. ``digest``: whether what may wait comes together. ``quiet_from`` and ``quiet_until``:
    the hours, in ``time_zone``, in which nothing comes; "" and "" for none.
    """

    recipient: RecipientId
    email: bool | None = None
    digest: Digest | None = None
    quiet_from: Clock | None = None
    quiet_until: Clock | None = None
    time_zone: Zone | None = None


class SetWebhook(Command, type="notifications.SetWebhook.v1"):
    """Stream: ``preferences_stream(recipient)``. ``url`` and ``secret`` are sealed."""

    recipient: RecipientId
    url: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
    secret: Annotated[str, StringConstraints(min_length=1, max_length=400)]


class RemoveWebhook(Command, type="notifications.RemoveWebhook.v1"):
    recipient: RecipientId


class RecordBounce(Command, type="notifications.RecordBounce.v1"):
    """Stream: ``preferences_stream(recipient)``. ``address`` is the vault's fingerprint of the address that does not exist."""

    recipient: RecipientId
    address: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    reason: Reason


class ForgetBounce(Command, type="notifications.ForgetBounce.v1"):
    """The address can be written to after all."""

    recipient: RecipientId


class EnrolStaff(Command, type="notifications.EnrolStaff.v1"):
    """Stream: ``staff_stream(staff_id)``. ``name`` and ``email`` are sealed."""

    staff_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    email: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    role: Literal["coordinator", "head"]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "de"
    time_zone: Zone = "Europe/Berlin"


class RemoveStaff(Command, type="notifications.RemoveStaff.v1"):
    """Somebody leaves; their key is destroyed."""


class NotificationQueued(Event, type="notifications.NotificationQueued.v1"):
    cause: str
    recipient: str
    template: str
    parameters: dict[str, str] = Field(default_factory=dict)
    channels: tuple[str, ...] = ("email",)
    urgency: str = "at_once"


class NotificationSent(Event, type="notifications.NotificationSent.v1"):
    recipient: str
    template: str
    language: str
    attempt: int
    channel: str = "email"


class NotificationFailed(Event, type="notifications.NotificationFailed.v1"):
    recipient: str
    template: str
    reason: str
    attempt: int
    channel: str = "email"


class NotificationGivenUp(Event, type="notifications.NotificationGivenUp.v1"):
    """It failed and should have arrived. ``cause`` is the event that it was about."""

    recipient: str
    template: str
    reason: str
    cause: str
    channel: str = "email"
    bounced: bool = False


class NotificationCollected(Event, type="notifications.NotificationCollected.v1"):
    recipient: str
    digest: str


class NotificationResent(Event, type="notifications.NotificationResent.v1"):
    """It waits to be sent again."""

    recipient: str
    template: str


class NotificationRead(Event, type="notifications.NotificationRead.v1"):
    recipient: str


class PreferencesChanged(Event, type="notifications.PreferencesChanged.v1"):
    """All preferences as they are now."""

    recipient: str
    email: bool
    digest: str = "none"
    quiet_from: str = ""
    quiet_until: str = ""
    time_zone: str = ""


class WebhookSet(Event, type="notifications.WebhookSet.v1"):
    recipient: str
    url: str
    secret: str


class WebhookRemoved(Event, type="notifications.WebhookRemoved.v1"):
    recipient: str


class AddressBounced(Event, type="notifications.AddressBounced.v1"):
    recipient: str
    address: str
    reason: str


class BounceForgotten(Event, type="notifications.BounceForgotten.v1"):
    recipient: str


class StaffEnrolled(Event, type="notifications.StaffEnrolled.v1"):
    staff_id: str
    name: str
    email: str
    role: str
    language: str
    time_zone: str


class StaffRemoved(Event, type="notifications.StaffRemoved.v1"):
    """Their name and address can no longer be read."""
