"""Delivering: what waits in the outbox and is due is handed over by its channel, and how that went is recorded.

A message is claimed before it is sent and recorded after it. A process that dies in between leads at worst to a marked repeat
under the same Message-ID, by which mail programs know it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import islice

import structlog
from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document
from services.foundation.faults import passes
from services.foundation.messages import SYSTEM, Command, Envelope, now
from services.foundation.settings import Settings
from services.notifications.address_book import AddressBook, CannotBeWrittenTo, Recipient
from services.notifications.channels import NotTaken
from services.notifications.channels.smtp import Smtp
from services.notifications.channels.webhook import Webhooks, body_of
from services.notifications.claims import Claim, Claims
from services.notifications.contract import (
    SERVICE,
    UNSUBSCRIBING,
    QueueNotification,
    RecordBounce,
    RecordFailed,
    RecordSent,
    notification_stream,
    preferences_stream,
    unsubscribing_token,
)
from services.notifications.letter import AddressRefused, compose, to_mime
from services.notifications.outbox import STATE
from services.notifications.policies import DEMANDED_BY_LAW
from services.notifications.timing import begins, digest_due, sends_at

AT_ONCE = 50
LOOKUP = 200
LOOK_AGAIN = timedelta(minutes=5)
"""How long at most what is held back is left alone: its recipient may have changed their mind."""
MOST_IN_A_DIGEST = 100
CLAIMS_KEPT = timedelta(days=7)
"""For far longer than anybody goes through a page of the outbox that was read before the outcome was recorded."""

log = structlog.get_logger()


class Outbox:
    """Delivers what waits in the outbox. E-mail and webhooks are called by timers of their own: neither waits for the other."""

    def __init__(self, database: Database[Document], book: AddressBook, sender: CommandSender, settings: Settings) -> None:
        self._outbox = database["outbox"]
        self._claims = Claims(database)
        self._book = book
        self._sender = sender
        self._settings = settings
        self._smtp = Smtp(settings)
        self._webhooks = Webhooks(settings)
        self._held: dict[str, datetime] = {}

    def deliver_mails(self) -> None:
        """Sends the mails that are due. Where the mail server is away, the others wait for the next time."""
        for waiting in self._due("email"):
            if self._holds_back(waiting):
                continue
            claim = self._claims.claim(_key(waiting, "email"), self._smtp.longest)
            if claim is not None and not self._send(waiting, claim):
                return

    def tell_webhooks(self) -> None:
        for waiting in self._due("webhook"):
            claim = self._claims.claim(_key(waiting, "webhook"), self._webhooks.longest)
            if claim is not None:
                self._tell(waiting, claim)

    def forget_claims(self) -> None:
        """Forgets how often those were tried whose outcome is long recorded: nobody tries them again under the same key."""
        before = now() - CLAIMS_KEPT
        keys = self._claims.older_than(before, LOOKUP)
        query = {"_id": {"$in": [each.partition("/")[0] for each in keys]}}
        needed = {_key(each, name) for each in self._outbox.find(query) for name in STATE if each.get(STATE[name]) == "queued"}
        self._claims.forget([each for each in keys if each not in needed], before)

    def _due(self, channel: str) -> Iterator[Document]:
        """What is queued and not held back, up to AT_ONCE of it; one that has to wait keeps none behind it.

        In the order in which their causes happened: nobody reads that a proposal was accepted before they read of it.
        """
        started, found = now(), 0
        self._held = {key: due for key, due in self._held.items() if due > started}
        queued = self._outbox.find({STATE[channel]: "queued"}).sort([("queued_at", 1), ("_id", 1)]).batch_size(LOOKUP)
        while page := list(islice(queued, LOOKUP)):
            fresh = [each for each in page if _key(each, channel) not in self._held]
            later = self._claims.waiting([_key(each, channel) for each in fresh])
            self._held |= {key: _aware(due) for key, due in later.items()}
            for each in fresh:
                if _key(each, channel) not in later:
                    found += 1
                    yield each
            if found >= AT_ONCE:
                return

    def _holds_back(self, waiting: Document) -> bool:
        """Whether this mail is for later, or goes into a digest."""
        habits, by_law = self._book.habits(waiting["recipient"]), waiting["template"] in DEMANDED_BY_LAW
        urgency, moment, queued_at = waiting.get("urgency", "at_once"), now(), _aware(waiting.get("queued_at") or now())
        due = sends_at(moment, queued_at, urgency, by_law, begins(waiting["parameters"]), habits)
        if due > moment:
            self._held[_key(waiting, "email")] = min(due, moment + LOOK_AGAIN)
            return True
        if by_law or urgency != "may_wait" or habits.digest == "none":
            return False
        self._digest(waiting, digest_due(queued_at, habits.digest, habits.zone))
        self._held[_key(waiting, "email")] = moment + timedelta(seconds=5)
        return True

    def _digest(self, first: Document, due: datetime) -> None:
        """Queues the digest of this moment. What came too late for it gets one of its own: only what the digest names is
        told by it (see process_managers.collect), so nothing is lost between the two."""
        recipient = first["recipient"]
        cause = f"digest/{due.isoformat()}"
        known = self._outbox.find_one({"_id": notification_stream(cause, recipient)})
        if known is not None:
            if first["_id"] in known["parameters"]["members"].split():
                return
            cause = f"digest/{due.isoformat()}/{first['_id']}"
        query = {"recipient": recipient, "state": "queued", "urgency": "may_wait", "queued_at": {"$lte": now()}}
        found = self._outbox.find(query, {"_id": 1}).sort("queued_at", 1).limit(MOST_IN_A_DIGEST)
        members = list(dict.fromkeys([first["_id"], *(each["_id"] for each in found)]))
        queue = QueueNotification(
            cause=cause, recipient=recipient, template="digest", parameters={"members": "\n".join(members)}, channels=("email",)
        )
        self._record(first, queue, notification_stream(cause, recipient))

    def _send(self, waiting: Document, claim: Claim) -> bool:
        """Tries once; whether the mail server is there."""
        if claim.sent:
            self._record(waiting, RecordSent(language=claim.sent, attempt=claim.attempt))
            return True
        try:
            recipient = self._book.recipient(waiting["recipient"], waiting["template"] in DEMANDED_BY_LAW)
            letter = self._letter(waiting, recipient, claim.open)
            self._smtp.hand_over(letter)
        except (CannotBeWrittenTo, AddressRefused) as reason:
            self._record(waiting, RecordFailed(reason=str(reason), attempt=claim.attempt))
        except NotTaken as fault:
            if fault.bounced:
                self._bounced(waiting, recipient, str(fault))
            self._failed(waiting, claim, fault, "email")
            return not fault.away
        except Exception as fault:
            if passes(fault):
                raise
            log.exception("delivery.broken", notification=waiting["_id"])
            self._failed(waiting, claim, NotTaken(type(fault).__name__), "email")
        else:
            language = str(letter["Content-Language"])  # another than the recipient's where that was missing
            self._claims.taken(claim, language)
            self._record(waiting, RecordSent(language=language, attempt=claim.attempt))
        return True

    def _letter(self, waiting: Document, recipient: Recipient, repeat: bool) -> EmailMessage:
        """The e-mail. Its Message-ID follows from the notification, so that a repeat is known as one."""
        sender, template, parameters = self._settings.mail_from, waiting["template"], waiting["parameters"]
        if template == "digest":
            parameters = self._told_by(parameters, recipient)
        mail = compose(template, parameters, recipient, sender=sender, unseal=self._book.unseal)
        link = None if template in DEMANDED_BY_LAW else self._unsubscribing(waiting["recipient"])
        return to_mime(mail, f"{waiting['_id']}@{sender.rpartition('@')[2]}", sender, recipient, link, repeat)

    def _told_by(self, parameters: dict[str, str], recipient: Recipient) -> dict[str, str]:
        """What a digest says: the subjects of its messages, in the language of the recipient."""
        members = parameters["members"].split()
        found = {each["_id"]: each for each in self._outbox.find({"_id": {"$in": members}})}
        subjects = []
        for member in (found[id] for id in members if id in found):
            sender, unseal = self._settings.mail_from, self._book.unseal
            subjects.append(compose(member["template"], member["parameters"], recipient, sender=sender, unseal=unseal).subject)
        return {"count": str(len(subjects)), "subjects": "\n".join(subjects)}

    def _unsubscribing(self, recipient: str) -> str | None:
        if not self._settings.public_url:
            return None
        token = unsubscribing_token(self._book.secret(UNSUBSCRIBING), recipient)
        return f"{self._settings.public_url.rstrip('/')}/v1/unsubscriptions/{token}"

    def _tell(self, waiting: Document, claim: Claim) -> None:
        if claim.sent:
            self._record(waiting, RecordSent(language=claim.sent, attempt=claim.attempt, channel="webhook"))
            return
        try:
            webhook = self._book.webhook(waiting["recipient"])
            if webhook is None:
                failed = RecordFailed(reason="there is no webhook any more", attempt=claim.attempt, channel="webhook")
                self._record(waiting, failed)
                return
            self._webhooks.hand_over(webhook, body_of(waiting["_id"], waiting), int(now().timestamp()))
        except NotTaken as fault:
            self._failed(waiting, claim, fault, "webhook")
        except Exception as fault:
            if passes(fault):
                raise
            log.exception("delivery.broken", notification=waiting["_id"])
            self._failed(waiting, claim, NotTaken(type(fault).__name__), "webhook")
        else:
            self._claims.taken(claim, "none")
            self._record(waiting, RecordSent(language="none", attempt=claim.attempt, channel="webhook"))

    def _failed(self, waiting: Document, claim: Claim, fault: NotTaken, channel: str) -> None:
        log.warning("delivery.failed", notification=waiting["_id"], channel=channel, attempt=claim.attempt, reason=str(fault))
        if not fault.for_good and claim.attempt < self._settings.delivery_tries:
            self._claims.later(claim, fault.uncertain)
            return
        where = "mail server" if channel == "email" else "webhook"
        fields = {"channel": channel, "given_up": True, "bounced": fault.bounced, "attempt": claim.attempt}
        self._record(waiting, RecordFailed.model_validate({"reason": f"the {where} did not take it: {fault}", **fields}))

    def _bounced(self, waiting: Document, recipient: Recipient, reason: str) -> None:
        """Of whom was erased the address is not needed any more, whatever became of this one mail."""
        if waiting["recipient"].startswith("erasure-"):
            return
        address = self._book.fingerprint(waiting["recipient"], recipient.email)
        bounce = RecordBounce(recipient=waiting["recipient"], address=address, reason=reason)
        self._record(waiting, bounce, preferences_stream(waiting["recipient"]))

    def _record(self, waiting: Document, command: Command, stream: str = "") -> None:
        """The same again leads to the same command: its id follows from what it is about."""
        about, channel = waiting["_id"], getattr(command, "channel", "email")
        parts: tuple[str, ...] = (about, command.TYPE, channel, str(waiting.get("round", 1)))
        if isinstance(command, QueueNotification):
            parts = (stream, command.TYPE)
        envelope = Envelope(
            id=derived_id(*parts),
            stream=stream or about,
            source=SERVICE,
            time=now(),
            actor=SYSTEM,
            correlation_id=waiting["correlation_id"],
            causation_id=waiting["cause"],
        )
        self._sender.send_all([(envelope, command)])


def _key(waiting: Document, channel: str) -> str:
    """Each round of trying a mail has a count of its own."""
    if channel == "webhook":
        return f"{waiting['_id']}/webhook"
    tried = waiting.get("round", 1)
    return waiting["_id"] if tried == 1 else f"{waiting['_id']}/{tried}"


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
