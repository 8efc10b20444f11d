"""A notification: one message to one recipient about one cause. It is queued once, and sent once by each of its channels."""

from collections.abc import Iterator

from services.foundation.aggregate import Aggregate, Context, Refusal
from services.foundation.messages import Event
from services.notifications.contract import (
    MarkRead,
    NotificationCollected,
    NotificationFailed,
    NotificationGivenUp,
    NotificationQueued,
    NotificationRead,
    NotificationResent,
    NotificationSent,
    QueueNotification,
    RecordCollected,
    RecordFailed,
    RecordSent,
    ResendNotification,
)


class NotificationNotFailed(Refusal):
    """Only what was given up is sent again: otherwise somebody gets it twice."""


class Notification(Aggregate):
    """``sent``: the channels that have handed it over. ``failed_attempts``: the numbers of attempts that failed, by channel."""

    category = "notification"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.recipient = ""
        self.template = ""
        self.cause = ""
        self.sent: frozenset[str] = frozenset()
        self.failed_attempts: frozenset[tuple[str, int]] = frozenset()
        self.collected = False
        self.read = False

    def queue(self, command: QueueNotification, _: Context) -> Iterator[Event]:
        """The stream follows from cause and recipient, so whatever is there was queued for the same."""
        if not self.exists:
            yield NotificationQueued.model_validate(command.model_dump())

    def record_sent(self, command: RecordSent, _: Context) -> Iterator[Event]:
        if command.channel not in self.sent:
            yield NotificationSent(recipient=self.recipient, template=self.template, **command.model_dump())

    def record_failed(self, command: RecordFailed, _: Context) -> Iterator[Event]:
        """A failure that is reported after the message was sent, or twice, says nothing new."""
        if command.channel in self.sent or (command.channel, command.attempt) in self.failed_attempts:
            return
        about = {"recipient": self.recipient, "template": self.template, "reason": command.reason, "channel": command.channel}
        yield NotificationFailed.model_validate({**about, "attempt": command.attempt})
        if command.given_up:
            yield NotificationGivenUp.model_validate({**about, "cause": self.cause, "bounced": command.bounced})

    def record_collected(self, command: RecordCollected, _: Context) -> Iterator[Event]:
        if "email" not in self.sent and not self.collected:
            yield NotificationCollected(recipient=self.recipient, digest=command.digest)

    def resend(self, _: ResendNotification, __: Context) -> Iterator[Event]:
        if not any(channel == "email" for channel, _ in self.failed_attempts) or "email" in self.sent:
            raise NotificationNotFailed("only a mail that was given up is sent again")
        yield NotificationResent(recipient=self.recipient, template=self.template)

    def mark_read(self, _: MarkRead, __: Context) -> Iterator[Event]:
        if not self.read:
            yield NotificationRead(recipient=self.recipient)

    def apply(self, event: Event) -> None:
        match event:
            case NotificationQueued():
                self.recipient, self.template, self.cause = event.recipient, event.template, event.cause
            case NotificationSent():
                self.sent |= {event.channel}
            case NotificationFailed():
                self.failed_attempts |= {(event.channel, event.attempt)}
            case NotificationResent():
                self.failed_attempts = frozenset(each for each in self.failed_attempts if each[0] != "email")
            case NotificationCollected():
                self.collected = True
            case NotificationRead():
                self.read = True
