"""What stands on the topic of rankings, whatever happens between a change and its being told: nobody stays who has left."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from kafka.errors import KafkaTimeoutError
from pymongo.database import Database

from services.foundation.database import Document, open_database
from services.foundation.settings import Settings
from services.matching import rankings
from services.matching.facts import only_itself
from services.matching.pool import Companies, People
from services.matching.rankings import LeadLost, RankingNotPublished, Rankings
from services.matching.weights import DEFAULT_WEIGHTS
from services.profiles.contract import (
    CompanyDetails,
    ConsentGranted,
    ConsentWithdrawn,
    NeedStated,
    PersonDetails,
    ProfileCreated,
    ProfileErased,
)
from tests.integration.test_merged_recipients import keep
from tests.unit.gateway.test_views import NOW

pytestmark = pytest.mark.servers

COMPANY, ADVICE, WORK = f"company-{uuid4()}", f"need-{uuid4()}", f"need-{uuid4()}"
ANNA, BASEM, CLARA = (f"person-{uuid4()}" for _ in range(3))
CONSENT = ConsentGranted(purpose="matching", text_version="2026-01", language="de", granted_at=NOW)
WITHDRAWN = ConsentWithdrawn(purpose="matching", withdrawn_at=NOW)
ERASED = ProfileErased(kind="person", erasure_id="erasure-1", erased_at=NOW)


class Topic:
    """What a broker would hold: the lists in the order of their arrival. It is a producer and its own futures as well.

    ``meanwhile`` happens once between sending and confirming; ``fails`` makes what arrived stay without an answer once.
    """

    is_done, exception = True, None

    def __init__(self) -> None:
        self.arrived: list[tuple[str, bytes]] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.fails = False

    def ensure_topics(self, _: object) -> None: ...

    def producer(self) -> "Topic":
        return self

    def send(self, _: str, value: bytes, key: bytes, headers: object) -> "Topic":
        self._sent.append((key.decode(), value))
        return self

    def failed(self) -> bool:
        return False

    def flush(self, _: float) -> None:
        sent, self._sent = self._sent, []
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        self.arrived += sent
        if self.fails:
            self.fails = False
            raise KafkaTimeoutError("no answer")

    def close(self, timeout: float) -> None: ...

    _sent: list[tuple[str, bytes]] = []  # noqa: RUF012

    def taken(self) -> set[str]:
        """The keys of what has arrived since this was last asked."""
        keys = {key for key, _ in self.arrived[self._asked :]}
        self._asked = len(self.arrived)
        return keys

    _asked = 0

    def last(self, key: str) -> str:
        return next((value.decode() for known, value in reversed(self.arrived) if known == key), "")


class Pool:
    """The pool as matching keeps it, and who ranks it."""

    def __init__(self, database: Database[Document], topic: Topic) -> None:
        self._database, self.topic = database, topic
        self.before_following: Callable[[], object] = lambda: None
        self._known: dict[str, list[Any]] = {}

    def leader(self, topic: Topic | None = None) -> Rankings:
        return Rankings(self._database, topic or self.topic, lambda: None, only_itself, self._weights)  # type: ignore[arg-type]

    def put(self, rankings: Rankings, stream: str, *events: Any) -> int:
        known = self._known.setdefault(stream, [])
        known += events
        keep(self._database, Companies() if stream == COMPANY else People(), stream, known)
        return rankings.touch([stream])

    def join(self, rankings: Rankings, id: str, purpose: str = "advice", years: int = 1) -> int:
        details = PersonDetails(name="", email="", purposes=(purpose,), experience_years=years)
        return self.put(rankings, id, ProfileCreated(kind="person", details=details), CONSENT)

    def _weights(self) -> Any:
        meanwhile, self.before_following = self.before_following, lambda: None
        meanwhile()
        return DEFAULT_WEIGHTS


@pytest.fixture
def pool(settings: Settings) -> Pool:
    return Pool(open_database(settings, "matching"), Topic())


@pytest.fixture
def first(pool: Pool) -> Rankings:
    """Who leads, with two needs told."""
    first = pool.leader()
    created = ProfileCreated(kind="company", details=CompanyDetails(name="", sector="trade"))
    wishes = (
        NeedStated(need_id=ADVICE, title="a", purpose="advice"),
        NeedStated(need_id=WORK, title="w", purpose="employment"),
    )
    pool.put(first, COMPANY, created, *wishes)
    first.refresh()
    assert pool.topic.taken() == {ADVICE, WORK}
    return first


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(rankings, "LEASE", rankings.timedelta(seconds=0.3))
    monkeypatch.setattr(rankings, "SENDING_SECONDS", 0.1)
    return 0.4


def test_a_changed_profile_leads_to_exactly_the_changed_lists(pool: Pool, first: Rankings) -> None:
    pool.join(first, ANNA, years=3)
    pool.join(first, BASEM)
    pool.join(first, CLARA, "employment")
    first.refresh()
    assert pool.topic.taken() == {ADVICE, WORK, ANNA, BASEM, CLARA}

    changed = PersonDetails(name="", email="", purposes=("advice",), experience_years=5)
    pool.put(first, BASEM, ProfileCreated(kind="person", details=changed))
    first.refresh()
    assert pool.topic.taken() == {ADVICE, BASEM}
    assert pool.topic.last(ADVICE).index(BASEM) < pool.topic.last(ADVICE).index(ANNA)

    pool.put(first, BASEM, ProfileCreated(kind="person", details=changed))
    first.refresh()
    assert pool.topic.taken() == set()


@pytest.mark.parametrize("leaving", [WITHDRAWN, ERASED])
def test_who_takes_over_tells_what_the_other_missed(pool: Pool, first: Rankings, leaving: Any) -> None:
    pool.join(first, ANNA)
    pool.join(first, CLARA, "employment")
    first.refresh()
    pool.topic.taken()
    revision = pool.put(first, ANNA, leaving)
    first.resign()
    second = pool.leader()
    second.refresh()
    assert pool.topic.taken() == {ADVICE, ANNA}
    assert ANNA not in pool.topic.last(ADVICE)
    assert ADVICE not in pool.topic.last(ANNA)
    assert second.ranked == revision


def test_what_changes_while_changes_are_read_is_not_passed_over(pool: Pool, first: Rankings) -> None:
    pool.join(first, ANNA)
    first.refresh()
    pool.put(first, ANNA, WITHDRAWN)
    pool.before_following = lambda: pool.join(first, BASEM)
    first.refresh()
    first.refresh()
    assert ANNA not in pool.topic.last(ADVICE)
    assert BASEM in pool.topic.last(ADVICE)


@pytest.mark.parametrize("crashed", [False, True])
def test_a_list_that_arrived_unconfirmed_is_told_again_though_it_is_as_before(
    pool: Pool, first: Rankings, crashed: bool
) -> None:
    pool.join(first, ANNA)
    pool.topic.fails = True
    with pytest.raises((RankingNotPublished, KafkaTimeoutError)):
        first.refresh()
    assert ANNA in pool.topic.last(ADVICE)
    pool.put(first, ANNA, WITHDRAWN)
    if crashed:
        first.resign()
    (pool.leader() if crashed else first).refresh()
    assert ANNA not in pool.topic.last(ADVICE)


def test_whose_list_arrived_unconfirmed_is_told_after_leaving(pool: Pool, first: Rankings, monkeypatch: Any) -> None:
    pool.join(first, ANNA)
    told = Rankings._publish

    def without_needs(keeper: Rankings, lists: Any, revision: int) -> None:
        told(keeper, (each for each in lists if each.key == ANNA), revision)

    monkeypatch.setattr(Rankings, "_publish", without_needs)
    pool.topic.fails = True
    with pytest.raises(KafkaTimeoutError):
        first.refresh()
    monkeypatch.setattr(Rankings, "_publish", told)
    assert ADVICE in pool.topic.last(ANNA)
    pool.put(first, ANNA, ERASED)
    first.resign()
    pool.leader().refresh()
    assert ADVICE not in pool.topic.last(ANNA)


def test_who_led_before_and_sent_late_has_it_set_right(pool: Pool, short_lease: float, first: Rankings) -> None:
    second = pool.leader(Topic())
    second._broker = pool.topic  # type: ignore[assignment]

    def another_leads() -> None:
        time.sleep(short_lease)
        pool.put(second, ANNA, WITHDRAWN)
        second.refresh()
        assert ANNA not in pool.topic.last(ADVICE)

    pool.join(first, ANNA)
    pool.topic.meanwhile = another_leads
    time.sleep(short_lease)
    with pytest.raises(LeadLost):
        first.refresh()
    assert first.people is None
    second.refresh()
    assert ANNA not in pool.topic.last(ADVICE)


def test_whoever_does_not_lead_sends_nothing(pool: Pool, short_lease: float, first: Rankings) -> None:
    pool.join(first, ANNA)
    second = pool.leader()

    def another_leads() -> None:
        time.sleep(short_lease)
        second.refresh()
        pool.topic.taken()

    first._pause = another_leads
    with pytest.raises(LeadLost):
        first.refresh()
    assert pool.topic.taken() == set()


def test_who_leaves_while_everything_is_to_be_told_again_is_told_to_have_left(pool: Pool, first: Rankings) -> None:
    pool.join(first, ANNA)
    first.refresh()
    assert ADVICE in pool.topic.last(ANNA)
    pool.put(first, ANNA, ERASED)
    first.forget_published()
    first.refresh()
    assert ADVICE not in pool.topic.last(ANNA)
