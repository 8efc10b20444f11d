"""``kill -9`` and long pauses in the middle of traffic: nothing is lost or doubled, and nobody gets a strange answer."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from services.profiles.contract import ProfileCreated
from tests.faults.traffic import Traffic
from tests.waiting import eventually

pytestmark = [pytest.mark.servers, pytest.mark.faults]

BEFORE = 25
AFTER = 25
PAUSE_SECONDS = 7.0


@pytest.fixture
def bruecke(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        installation.start()
        yield installation


@pytest.mark.parametrize("victim", ["profiles", "gateway", "broker", "database"])
def test_a_kill_in_the_middle_of_traffic_loses_and_doubles_nothing(bruecke: Installation, victim: str) -> None:
    with traffic_around(bruecke):
        bruecke.kill(victim)


@pytest.mark.parametrize("victim", ["profiles", "broker", "database"])
def test_a_pause_in_the_middle_of_traffic_loses_and_doubles_nothing(bruecke: Installation, victim: str) -> None:
    """Longer than sessions and requests last: its partitions go elsewhere, its clients give up, and then it speaks again."""
    with traffic_around(bruecke):
        process = bruecke.pids[victim]
        os.kill(process, signal.SIGSTOP)
        threading.Event().wait(PAUSE_SECONDS)
        os.kill(process, signal.SIGCONT)


@contextmanager
def traffic_around(bruecke: Installation) -> Iterator[None]:
    """Traffic before, during and after what happens in here; then everything accepted must be there, once."""
    token = bruecke.token("coordinator")
    with Traffic(bruecke.address, token) as traffic:
        eventually(lambda: len(traffic.accepted) >= BEFORE, within=60)
        yield
        seen = len(traffic.accepted)
        eventually(lambda: len(traffic.accepted) >= seen + AFTER, within=90)
    bruecke.wait_until_ready()
    assert traffic.strange == []
    accepted = list(traffic.accepted.values())
    assert len(set(accepted)) == len(accepted)
    assert _created(bruecke) == Counter(accepted)
    eventually(lambda: _readable(bruecke, token) == Counter(accepted), within=60)


def test_a_second_start_finds_everything_again(tmp_path: Path) -> None:
    with Installation(tmp_path) as first:
        first.start()
        with Traffic(first.address, first.token("coordinator")) as traffic:
            eventually(lambda: len(traffic.accepted) >= BEFORE, within=60)
    with Installation(tmp_path) as second:
        second.start()
        token = second.token("coordinator")
        assert _readable(second, token) == Counter(traffic.accepted.values())
        with Traffic(second.address, token) as more:
            eventually(lambda: len(more.accepted) >= BEFORE, within=60)
        everybody = Counter([*traffic.accepted.values(), *more.accepted.values()])
        eventually(lambda: _readable(second, token) == everybody, within=60)


def _created(bruecke: Installation) -> Counter[str]:
    """How often the event store says that each person was created."""
    client: MongoClient[dict[str, object]] = MongoClient(bruecke.mongo_url)
    with client:
        commits = client["bruecke_profiles"]["commits"].find({})
        return Counter(str(each["stream"]) for each in commits if _creates(each))


def _creates(commit: dict[str, object]) -> bool:
    events = commit["events"]
    assert isinstance(events, list)
    return any(event["type"] == ProfileCreated.TYPE for event in events)


def _readable(bruecke: Installation, token: str) -> Counter[str]:
    """How often each person is listed over HTTP."""
    found: list[str] = []
    cursor = ""
    with httpx.Client(base_url=bruecke.address, headers={"Authorization": f"Bearer {token}"}, timeout=20) as client:
        while True:
            page = client.get("/v1/people", params={"limit": 100, **({"cursor": cursor} if cursor else {})}).json()
            found += [person["id"] for person in page["items"]]
            cursor = page["next"]
            if not cursor:
                return Counter(found)
