"""The address book: in which language and where recipients are reached, what they prefer, and who belongs to a contact.

Names and addresses stay sealed here; they are opened at the moment of sending and nowhere kept.
"""

from dataclasses import dataclass

import mongoengine
from pymongo.database import Database

from services.foundation.aggregate import derived_stream
from services.foundation.database import Document
from services.foundation.messages import Envelope, Event
from services.foundation.privacy import KeyVault
from services.foundation.projection import Projection
from services.matching.contract import ContactProposed
from services.notifications.contract import PreferencesChanged
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
    categories = frozenset({"person", "company", "partner", "erasure"})

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
            case ProfileErased() | ReceiptSettled():
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
    """{_id: preferences stream, recipient, email}"""

    collection = "preferences"
    categories = frozenset({"preferences"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case PreferencesChanged():
                document.update(recipient=event.recipient, email=event.email)


class ContactSides(Projection):
    """{_id: contact, person_id, company_id}"""

    collection = "contact_sides"
    categories = frozenset({"contact"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case ContactProposed():
                document.update(person_id=event.person_id, company_id=event.company_id)


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """Whom a message goes to, in the clear. Lives as long as one sending and is never logged."""

    language: str
    name: str
    email: str
    zone: str = ""


class CannotBeWrittenTo(Exception):
    """There is no way to write to this recipient; the message says why, and names nobody."""


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
        return Recipient(document["language"], name, email)

    def unseal(self, owner: str, field: str, sealed: str) -> str | None:
        """A text that is sealed with the key of whoever it is about; None where that was destroyed."""
        return self._vault.open(owner, field, sealed)

    def _require_agreement(self, id: str, document: Document) -> None:
        """Companies and partners are written to on business; people only where they have agreed to it."""
        if id.startswith("person-") and not document.get("may_be_written_to"):
            raise CannotBeWrittenTo("the recipient has not agreed to be written to")
        if not self._wants_email(id):
            raise CannotBeWrittenTo("the recipient does not want e-mail")

    def _wants_email(self, id: str) -> bool:
        chosen = self._preferences.find_one({"_id": derived_stream("preferences", id)})
        return chosen is None or bool(chosen["email"])

    def _open(self, id: str, sealed: Sealed) -> str | None:
        return self._vault.open(id, sealed["field"], sealed["text"]) if "field" in sealed else sealed["text"]


def parties_of(database: Database[Document], contact: str) -> tuple[str, str] | None:
    """The ids of the person and the company of a contact, or None while its proposal was not seen."""
    document = database["contact_sides"].find_one({"_id": contact})
    return (document["person_id"], document["company_id"]) if document and "person_id" in document else None
