"""The keeper of the rankings misses nothing: neither lists beyond a batch, nor changes that come while it reads of others."""

from typing import Any

from services.foundation.messages import now
from services.matching.contract import NeedRanked
from services.matching.facts import only_itself
from services.matching.rankings import CHANGES_KEPT, TOLD_AT_ONCE, Rankings
from services.matching.telling import Told
from services.matching.weights import DEFAULT_WEIGHTS


class Collection:
    """Of a database, as much as is needed here."""

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        self.state = state
        self.written: list[Any] = []

    def find(self, *_: Any) -> list[Any]:
        return []

    def find_one(self, _: Any, fields: dict[str, Any]) -> dict[str, Any] | None:
        last = fields.get("changes")
        if self.state is None or not isinstance(last, dict):
            return self.state
        return {**self.state, "changes": self.state["changes"][last["$slice"] :]}

    def update_one(self, *_: Any) -> "Updated":
        return Updated()

    def bulk_write(self, writes: list[Any]) -> None:
        self.written += writes


class Updated:
    matched_count = 1


class Sent:
    is_done = True

    def failed(self) -> bool:
        return False


class Producer:
    def send(self, *_: Any) -> Sent:
        return Sent()

    def flush(self, _: float) -> None:
        pass


class Broker:
    def ensure_topics(self, _: list[str]) -> None:
        pass

    def producer(self) -> Producer:
        return Producer()


class Follower:
    """Instead of everybody and every need: notes whom it was told of."""

    today, weights = now().date(), DEFAULT_WEIGHTS

    def __init__(self) -> None:
        self.followed: list[str] = []

    def follow(self, changed: list[str]) -> None:
        self.followed += changed


def keeper(state: dict[str, Any] | None = None) -> tuple[Rankings, dict[str, Collection]]:
    names = ("people", "companies", "published_rankings", "ranking_state")
    database = {name: Collection(state if name == "ranking_state" else None) for name in names}
    rankings = Rankings(database, Broker(), lambda: None, only_itself, lambda: DEFAULT_WEIGHTS)  # type: ignore[arg-type]
    return rankings, database


def test_all_lists_are_told_however_many_they_are() -> None:
    rankings, database = keeper()
    done: list[int] = []
    ranked = NeedRanked(need_id="need-1", company_id="company-1", open=False, weights_version=0)
    many = 2 * TOLD_AT_ONCE + 50
    rankings._publish((Told(f"need-{each}", ranked, lambda each=each: done.append(each)) for each in range(many)), 1)
    assert done == list(range(many))
    assert len(database["published_rankings"].written) == 2 * many  # that it is being told, and what was told


def test_a_change_that_comes_while_others_are_read_takes_nobodys_place() -> None:
    rankings, _ = keeper({"changed": 3, "changes": ["person-1", "person-2", "person-3"]})
    rankings._teller = follower = Follower()  # type: ignore[assignment]
    rankings._follow({"changed": 2})
    rankings._follow({"changed": 3})
    assert sorted(set(follower.followed)) == ["person-1", "person-2", "person-3"]


def test_who_has_missed_more_than_is_remembered_begins_anew(monkeypatch: Any) -> None:
    rankings, _ = keeper({"changed": CHANGES_KEPT + 5, "changes": ["person-1"]})
    rankings._teller, begun = Follower(), Follower()  # type: ignore[assignment]
    monkeypatch.setattr(rankings, "_begin", lambda *_: begun)
    assert rankings._follow({"changed": 1}) is begun
