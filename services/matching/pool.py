"""The pool: what matching knows of people and companies from the events of profiles. It holds no name and no address."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

import mongoengine
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import ExplainPair, ProposeContact, RegisterParticipant
from services.matching.eligibility import Eligibility
from services.matching.facts import KnownSkill, Market, PersonFacts, best_levels
from services.matching.statements import concepts_of, note_sources, note_statement, recognitions_of, sources_of
from services.matching.workshop_rules import GUEST, Standing
from services.profiles.contract import (
    PERSON_SEALED,
    ConsentGranted,
    ConsentWithdrawn,
    NeedStated,
    NeedWithdrawn,
    ProfileCreated,
    ProfileErased,
    ProfileMergedInto,
    ProfileSeparated,
    ProfileUpdated,
    QualificationRecorded,
    QualificationRemoved,
    RecognitionStatusChanged,
    SkillsStated,
)

LOADED_AT_ONCE = 2_000
CATCH_UP_SECONDS = 5.0
"""How long a proposal waits for the pool to have seen what its sender has seen."""

SEALED = set(PERSON_SEALED)
"""Not even sealed do these belong here."""

NOTHING_STATED: Document = {"sources": {}, "concepts": [], "qualifications": {}, "recognitions": {}}


class PersonDocument(mongoengine.DynamicDocument):
    """A person of the pool: details without what is sealed, the active consents, and what statements.py keeps."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    meta = {"collection": "people", "auto_create_index": False}  # noqa: RUF012


class CompanyDocument(mongoengine.DynamicDocument):
    """A company of the pool with its open needs by id."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    meta = {"collection": "companies", "auto_create_index": False}  # noqa: RUF012


class People(Projection):
    collection = "people"
    categories = frozenset({"person"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        consents = document.setdefault("consents", [])
        match event:
            case ProfileCreated() | ProfileUpdated():
                document["details"] = event.details.model_dump(mode="json", exclude=SEALED)
                note_sources(document, event)
            case SkillsStated() | QualificationRecorded() | RecognitionStatusChanged() | QualificationRemoved():
                note_statement(document, event)
            case ConsentGranted():
                document["consents"] = sorted({*consents, event.purpose})
            case ConsentWithdrawn():
                document["consents"] = [purpose for purpose in consents if purpose != event.purpose]
            case ProfileErased():
                document.update(details={}, consents=[], erased=True, **NOTHING_STATED)
            case ProfileMergedInto() | ProfileSeparated():
                _keep_merged(document, event)


class Companies(Projection):
    collection = "companies"
    categories = frozenset({"company"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        needs = document.setdefault("needs", {})
        match event:
            case NeedStated():
                needs[event.need_id] = {**event.model_dump(mode="json"), "open": True}
            case NeedWithdrawn():
                needs[event.need_id] = {**needs[event.need_id], "open": False}
            case ProfileErased():
                document.update(needs={id: {**need, "open": False} for id, need in needs.items()}, erased=True)
            case ProfileMergedInto() | ProfileSeparated():
                _keep_merged(document, event)


def _keep_merged(document: Document, event: ProfileMergedInto | ProfileSeparated) -> None:
    """While a profile is merged into another it is not in the pool; consents and needs stay as they are."""
    document["merged_into"] = event.survivor_id if isinstance(event, ProfileMergedInto) else ""


class PoolNeed(NamedTuple):
    """A need with its company's id, and whether it is open."""

    company_id: str
    stated: NeedStated
    is_open: bool


class Pool:
    """Reads the pool."""

    def __init__(self, database: Database[Document]) -> None:
        self._people = database["people"]
        self._companies = database["companies"]

    def eligibility_of(self, command: ProposeContact) -> Eligibility:
        """What both profiles say about a proposal, as of at least the versions that its sender has seen."""
        person = self._seen(self._people, command.person_id, command.person_version)
        company = self._seen(self._companies, command.company_id, command.company_version)
        need = company.get("needs", {}).get(command.need_id, {})
        details, consents = person.get("details", {}), person.get("consents", [])
        return Eligibility(
            person_known=bool(details),
            company_known=bool(company.get("version")) and not company.get("erased"),
            need_open=bool(need.get("open")),
            consent_to_matching="matching" in consents,
            consent_to_show="show_to_companies" in consents,
            purpose_fits=need.get("purpose") in details.get("purposes", ()),
            region=details.get("region", ""),
            person_merged_into=person.get("merged_into", ""),
            company_merged_into=company.get("merged_into", ""),
        )

    def standing_of(self, command: RegisterParticipant) -> Standing:
        """What the profile of a participant says, as of at least the version that the sender has seen."""
        return self._standing(command.participant_id, command.participant_version)

    def is_gone(self, participant_id: str) -> bool:
        """Whether they were erased, or another profile stands for them."""
        standing = self._standing(participant_id, 0)
        return not standing.known or bool(standing.merged_into)

    def _standing(self, participant_id: str, version: int) -> Standing:
        if participant_id.startswith("guest-"):
            return GUEST
        profiles = self._people if participant_id.startswith("person-") else self._companies
        document = self._seen(profiles, participant_id, version)
        is_known = bool(document.get("version")) and not document.get("erased")
        return Standing(is_known, document.get("merged_into") or "")

    def pair(self, command: ExplainPair) -> tuple[PoolNeed, PersonFacts] | None:
        """A need, whether it is open, and a person, as of at least the versions that the sender has seen."""
        document = self._seen(self._people, command.person_id, command.person_version)
        company = self._seen(self._companies, command.company_id, command.company_version)
        need = company.get("needs", {}).get(command.need_id)
        if need is None or not document.get("details"):
            return None
        is_open = bool(need["open"]) and not company.get("merged_into")
        return PoolNeed(command.company_id, NeedStated.model_validate(need), is_open), facts_of(document)

    def is_merged(self, id: str) -> bool:
        """Whether another profile stands for this person or company."""
        documents = self._people if id.startswith("person-") else self._companies
        return bool((documents.find_one({"_id": id}) or {}).get("merged_into"))

    def consents_of(self, person_id: str) -> tuple[str, ...]:
        """The purposes to which this person consents, as it stands."""
        person = self._people.find_one({"_id": person_id}) or {}
        return tuple(person.get("consents", ()))

    def who_was_erased(self, person_id: str, company_id: str) -> str:
        """Which side of a contact was erased, ``person`` or ``company``; nothing where both live."""
        sides = {"person": person_id, "company": company_id}
        return next((side for side, id in sides.items() if self.was_erased(id)), "")

    def was_erased(self, id: str) -> bool:
        """Whether this person or company was erased; of anybody else the pool knows nothing."""
        documents = self._people if id.startswith("person-") else self._companies
        return documents.find_one({"_id": id, "erased": True}) is not None

    def _seen(self, collection: Any, stream: str, version: int) -> Document:
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while True:
            document: Document = collection.find_one({"_id": stream}) or {}
            if document.get("version", 0) >= version or time.monotonic() > deadline:
                return document
            time.sleep(0.01)

    def people(self, ids: Iterable[str] | None = None) -> Iterator[PersonFacts]:
        """Everybody who may be ranked, or those of these ids."""
        documents: Iterable[Document]
        if ids is None:
            documents = _read_ahead(self._people.find({"consents": "matching"}, batch_size=LOADED_AT_ONCE))
        else:
            documents = self._people.find({"consents": "matching", "_id": {"$in": list(ids)}})
        for document in documents:
            if not document.get("merged_into"):
                yield facts_of(document)

    def person(self, id: str) -> PersonFacts | None:
        """Whoever it is that the pool knows by this id, also one who may not be ranked."""
        document = self._people.find_one({"_id": id})
        return facts_of(document) if document and document.get("details") else None

    def needs(self, companies: Iterable[str] | None = None) -> Iterator[PoolNeed]:
        """Every need, or those of these companies; one of a company that is merged is not open."""
        among = {} if companies is None else {"_id": {"$in": list(companies)}}
        for document in self._companies.find(among):
            for need in document.get("needs", {}).values():
                is_open = bool(need["open"]) and not document.get("merged_into")
                yield PoolNeed(document["_id"], NeedStated.model_validate(need), is_open)


def _read_ahead(documents: Iterator[Document]) -> Iterator[Document]:
    """The same documents. While some are made use of, the database is at work on the next."""
    with ThreadPoolExecutor(1, thread_name_prefix="pool") as reader:
        waiting = reader.submit(_some_of, documents)
        while some := waiting.result():
            waiting = reader.submit(_some_of, documents)
            yield from some


def _some_of(documents: Iterator[Document]) -> list[Document]:
    return list(islice(documents, LOADED_AT_ONCE))


def facts_of(document: Document) -> PersonFacts:
    """What ranking may know of a person of the pool.

    It is read as it stands: what the pool keeps was checked when it was an event, and checking 100,000 profiles again takes
    longer than ranking them.
    """
    details, sources = document["details"], sources_of(document)
    meanings = {typed: (concept, source) for typed, concept, source in concepts_of(document)}
    unexplained = ("", sources.get("skills", "staff"))
    start = details.get("available_from")
    return PersonFacts(
        person_id=document["_id"],
        consent_to_matching="matching" in document.get("consents", ()) and not document.get("merged_into"),
        purposes=frozenset(details.get("purposes", ())),
        occupation=details.get("occupation", ""),
        experience_years=details.get("experience_years", 0),
        sectors=frozenset(details.get("sectors", ())),
        skills=frozenset(KnownSkill(typed, *meanings.get(typed, unexplained)) for typed in details.get("skills", ())),
        languages=best_levels((each["language"], each["level"]) for each in details.get("languages", ())),
        markets=frozenset(
            Market(each["country"], each["sector"], each.get("years", 0), each.get("network", "none"))
            for each in details.get("markets", ())
        ),
        place=details.get("place", ""),
        region=details.get("region", ""),
        mobility_km=details.get("mobility_km", 0),
        available_from=date.fromisoformat(start) if start else None,
        weekly_hours=details.get("weekly_hours"),
        recognitions=frozenset(recognitions_of(document)),
        provenance=sources,
    )
