"""Notifications are queued once and sent once."""

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
    notification_stream,
)
from services.notifications.notification import NotificationNotFailed
from services.notifications.routes import ROUTES
from tests.unit.story import Story

PERSON = "person-00000000-0000-4000-8000-000000000001"
QUEUE = QueueNotification(cause="event.0", recipient=PERSON, template="welcome", parameters={"kind": "person"})
QUEUED = NotificationQueued(cause="event.0", recipient=PERSON, template="welcome", parameters={"kind": "person"})
SENT = NotificationSent(recipient=PERSON, template="welcome", language="de", attempt=2)
FAILED = NotificationFailed(recipient=PERSON, template="welcome", reason="mailbox full", attempt=1)
RECORD_SENT = RecordSent(language="de", attempt=2)
RECORD_FAILED = RecordFailed(reason="mailbox full", attempt=1)


def notification(*given: Event) -> Story:
    return Story(notification_stream("event.0", PERSON), ROUTES).given(*given)


def test_a_notification_is_queued() -> None:
    notification().when(QUEUE).then(QUEUED)


def test_one_cause_leads_to_one_message() -> None:
    notification(QUEUED).when(QUEUE).then_nothing()


def test_it_is_sent() -> None:
    notification(QUEUED).when(RECORD_SENT).then(SENT)


def test_it_is_sent_once() -> None:
    notification(QUEUED, SENT).when(RecordSent(language="de", attempt=3)).then_nothing()


def test_a_failed_attempt_is_recorded() -> None:
    notification(QUEUED).when(RECORD_FAILED).then(FAILED)


def test_a_failed_attempt_is_recorded_once() -> None:
    notification(QUEUED, FAILED).when(RECORD_FAILED).then_nothing()


def test_every_attempt_may_fail() -> None:
    again = RECORD_FAILED.model_copy(update={"attempt": 2})
    notification(QUEUED, FAILED).when(again).then(FAILED.model_copy(update={"attempt": 2}))


def test_after_a_failure_it_may_still_be_sent() -> None:
    notification(QUEUED, FAILED).when(RECORD_SENT).then(SENT)


def test_what_was_sent_does_not_fail_afterwards() -> None:
    notification(QUEUED, SENT).when(RECORD_FAILED).then_nothing()


def test_what_is_given_up_says_so_with_its_cause() -> None:
    command = RECORD_FAILED.model_copy(update={"given_up": True})
    given_up = NotificationGivenUp(recipient=PERSON, template="welcome", reason="mailbox full", cause="event.0")
    notification(QUEUED).when(command).then(FAILED, given_up)


def test_each_channel_hands_over_for_itself() -> None:
    command = RECORD_SENT.model_copy(update={"channel": "webhook"})
    notification(QUEUED, SENT).when(command).then(SENT.model_copy(update={"channel": "webhook"}))


def test_what_failed_is_sent_again_and_can_fail_again() -> None:
    resent = NotificationResent(recipient=PERSON, template="welcome")
    notification(QUEUED, FAILED).when(ResendNotification()).then(resent)
    notification(QUEUED, FAILED, resent).when(RECORD_FAILED).then(FAILED)


def test_what_was_sent_or_still_waits_is_not_sent_again() -> None:
    for given in ((QUEUED,), (QUEUED, SENT), (QUEUED, FAILED, SENT)):
        notification(*given).when(ResendNotification()).then_refused(NotificationNotFailed)


def test_what_a_digest_tells_is_collected_once() -> None:
    digest = notification_stream("digest", PERSON)
    collected = NotificationCollected(recipient=PERSON, digest=digest)
    notification(QUEUED).when(RecordCollected(digest=digest)).then(collected)
    notification(QUEUED, collected).when(RecordCollected(digest=digest)).then_nothing()
    notification(QUEUED, SENT).when(RecordCollected(digest=digest)).then_nothing()


def test_it_is_read_once() -> None:
    read = NotificationRead(recipient=PERSON)
    notification(QUEUED).when(MarkRead()).then(read)
    notification(QUEUED, read).when(MarkRead()).then_nothing()
