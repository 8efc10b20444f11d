"""From events to notifications: looks up the policy and queues one message for each recipient."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from services.foundation.messages import Event, Recorded
from services.foundation.reaction import React, Request
from services.matching.contract import ReachOtherwise, Side
from services.notifications.contract import (
    AddressBounced,
    Channel,
    NotificationFailed,
    NotificationGivenUp,
    NotificationQueued,
    NotificationSent,
    QueueNotification,
    RecordCollected,
    notification_stream,
)
from services.notifications.occasion import Lookups, NothingKnown, Occasion
from services.notifications.policies import POLICIES, Policy
from services.profiles.contract import ConfirmErasure, ErasureCompleted, ProfileErased, SettleReceipt

OF_AN_ERASURE = "erasure-"
SIDES: Mapping[str, Side] = {"person": "person", "company": "company"}


def notify(known: Lookups) -> React:
    """Queues what POLICIES say. Raises PartiesUnknown where the recipients cannot be found."""

    def react(recorded: Recorded) -> Iterator[Request]:
        message, cause = recorded.message, recorded.envelope
        if not isinstance(message, Event):
            return
        occasion = Occasion(message, recorded.stream, cause.version, cause.time, known)
        told: set[str] = set()
        for policy in POLICIES.get(type(message), ()):
            for recipient in policy.recipients(occasion):
                if recipient in told:
                    continue
                told.add(recipient)
                parameters = policy.parameters(occasion)
                queue = QueueNotification(
                    cause=cause.id,
                    recipient=recipient,
                    template=policy.template,
                    parameters=parameters,
                    channels=_channels(policy, recipient, known),
                    urgency=policy.urgency,
                )
                yield Request(notification_stream(cause.id, recipient), queue)

    return react


def _channels(policy: Policy, recipient: str, known: Lookups) -> tuple[Channel, ...]:
    """Those of the policy; the webhook where there is one."""
    hooked = "webhook" in policy.channels and known.has_webhook(recipient)
    return tuple(each for each in policy.channels if each != "webhook" or hooked)


def reach_otherwise(known: Lookups) -> React:
    """Gives whoever looks after the open contacts of a side that mails do not reach a next step, so that somebody else does."""

    def react(recorded: Recorded) -> Iterator[Request]:
        event = recorded.message
        if isinstance(event, AddressBounced) or (isinstance(event, NotificationGivenUp) and event.channel == "email"):
            side = SIDES.get(event.recipient.partition("-")[0])
            for contact in known.open_contacts_of(event.recipient) if side else ():
                yield Request(contact, ReachOtherwise(side=side))

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
        yield from notify(NothingKnown())(recorded)


def settle_receipts(recorded: Recorded) -> Iterator[Request]:
    """Tells an erasure how its receipt ended, so that the address kept for it goes too."""
    match recorded.message:
        case NotificationSent(recipient=recipient, channel="email") if recipient.startswith(OF_AN_ERASURE):
            yield Request(recipient, SettleReceipt(how="sent"))
        case NotificationFailed(recipient=recipient, channel="email") if recipient.startswith(OF_AN_ERASURE):
            yield Request(recipient, SettleReceipt(how="failed"))


def collect(recorded: Recorded) -> Iterator[Request]:
    """What a digest tells is not told again by itself."""
    match recorded.message:
        case NotificationQueued(template="digest", parameters=parameters):
            for member in parameters.get("members", "").split():
                yield Request(member, RecordCollected(digest=recorded.stream))
