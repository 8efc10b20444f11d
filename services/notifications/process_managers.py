"""From events to notifications: looks up the policy and queues one message for each recipient."""

from collections.abc import Callable, Iterator
from datetime import datetime

from services.foundation.messages import Event, Recorded
from services.foundation.reaction import React, Request
from services.notifications.contract import NotificationFailed, NotificationSent, QueueNotification, notification_stream
from services.notifications.policies import POLICIES, Occasion, Sides
from services.profiles.contract import ConfirmErasure, ErasureCompleted, ProfileErased, SettleReceipt

OF_AN_ERASURE = "erasure-"

Parties = Callable[[str], Sides | None]
"""The ids of the person and the company of a contact, or None while its proposal was not seen."""


class PartiesUnknown(Exception):
    """A contact went on whose proposal was never seen here. Nobody must be left uninformed because of it."""


def notify(parties: Parties) -> React:
    """Queues what POLICIES say. Raises PartiesUnknown where the recipients cannot be found."""

    def react(recorded: Recorded) -> Iterator[Request]:
        message, cause = recorded.message, recorded.envelope
        policy = POLICIES.get(type(message)) if isinstance(message, Event) else None
        if policy is None:
            return
        occasion = Occasion(message, recorded.stream, lambda: _sides(parties, recorded.stream))
        for recipient in policy.recipients(occasion):
            queue = QueueNotification(
                cause=cause.id, recipient=recipient, template=policy.template, parameters=policy.parameters(occasion)
            )
            yield Request(notification_stream(cause.id, recipient), queue)

    return react


def forget(moment: Callable[[], datetime]) -> React:
    """Confirms that the address book holds nothing of whom was erased: by then it was written (see service.py)."""

    def react(recorded: Recorded) -> Iterator[Request]:
        event = recorded.message
        if isinstance(event, ProfileErased):
            confirm = ConfirmErasure(owner=recorded.stream, stores=("notifications",), confirmed_at=moment())
            yield Request(event.erasure_id, confirm)

    return react


def receipts(recorded: Recorded) -> Iterator[Request]:
    """Queues the receipt of an erasure as POLICIES say; the same one, however often."""
    if isinstance(recorded.message, ErasureCompleted):
        yield from notify(lambda _: None)(recorded)


def settle_receipts(recorded: Recorded) -> Iterator[Request]:
    """Tells an erasure how its receipt ended, so that the address kept for it goes too."""
    match recorded.message:
        case NotificationSent(recipient=recipient) if recipient.startswith(OF_AN_ERASURE):
            yield Request(recipient, SettleReceipt(how="sent"))
        case NotificationFailed(recipient=recipient) if recipient.startswith(OF_AN_ERASURE):
            yield Request(recipient, SettleReceipt(how="failed"))


def _sides(parties: Parties, contact: str) -> Sides:
    sides = parties(contact)
    if sides is None:
        raise PartiesUnknown(f"{contact} has no known sides")
    return sides
