"""Whoever is merged into another profile is not written to and not matched, until they are told apart, on a real database."""

import base64
from collections.abc import Iterable
from uuid import uuid4

import pytest
from pydantic import SecretStr
from pymongo.database import Database

from services.foundation.database import Document, open_database
from services.foundation.messages import Event
from services.foundation.privacy import KeyVault, open_vault
from services.foundation.projection import Projection
from services.foundation.settings import Settings
from services.matching.contract import ProposeContact
from services.matching.pool import Companies, People, Pool
from services.notifications.address_book import AddressBook, CannotBeWrittenTo, Recipients
from services.profiles.contract import (
    CompanyDetails,
    ConsentGranted,
    NeedStated,
    PersonDetails,
    ProfileCreated,
    ProfileErased,
    ProfileMergedInto,
    ProfileSeparated,
    ProfilesMerged,
)
from tests.unit.gateway.test_views import NOW, envelope

pytestmark = pytest.mark.servers

PURPOSES = ("matching", "show_to_companies", "be_written_to")
CONSENTS = [ConsentGranted(purpose=each, text_version="2026-01", language="de", granted_at=NOW) for each in PURPOSES]
NEED = NeedStated(need_id=f"need-{uuid4()}", title="Bauleitung", purpose="employment")
COMPANY = [ProfileCreated(kind="company", details=CompanyDetails(name="Bau GmbH", sector="construction")), NEED]


def rests(survivor: str) -> ProfileMergedInto:
    return ProfileMergedInto(survivor_id=survivor, merge_id="merge-1")


def apart(survivor: str) -> ProfileSeparated:
    return ProfileSeparated(survivor_id=survivor, merge_id="merge-1")


def keep(database: Database[Document], projection: Projection, stream: str, events: Iterable[Event]) -> None:
    """The document of this stream, as it stands after these events."""
    document: Document = {"_id": stream}
    for version, event in enumerate(events, 1):
        document.update(version=version, updated_at=NOW)
        projection.apply(document, event, envelope(stream, version))
    database[projection.collection].replace_one({"_id": stream}, document, upsert=True)


@pytest.fixture
def person() -> str:
    return f"person-{uuid4()}"


@pytest.fixture
def vault(settings: Settings) -> KeyVault:
    key = SecretStr(base64.b64encode(b"k" * 32).decode())
    return open_vault(settings.model_copy(update={"master_key": key}))


def sealed_person(vault: KeyVault, id: str) -> list[Event]:
    vault.create(id)
    sealed = {"name": vault.seal(id, "name", "Anna"), "email": vault.seal(id, "email", "a@example.org")}
    return [ProfileCreated(kind="person", details=PersonDetails(**sealed)), *CONSENTS]


def test_a_recipient_who_is_merged_is_written_to_again_when_told_apart(
    settings: Settings, vault: KeyVault, person: str
) -> None:
    database = open_database(settings, "notifications")
    book, survivor, known = AddressBook(database, vault), f"person-{uuid4()}", sealed_person(vault, person)
    keep(database, Recipients(), person, known)
    assert book.recipient(person).email == "a@example.org"
    keep(database, Recipients(), person, [*known, rests(survivor)])
    for demanded_by_law in (False, True):
        with pytest.raises(CannotBeWrittenTo, match=survivor):
            book.recipient(person, demanded_by_law)
    keep(database, Recipients(), person, [*known, rests(survivor), apart(survivor)])
    assert book.recipient(person).name == "Anna"


def test_who_was_erased_while_merged_is_not_written_to(settings: Settings, vault: KeyVault, person: str) -> None:
    database, survivor = open_database(settings, "notifications"), f"person-{uuid4()}"
    erased = ProfileErased(kind="person", erasure_id="erasure-1", erased_at=NOW)
    keep(database, Recipients(), person, [*sealed_person(vault, person), rests(survivor), erased, apart(survivor)])
    with pytest.raises(CannotBeWrittenTo, match="erased"):
        AddressBook(database, vault).recipient(person)


def test_a_survivor_is_written_to_where_the_merge_says(settings: Settings, vault: KeyVault, person: str) -> None:
    database, known = open_database(settings, "notifications"), sealed_person(vault, person)
    details = PersonDetails(name=vault.seal(person, "name", "Anna"), email=vault.seal(person, "email", "new@example.org"))
    merge = ProfilesMerged(kind="person", details=details, absorbed_id="person-2", absorbed_version=1, merge_id="merge-1")
    keep(database, Recipients(), person, [*known, merge])
    assert AddressBook(database, vault).recipient(person).email == "new@example.org"


def test_a_person_who_is_merged_is_neither_ranked_nor_proposed(settings: Settings, person: str) -> None:
    database, survivor, company = open_database(settings, "matching"), f"person-{uuid4()}", f"company-{uuid4()}"
    details = PersonDetails(name="", email="", purposes=("employment",))
    pool, known = Pool(database), [ProfileCreated(kind="person", details=details), *CONSENTS]
    keep(database, Companies(), company, COMPANY)
    for told, merged_into in (
        (known, ""),
        ([*known, rests(survivor)], survivor),
        ([*known, rests(survivor), apart(survivor)], ""),
    ):
        keep(database, People(), person, told)
        assert [each.person_id for each in pool.people()] == ([] if merged_into else [person])
        assert pool.is_merged(person) == bool(merged_into)
        assert pool.eligibility_of(proposal(person, company)).person_merged_into == merged_into
    assert set(pool.consents_of(person)) == set(PURPOSES)


def test_needs_of_a_company_that_is_merged_are_not_open(settings: Settings, person: str) -> None:
    database, survivor, company = open_database(settings, "matching"), f"company-{uuid4()}", f"company-{uuid4()}"
    pool = Pool(database)
    for told, merged in (
        (COMPANY, False),
        ([*COMPANY, rests(survivor)], True),
        ([*COMPANY, rests(survivor), apart(survivor)], False),
    ):
        keep(database, Companies(), company, told)
        assert [(whose, is_open) for whose, _, is_open in pool.needs()] == [(company, not merged)]
        assert pool.eligibility_of(proposal(person, company)).company_merged_into == (survivor if merged else "")


def proposal(person: str, company: str) -> ProposeContact:
    return ProposeContact(person_id=person, company_id=company, need_id=NEED.need_id, coordinator="u1")
