"""The keeper of the rankings on a real broker and database: who leads, what is told, and what is not told twice."""

from uuid import uuid4

import pytest
from pymongo.database import Database

from services.foundation.broker import Broker
from services.foundation.database import Document, open_database
from services.foundation.settings import Settings
from services.matching.facts import only_itself
from services.matching.pool import Companies, People
from services.matching.rankings import Rankings
from services.matching.weights import DEFAULT_WEIGHTS
from services.profiles.contract import (
    CompanyDetails,
    ConsentGranted,
    ConsentWithdrawn,
    KnownMarket,
    NeedStated,
    PersonDetails,
    ProfileCreated,
)
from tests.integration.test_merged_recipients import keep
from tests.unit.gateway.test_views import NOW

pytestmark = pytest.mark.servers

PERSON, COMPANY, NEED = f"person-{uuid4()}", f"company-{uuid4()}", f"need-{uuid4()}"
WISH = NeedStated(need_id=NEED, title="Way to Ukraine", purpose="market_expertise", sector="trade", target_market="UA")
DETAILS = PersonDetails(
    name="", email="", purposes=("market_expertise",), markets=(KnownMarket(country="UA", sector="trade", years=9),)
)
CONSENT = ConsentGranted(purpose="matching", text_version="2026-01", language="de", granted_at=NOW)
KNOWN = [ProfileCreated(kind="person", details=DETAILS), CONSENT]


@pytest.fixture
def database(settings: Settings) -> Database[Document]:
    database = open_database(settings, "matching")
    for name in ("people", "companies", "ranking_state", "published_rankings"):
        database[name].delete_many({})
    return database


def keeper(database: Database[Document], settings: Settings) -> Rankings:
    return Rankings(database, Broker(settings), lambda: None, only_itself, lambda: DEFAULT_WEIGHTS)


def told(database: Database[Document]) -> dict[str, str]:
    return {each["_id"]: each["digest"] for each in database["published_rankings"].find({"digest": {"$exists": True}})}


def test_a_change_is_ranked_and_told_once(settings: Settings, database: Database[Document]) -> None:
    rankings = keeper(database, settings)
    keep(
        database, Companies(), COMPANY, [ProfileCreated(kind="company", details=CompanyDetails(name="", sector="trade")), WISH]
    )
    revision = rankings.touch([COMPANY])
    rankings.refresh()
    assert rankings.ranked == revision
    alone = told(database)
    assert alone.keys() == {NEED}

    keep(database, People(), PERSON, KNOWN)
    rankings.touch([PERSON])
    rankings.refresh()
    together = told(database)
    assert together.keys() == {NEED, PERSON}
    assert together[NEED] != alone[NEED]

    rankings.touch([PERSON])
    rankings.refresh()
    assert told(database) == together

    keep(database, People(), PERSON, [*KNOWN, ConsentWithdrawn(purpose="matching", withdrawn_at=NOW)])
    last = rankings.touch([PERSON])
    rankings.refresh()
    assert told(database)[NEED] == alone[NEED]
    assert told(database)[PERSON] != together[PERSON]
    assert rankings.ranked == last


def test_one_leads_and_another_takes_over_where_it_stopped(settings: Settings, database: Database[Document]) -> None:
    first, second = keeper(database, settings), keeper(database, settings)
    keep(database, People(), PERSON, KNOWN)
    first.touch([PERSON])
    first.refresh()
    revision = first.touch([PERSON])
    second.refresh()
    assert second.ranked < revision
    first.resign()
    second.refresh()
    assert second.ranked == revision


def test_all_is_told_again_where_the_topic_was_made_anew(settings: Settings, database: Database[Document]) -> None:
    rankings = keeper(database, settings)
    keep(database, People(), PERSON, KNOWN)
    rankings.touch([PERSON])
    rankings.refresh()
    before = told(database)
    rankings.forget_published()
    assert not told(database)
    rankings.refresh()
    assert told(database) == before
