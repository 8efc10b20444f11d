"""The address book: in which language and where recipients are reached, what they prefer, and who belongs to a contact.

Names and addresses stay sealed here; they are opened at the moment of sending and nowhere kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import mongoengine
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.messages import Envelope, Event
from services.foundation.privacy import KeyVault
from services.foundation.projection import Projection
from services.matching.contract import (
    ContactAccepted,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    ContactReopened,
)
from services.notifications.contract import (
    HEADS,
    AddressBounced,
    BounceForgotten,
    PreferencesChanged,
    StaffEnrolled,
    StaffRemoved,
    WebhookRemoved,
    WebhookSet,
    preferences_stream,
)
from services.notifications.timing import Habits
from services.profiles.contract import (
    CompanyDetails,
    ConsentGranted,
    ConsentWithdrawn,
    ErasureBegun,
    PartnerDetails,
    PersonDetails,
    ProfileCreated,
    ProfileErased,
    ProfileMergedInto,
    ProfileSeparated,
    ProfileUpdated,
    ReceiptSettled,
)

Sealed = dict[str, str]


BE_WRITTEN_TO = "be_written_to"


class RecipientDocument(mongoengine.DynamicDocument):
    """Someone who can be written to: preferred language, and the sealed name and e-mail with the fields they belong to."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    meta = {"collection": "recipients", "auto_create_index": False}  # noqa: RUF012


class Recipients(Projection):
    collection = "recipients"
    categories = frozenset({"person", "company", "partner", "staff", "erasure"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case ProfileCreated() | ProfileUpdated():
                document.update(language=event.details.preferred_language, **_sealed(event.details))
            case ConsentGranted() if event.purpose == BE_WRITTEN_TO:
                document["may_be_written_to"] = True
            case ConsentWithdrawn() if event.purpose == BE_WRITTEN_TO:
                document["may_be_written_to"] = False
            case ErasureBegun() if event.notice_email:
                name = {"field": "notice_name", "text": event.notice_name}
                document.update(language=event.language, name=name, email={"field": "notice_email", "text": event.notice_email})
            case StaffEnrolled():
                name, email = {"field": "name", "text": event.name}, {"field": "email", "text": event.email}
                document.update(
                    language=event.language, name=name, email=email, zone=event.time_zone, heads=event.role == "head"
                )
            case ProfileErased() | ReceiptSettled() | StaffRemoved():
                kept = {name: document[name] for name in ("_id", "version", "updated_at")}
                document.clear()
                document.update(kept, erased=True)
            case ProfileMergedInto():
                document["merged_into"] = event.survivor_id
            case ProfileSeparated():
                document["merged_into"] = ""


def _sealed(details: PersonDetails | CompanyDetails | PartnerDetails) -> dict[str, Sealed]:
    """A partner organisation's name is no personal data and is not sealed."""
    match details:
        case PersonDetails():
            return {"name": {"field": "name", "text": details.name}, "email": {"field": "email", "text": details.email}}
        case CompanyDetails():
            name = {"field": "contact_name", "text": details.contact_name}
            return {"name": name, "email": {"field": "contact_email", "text": details.contact_email}}
        case PartnerDetails():
            return {"name": {"text": details.name}, "email": {"field": "contact_email", "text": details.contact_email}}


class PreferencesView(Projection):
    """{_id: preferences stream, recipient, email, digest, quiet_from, quiet_until, time_zone, webhook: {url, secret}: sealed,
    dead: fingerprint of the address that bounced}"""

    collection = "preferences"
    categories = frozenset({"preferences"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case PreferencesChanged():
                document.update(event.model_dump())
            case WebhookSet():
                document.update(recipient=event.recipient, webhook={"url": event.url, "secret": event.secret})
            case WebhookRemoved():
                document["webhook"] = None
            case AddressBounced():
                document.update(recipient=event.recipient, dead=event.address)
            case BounceForgotten():
                document["dead"] = ""


class ContactSides(Projection):
    """{_id: contact, person_id, company_id, open, answers: [{side, version}]}

    An answer is the agreement of a ``side`` with that version, or "" where both are asked anew: so it is known also later
    who had agreed when something happened.
    """

    collection = "contact_sides"
    categories = frozenset({"contact"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case ContactProposed():
                document.update(person_id=event.person_id, company_id=event.company_id, open=True)
            case ContactAccepted():
                document["answers"] = [*document.get("answers", []), {"side": event.side, "version": envelope.version}]
            case ContactReopened():
                anew = {"side": "", "version": envelope.version}
                document.update(open=True, answers=[*document.get("answers", []), anew])
            case ContactDeclined() | ContactDormant() | ContactClosed():
                document["open"] = False


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """Whom a message goes to, in the clear. Lives as long as one sending and is never logged."""

    language: str
    name: str
    email: str
    zone: str = ""


class CannotBeWrittenTo(Exception):
    """There is no way to write to this recipient; the message says why, and names nobody."""


class AddressDead(CannotBeWrittenTo):
    """Mails to the address that they have stated come back."""


@dataclass(frozen=True, slots=True, repr=False)
class Webhook:
    """Where a recipient's system is told, and the secret that signs it. Lives as long as one sending and is never logged."""

    url: str
    secret: str


class AddressBook:
    """Reads the address book."""

    def __init__(self, database: Database[Document], vault: KeyVault) -> None:
        self._recipients = database["recipients"]
        self._preferences = database["preferences"]
        self._sides = database["contact_sides"]
        self._vault = vault

    def recipient(self, id: str, demanded_by_law: bool = False) -> Recipient:
        """Raises CannotBeWrittenTo for one who is unknown or was erased; also for one who does not want e-mail or, as a
        person, has not agreed to be written to, unless the law demands it."""
        document = self._recipients.find_one({"_id": id})
        if document is None:
            raise CannotBeWrittenTo("the recipient is not known")
        if "email" not in document:
            raise CannotBeWrittenTo("the recipient's data has been erased")
        if document.get("merged_into"):
            raise CannotBeWrittenTo(f"the recipient was merged into {document['merged_into']}")
        if not demanded_by_law:
            self._require_agreement(id, document)
        name, email = self._open(id, document["name"]), self._open(id, document["email"])
        if not name or not email:
            raise CannotBeWrittenTo("the recipient's data has been erased")
        if self._chosen(id).get("dead") == self._vault.fingerprint(id, email):
            raise AddressDead("mails to this address come back")
        return Recipient(document["language"], name, email, document.get("zone") or self.habits(id).zone)

    def habits(self, id: str) -> Habits:
        """When a recipient wants to be written to."""
        chosen, known = self._chosen(id), self._recipients.find_one({"_id": id}, {"zone": 1}) or {}
        zone = chosen.get("time_zone") or known.get("zone") or ""
        quiet_from, quiet_until = str(chosen.get("quiet_from") or ""), str(chosen.get("quiet_until") or "")
        return Habits(str(chosen.get("digest") or "none"), quiet_from, quiet_until, zone)

    def webhook(self, id: str) -> Webhook | None:
        """None where there is none, or it can no longer be read."""
        sealed = self._chosen(id).get("webhook")
        if not sealed:
            return None
        url = self._vault.open(id, "webhook_url", sealed["url"])
        secret = self._vault.open(id, "webhook_secret", sealed["secret"])
        return Webhook(url, secret) if url and secret else None

    def fingerprint(self, id: str, address: str) -> str:
        """By what an address that bounced is known again; without the key of its owner it says nothing."""
        return self._vault.fingerprint(id, address)

    def secret(self, name: str) -> bytes:
        return self._vault.secret(name)

    def _chosen(self, id: str) -> Document:
        return self._preferences.find_one({"_id": preferences_stream(id)}) or {}

    def unseal(self, owner: str, field: str, sealed: str) -> str | None:
        """A text that is sealed with the key of whoever it is about; None where that was destroyed."""
        return self._vault.open(owner, field, sealed)

    def _require_agreement(self, id: str, document: Document) -> None:
        """Companies and partners are written to on business; people only where they have agreed to it."""
        if id.startswith("person-") and not document.get("may_be_written_to"):
            raise CannotBeWrittenTo("the recipient has not agreed to be written to")
        if not self._chosen(id).get("email", True):
            raise CannotBeWrittenTo("the recipient does not want e-mail")

    def _open(self, id: str, sealed: Sealed) -> str | None:
        return self._vault.open(id, sealed["field"], sealed["text"]) if "field" in sealed else sealed["text"]


def parties_of(database: Database[Document], contact: str) -> tuple[str, str] | None:
    """The ids of the person and the company of a contact, or None while its proposal was not seen."""
    document = database["contact_sides"].find_one({"_id": contact})
    return (document["person_id"], document["company_id"]) if document and "person_id" in document else None


def agreed(answers: Iterable[Document], version: int) -> frozenset[str]:
    """The sides that had agreed when the contact's stream had this version."""
    sides: frozenset[str] = frozenset()
    for each in answers:
        if each["version"] <= version:
            sides = sides | {each["side"]} if each["side"] else frozenset()
    return sides


def heads_of(database: Database[Document]) -> tuple[str, ...]:
    """The heads in the staff directory; where there is none, the recipient that stands for all of them."""
    found = tuple(each["_id"] for each in database["recipients"].find({"heads": True}, {"_id": 1}).sort("_id", 1))
    return found or (HEADS,)


def has_webhook(database: Database[Document], recipient: str) -> bool:
    found = database["preferences"].find_one({"_id": preferences_stream(recipient)}, {"webhook": 1}) or {}
    return bool(found.get("webhook"))
