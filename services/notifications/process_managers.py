"""From events to notifications: looks up the policy and queues one message for each recipient."""

from collections.abc import Callable, Iterator

from services.foundation.messages import Event, Recorded
from services.foundation.reaction import React, Request
from services.notifications.contract import QueueNotification, notification_stream
from services.notifications.policies import POLICIES, Occasion, Sides

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


def _sides(parties: Parties, contact: str) -> Sides:
    sides = parties(contact)
    if sides is None:
        raise PartiesUnknown(f"{contact} has no known sides")
    return sides
