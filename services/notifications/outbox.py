"""The outbox: which messages wait to be sent, and the sending by SMTP.

A message is claimed before it is sent and recorded after it. A process that dies in between leads at worst to a repeat under
the same Message-ID, by which mail programs know it.
"""

import smtplib
from datetime import timedelta
from email.message import EmailMessage

import mongoengine
import structlog
from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.foundation.aggregate import derived_id
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document
from services.foundation.messages import SYSTEM, Command, Envelope, Event, now
from services.foundation.projection import Projection
from services.foundation.settings import Settings
from services.notifications.address_book import AddressBook, CannotBeWrittenTo, Recipient
from services.notifications.contract import (
    SERVICE,
    NotificationFailed,
    NotificationQueued,
    NotificationSent,
    RecordFailed,
    RecordSent,
)
from services.notifications.letter import AddressRefused, compose, to_mime
from services.notifications.policies import DEMANDED_BY_LAW

AT_ONCE = 50
CLAIM = timedelta(minutes=1)
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)
SMTP_SECONDS = 10

log = structlog.get_logger()


class OutboxDocument(mongoengine.DynamicDocument):
    """A notification and what became of it, from its events."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    state = mongoengine.StringField()
    meta = {"collection": "outbox", "auto_create_index": False, "indexes": [{"fields": ("state",)}]}  # noqa: RUF012


class DeliveryDocument(mongoengine.Document):
    """How often a message was tried, and before when nobody is to try it again."""

    id = mongoengine.StringField(primary_key=True)
    attempt = mongoengine.IntField(required=True)
    not_before = mongoengine.DateTimeField(required=True)
    meta = {"collection": "deliveries", "auto_create_index": False}  # noqa: RUF012


class OutboxView(Projection):
    collection = "outbox"
    categories = frozenset({"notification"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case NotificationQueued():
                document.update(state="queued", correlation_id=envelope.correlation_id, **event.model_dump())
            case NotificationSent():
                document["state"] = "sent"
            case NotificationFailed():
                document["state"] = "failed"


class Outbox:
    """Delivers what waits in the outbox."""

    def __init__(self, database: Database[Document], book: AddressBook, sender: CommandSender, settings: Settings) -> None:
        self._outbox = database["outbox"]
        self._deliveries = database["deliveries"]
        self._book = book
        self._sender = sender
        self._settings = settings

    def deliver(self) -> None:
        """Sends what is queued and due, and records how it went."""
        for waiting in self._outbox.find({"state": "queued"}).limit(AT_ONCE):
            attempt = self._claim(waiting["_id"])
            if attempt:
                self._record(waiting, self._send(waiting, attempt))

    def _claim(self, id: str) -> int:
        """The number of this attempt (from 1), or 0 where it is not due or somebody else is at it."""
        moment = now()
        try:
            claimed = self._deliveries.find_one_and_update(
                {"_id": id, "not_before": {"$lte": moment}},
                {"$inc": {"attempt": 1}, "$set": {"not_before": moment + CLAIM}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            return 0
        return int(claimed["attempt"]) if claimed else 0

    def _send(self, waiting: Document, attempt: int) -> Command | None:
        """Tries once; gives what is to be recorded, or nothing where it is to be tried again."""
        try:
            recipient = self._book.recipient(waiting["recipient"], waiting["template"] in DEMANDED_BY_LAW)
            self._hand_over(self._letter(waiting, recipient, attempt))
        except (CannotBeWrittenTo, AddressRefused) as reason:
            return RecordFailed(reason=str(reason), attempt=attempt)
        except (OSError, smtplib.SMTPException) as fault:
            return self._failed(waiting["_id"], attempt, fault)
        return RecordSent(language=recipient.language, attempt=attempt)

    def _letter(self, waiting: Document, recipient: Recipient, attempt: int) -> EmailMessage:
        """The e-mail. Its Message-ID follows from the notification, so that a repeat is known as one."""
        sender = self._settings.mail_from
        mail = compose(waiting["template"], waiting["parameters"], recipient, sender=sender, unseal=self._book.unseal)
        return to_mime(mail, f"{waiting['_id']}@{sender.rpartition('@')[2]}", sender, recipient, None, attempt > 1)

    def _hand_over(self, message: EmailMessage) -> None:
        with smtplib.SMTP(self._settings.smtp_host, self._settings.smtp_port, timeout=SMTP_SECONDS) as server:
            server.send_message(message)

    def _failed(self, id: str, attempt: int, fault: Exception) -> Command | None:
        # The fault may quote the address, so only its kind is told.
        kind = type(fault).__name__
        log.warning("delivery.failed", notification=id, attempt=attempt, kind=kind)
        if attempt >= self._settings.delivery_tries or isinstance(fault, smtplib.SMTPRecipientsRefused):
            return RecordFailed(reason=f"the mail server did not take it: {kind}", attempt=attempt)
        wait = min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
        self._deliveries.update_one({"_id": id}, {"$set": {"not_before": now() + wait}})
        return None

    def _record(self, waiting: Document, command: Command | None) -> None:
        if command is None:
            return
        stream = waiting["_id"]
        envelope = Envelope(
            id=derived_id(stream, command.TYPE),
            stream=stream,
            source=SERVICE,
            time=now(),
            actor=SYSTEM,
            correlation_id=waiting["correlation_id"],
            causation_id=waiting["cause"],
        )
        self._sender.send_all([(envelope, command)])
