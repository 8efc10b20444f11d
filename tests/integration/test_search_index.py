"""Searches over documents in the database give what a plain filter over the same documents gives, page by page."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pymongo.database import Database

from services.foundation.consumer import Batch
from services.foundation.database import Document, open_database
from services.foundation.messages import SYSTEM, Envelope, Recorded
from services.foundation.settings import Settings
from services.gateway.documents import DOCUMENTS
from services.gateway.search.changes import ViewChanges
from services.gateway.search.finding import Place, ScopeNotUnderstood
from services.gateway.search.folding import words
from services.gateway.search.index import SearchIndex
from services.gateway.search.queries import Query, read_query
from services.profiles.contract import LEVELS, WithdrawConsent
from services.vocabulary.places import distance_km

pytestmark = pytest.mark.servers

SECTORS, PLACES = ("trade", "construction", "other"), ("Rostock", "Wismar", "Güstrow", "Aleppo")
NAMES, SKILLS = ("Anna Müller", "Änne Muller", "Omar Ćosić", "anna"), ("CAD", "Schweißen", "Pumpen bauen")
STARTED = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    changed = STARTED + timedelta(days=draw(st.integers(0, 3)))
    return {
        "_id": f"person-{UUID(int=draw(st.integers(0, 60)), version=4)}",
        "version": 1,
        "updated_at": changed,
        "created_at": STARTED,
        "name": draw(st.sampled_from(NAMES)),
        "email": "x@example.org",
        "sectors": draw(st.lists(st.sampled_from(SECTORS), min_size=1, unique=True)),
        "skills": draw(st.lists(st.sampled_from(SKILLS), unique=True)),
        "languages": [{"language": "de", "level": draw(st.sampled_from(LEVELS))}],
        "place": draw(st.sampled_from(PLACES)),
        "mobility_km": draw(st.sampled_from((0, 50, 200))),
        "region": "DE-MV",
        "consents": [{"purpose": "matching"}] if draw(st.booleans()) else [],
    }


PERSON = {
    "_id": f"person-{UUID(int=1, version=4)}",
    "version": 1,
    "updated_at": STARTED,
    "created_at": STARTED,
    "name": "Anna",
    "place": "Rostock",
    "region": "DE-MV",
}

PAIRS = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(("anna", "mull", "muell", "cosic", "schweiss", "pumpen an", "cad")),
        "sector": st.sampled_from(SECTORS),
        "skill": st.sampled_from(("cad", "SCHWEISSEN")),
        "language": st.sampled_from([f"de:{level}" for level in LEVELS]),
        "consent": st.just("matching"),
        "reaches": st.sampled_from(("Rostock", "Schwerin")),
        "updated_since": st.sampled_from(("2026-01-01", "2026-01-03")),
        "sort": st.sampled_from(("id", "updated", "name")),
    },
)


def fits(person: Document, asked: dict[str, str], names: bool) -> bool:
    texts = [person["place"], *person["skills"], *((person["name"], person["email"]) if names else ())]
    spelled = {word for text in texts for word in (*words(text), *words(text.replace("ü", "u").replace("Ä", "A")))}
    reached = distance_km(person["place"], asked.get("reaches", "Rostock"))
    checks = {
        "q": lambda value: all(any(each.startswith(word) for each in spelled) for word in words(value)),
        "sector": lambda value: value in person["sectors"],
        "skill": lambda value: words(value) in map(words, person["skills"]),
        "language": lambda value: LEVELS.index(person["languages"][0]["level"]) >= LEVELS.index(value[3:]),
        "consent": lambda _: bool(person["consents"]),
        "reaches": lambda _: reached is not None and reached <= person["mobility_km"],
        "updated_since": lambda value: person["updated_at"] >= datetime.fromisoformat(value).replace(tzinfo=UTC),
        "sort": lambda _: True,
    }
    return all(checks[name](value) for name, value in asked.items())


def order(person: Document, sort: str) -> tuple[Any, str]:
    key = {"updated": -person["updated_at"].timestamp(), "name": " ".join(words(person["name"]))}.get(sort, "")
    return key, person["_id"]


@pytest.fixture
def database(settings: Settings) -> Database[Document]:
    return open_database(settings, "gateway", *DOCUMENTS)


def opened(database: Database[Document]) -> SearchIndex:
    return SearchIndex(database, ViewChanges(database))


def written(*streams: str) -> Batch:
    """A batch with an event of each of these streams: what it says makes no difference here."""
    message = WithdrawConsent(purpose="matching")
    return Batch(tuple(Recorded(message, Envelope(each, each, "test", STARTED, SYSTEM, "k")) for each in streams))


def all_pages(index: SearchIndex, query: Query, limit: int) -> list[str]:
    seen: list[str] = []
    after: Place | None = None
    while True:
        found = index.page(query, {}, limit, after)
        seen += found.ids
        if found.last is None:
            return seen
        after = found.last


@tried(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people(), max_size=25, unique_by=lambda each: each["_id"]), PAIRS, st.booleans(), st.integers(1, 5))
def test_a_search_gives_what_a_plain_filter_gives(
    database: Database[Document], stored: list[Document], asked: dict[str, str], names: bool, limit: int
) -> None:
    database["people"].delete_many({})
    if stored:
        database["people"].insert_many([dict(each) for each in stored])
    if not names and asked.get("sort") == "name":
        asked = asked | {"sort": "id"}
    query = read_query("people", asked.items(), names)
    expected = [each for each in stored if fits(each, asked, names)]
    expected.sort(key=lambda each: order(each, asked.get("sort", "id")))
    index = opened(database)
    assert all_pages(index, query, limit) == [each["_id"] for each in expected]
    assert index.page(query, {}, 1).total == len(expected)
    assert index.ids(query, {"consents.purpose": "matching"}) == [each["_id"] for each in expected if each["consents"]]


@tried(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(people(), min_size=2, max_size=20, unique_by=lambda each: each["_id"]),
    st.lists(people(), max_size=8, unique_by=lambda each: each["_id"]),
    st.sampled_from(("id", "updated", "name")),
    st.integers(0, 19),
)
def test_pages_over_changing_data_show_nothing_twice_and_skip_nothing_that_stayed(
    database: Database[Document], stored: list[Document], later: list[Document], sort: str, removed: int
) -> None:
    people_view, changes = database["people"], ViewChanges(database)
    people_view.delete_many({})
    people_view.insert_many([dict(each) for each in stored])
    index, query = opened(database), read_query("people", [("sort", sort)], names=True)
    first = index.page(query, {}, 2)
    gone = stored[removed % len(stored)]["_id"]
    people_view.delete_one({"_id": gone})
    newer = [each | {"version": 2, "updated_at": STARTED + timedelta(days=9)} for each in later if each["_id"] != gone]
    for each in newer:
        people_view.replace_one({"_id": each["_id"]}, each, upsert=True)
    changes.record(written(gone, *(each["_id"] for each in newer)))
    rest: list[str] = []
    after = first.last
    while after is not None:
        page = index.page(query, {}, 2, after)
        rest += page.ids
        after = page.last
    touched = {gone, *(each["_id"] for each in newer)}
    seen = first.ids + rest
    stayed = [each["_id"] for each in sorted(stored, key=lambda each: order(each, sort)) if each["_id"] not in touched]
    assert [id for id in seen if id not in touched] == stayed
    assert len(rest) == len(set(rest))
    assert gone not in rest
    if sort != "name":
        assert len(seen) == len(set(seen))


def test_what_another_gateway_writes_is_found(database: Database[Document]) -> None:
    here, elsewhere = opened(database), ViewChanges(database)
    query = read_query("people", [("sector", "trade")], names=False)
    assert here.ids(query, {}) == []
    person = {**PERSON, "sectors": ["trade"]}
    database["people"].insert_one(person)
    elsewhere.record(written(person["_id"]))
    assert here.ids(query, {}) == [person["_id"]]
    database["people"].replace_one({"_id": person["_id"]}, {"version": 2, "erased_at": STARTED})
    elsewhere.record(written(person["_id"]))
    assert here.ids(query, {}) == []


def test_views_that_were_made_anew_are_read_anew(database: Database[Document]) -> None:
    here, elsewhere = opened(database), ViewChanges(database)
    query = read_query("people", [], names=False)
    assert here.ids(query, {}) == []
    database["people"].insert_one(dict(PERSON))
    elsewhere.record_everything()
    assert len(here.ids(query, {})) == 1


def test_a_scope_that_search_does_not_know_shows_nothing(database: Database[Document]) -> None:
    with pytest.raises(ScopeNotUnderstood):
        opened(database).ids(read_query("people", [], names=False), {"shoe_size": 43})


def test_a_document_is_found_as_it_is_while_its_batch_is_still_being_written(database: Database[Document]) -> None:
    changes = ViewChanges(database)
    index, moved = SearchIndex(database, changes), PERSON | {"_id": f"person-{UUID(int=7, version=4)}", "place": "Wismar"}
    query = read_query("people", [("place", "Wismar")], names=True)
    database["people"].insert_one(moved | {"place": "Rostock"})
    assert index.ids(query, {}) == []
    with changes.writing(written(moved["_id"])):
        assert index.ids(query, {}) == []
        database["people"].replace_one({"_id": moved["_id"]}, moved)
        assert index.ids(query, {}) == [moved["_id"]]
