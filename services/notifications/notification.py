"""A notification: one message to one recipient about one cause. It is queued once and sent once."""

from collections.abc import Iterator

from services.foundation.aggregate import Aggregate, Context
from services.foundation.messages import Event
from services.notifications.contract import (
    NotificationFailed,
    NotificationQueued,
    NotificationSent,
    QueueNotification,
    RecordFailed,
    RecordSent,
)


class Notification(Aggregate):
    """``failed_attempts`` are the numbers of the attempts that failed so far."""

    category = "notification"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.recipient = ""
        self.template = ""
        self.sent = False
        self.failed_attempts: frozenset[int] = frozenset()

    def queue(self, command: QueueNotification, _: Context) -> Iterator[Event]:
        """The stream follows from cause and recipient, so whatever is there was queued for the same."""
        if not self.exists:
            yield NotificationQueued.model_validate(command.model_dump())

    def record_sent(self, command: RecordSent, _: Context) -> Iterator[Event]:
        if not self.sent:
            yield NotificationSent(recipient=self.recipient, template=self.template, **command.model_dump())

    def record_failed(self, command: RecordFailed, _: Context) -> Iterator[Event]:
        """A failure that is reported after the message was sent, or twice, says nothing new."""
        if not self.sent and command.attempt not in self.failed_attempts:
            yield NotificationFailed(recipient=self.recipient, template=self.template, **command.model_dump())

    def apply(self, event: Event) -> None:
        match event:
            case NotificationQueued():
                self.recipient, self.template = event.recipient, event.template
            case NotificationSent():
                self.sent = True
            case NotificationFailed():
                self.failed_attempts |= {event.attempt}
