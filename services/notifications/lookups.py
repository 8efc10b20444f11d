"""What the policies need to know beside an event, kept from earlier events: workshops, authors of notices, whose search it is.

Ids, and what is public of a workshop. What a guest is called stays sealed in the events.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.messages import Actor, Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import (
    ContactAssigned,
    ContactProposed,
    NoticeAnswered,
    NoticePosted,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
    WorkshopAnnounced,
    WorkshopChanged,
)
from services.notifications.address_book import agreed, has_webhook
from services.notifications.occasion import Attending, Sides, Workshop
from services.profiles.contract import SearchSaved

STAFF_ROLES = frozenset({"coordinator", "head"})
SHOWN = ("title", "starts_at", "ends_at", "place", "link")


class WorkshopsKnown(Projection):
    """{_id: workshop, title, starts_at, ends_at, place, link, coordinator, entries: [{id, partner_id, is, version}]}

    An entry says what somebody ``is`` since that version (``registered``, ``waitlisted``, ``gone``): so those who took part
    when something happened are found also when it is looked at later.
    """

    collection = "workshops_known"
    categories = frozenset({"workshop"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        document.setdefault("entries", [])
        match event:
            case WorkshopAnnounced():
                document.update({name: getattr(event, name) for name in (*SHOWN, "coordinator")})
            case WorkshopChanged():
                document.update({name: getattr(event, name) for name in SHOWN})
            case ParticipantRegistered():
                _enter(document, event.participant_id, "registered", envelope.version, event.partner_id)
            case ParticipantWaitlisted():
                _enter(document, event.participant_id, "waitlisted", envelope.version, event.partner_id)
            case ParticipantPromoted():
                _enter(document, event.participant_id, "registered", envelope.version)
            case RegistrationCancelled():
                _enter(document, event.participant_id, "gone", envelope.version)


class NoticesKnown(Projection):
    """{_id: notice, author, answers: {answer: author}}"""

    collection = "notices_known"
    categories = frozenset({"notice"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case NoticePosted():
                document["author"] = event.author
            case NoticeAnswered():
                document.setdefault("answers", {})[event.answer_id] = event.author


class SearchersKnown(Projection):
    """{_id: search, staff}: the member of staff who saved it, if it was one."""

    collection = "searchers_known"
    categories = frozenset({"search"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        if isinstance(event, SearchSaved):
            actor = Actor.parse(event.actor)
            document["staff"] = actor.id if actor.role in STAFF_ROLES and not event.owner else ""


class ContactsLookedAfter(Projection):
    """{_id: contact, coordinator, deputy}: the ids of staff, as tokens say them."""

    collection = "contacts_looked_after"
    categories = frozenset({"contact"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        if isinstance(event, ContactProposed | ContactAssigned):
            document.update(coordinator=event.coordinator, deputy=event.deputy)


def _enter(document: Document, id: str, what: str, version: int, partner_id: str = "") -> None:
    if not partner_id:
        partner_id = next((each["partner_id"] for each in reversed(document["entries"]) if each["id"] == id), "")
    before = [each for each in document["entries"] if each["version"] < version]
    document["entries"] = [*before, {"id": id, "partner_id": partner_id, "is": what, "version": version}]


def attending(entries: Iterable[Document], version: int) -> tuple[Attending, ...]:
    """Who took part or waited when the workshop's stream had this version."""
    last = {each["id"]: each for each in entries if each["version"] <= version}
    return tuple(
        Attending(id, each["is"] == "waitlisted", each["partner_id"]) for id, each in last.items() if each["is"] != "gone"
    )


KNOWN: tuple[Projection, ...] = (ContactsLookedAfter(), WorkshopsKnown(), NoticesKnown(), SearchersKnown())
"""The projections of this file."""


class DatabaseLookups:
    """Reads what the projections have kept. ``sides`` come from the address book, ``heads`` from the staff directory."""

    def __init__(
        self, database: Database[Document], sides: Callable[[str], Sides | None], heads: Callable[[], tuple[str, ...]]
    ) -> None:
        self._database = database
        self._sides = sides
        self._heads = heads

    def sides(self, contact: str) -> Sides | None:
        return self._sides(contact)

    def agreed(self, contact: str, version: int) -> frozenset[str]:
        document = self._database["contact_sides"].find_one({"_id": contact}) or {}
        return agreed(document.get("answers", ()), version)

    def open_contacts_of(self, recipient: str) -> tuple[str, ...]:
        about = {"$or": [{"person_id": recipient}, {"company_id": recipient}], "open": True}
        contacts = self._database["contact_sides"].find(about, {"_id": 1}).sort("_id", 1)
        return tuple(each["_id"] for each in contacts)

    def coordinators_of(self, recipient: str) -> tuple[str, ...]:
        contacts = self.open_contacts_of(recipient)
        return tuple(dict.fromkeys(id for each in contacts for id in self.looked_after_by(each)[:1]))

    def heads(self) -> tuple[str, ...]:
        return self._heads()

    def has_webhook(self, recipient: str) -> bool:
        return has_webhook(self._database, recipient)

    def looked_after_by(self, contact: str) -> tuple[str, ...]:
        document = self._database["contacts_looked_after"].find_one({"_id": contact}) or {}
        return tuple(document[part] for part in ("coordinator", "deputy") if document.get(part))

    def workshop(self, workshop: str) -> Workshop | None:
        document = self._database["workshops_known"].find_one({"_id": workshop})
        if document is None or "title" not in document:
            return None
        return Workshop(
            title=document["title"],
            starts_at=_aware(document["starts_at"]),
            ends_at=_aware(document["ends_at"]),
            place=document["place"],
            link=document["link"],
            coordinator=document["coordinator"],
            attending=partial(attending, document["entries"]),
        )

    def author_of(self, notice: str, answer: str | None) -> str:
        document = self._database["notices_known"].find_one({"_id": notice}) or {}
        return str(document.get("answers", {}).get(answer, "") if answer else document.get("author", ""))

    def searcher(self, search: str) -> str:
        document = self._database["searchers_known"].find_one({"_id": search}) or {}
        return str(document.get("staff", ""))


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
