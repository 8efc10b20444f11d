"""``kill -9`` between the two sides of a merge, and of its undoing: both sides agree afterwards, and nothing is there twice."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.embedded.installation import Installation
from services.profiles.contract import MergeUndone, ProfileMergedInto, ProfileSeparated, ProfilesMerged
from tests.faults.traffic import PERSON
from tests.waiting import eventually

pytestmark = [pytest.mark.servers, pytest.mark.faults]

TRIES = 6
"""Killing comes in time nearly always; where it does not, another pair is merged."""
ADDRESS = "Markt 1"
MERGED, RESTS = ["ProfileCreated", "ProfilesMerged"], ["ProfileCreated", "ProfileMergedInto"]

Document = dict[str, Any]


@pytest.fixture
def bruecke(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        installation.start()
        yield installation


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
    with httpx.Client(base_url=bruecke.address, headers=headers, timeout=60) as opened:
        yield opened


@pytest.fixture
def store(bruecke: Installation) -> Iterator[Database[Document]]:
    with MongoClient[Document](bruecke.mongo_url) as mongo:
        yield mongo["bruecke_profiles"]


def test_a_merge_and_its_undoing_are_completed_though_the_service_dies_in_between(
    bruecke: Installation, staff: httpx.Client, store: Database[Document]
) -> None:
    for _ in range(TRIES):
        pair = _a_person(staff), _a_person(staff, address=ADDRESS)
        in_between = _merge_and_kill(bruecke, staff, store, *pair)
        eventually(lambda pair=pair: _shown(staff, *pair) == ([pair[1]], ADDRESS, pair[0]), within=60)  # type: ignore[misc]
        assert [_happened(store, each) for each in pair] == [MERGED, RESTS]
        undone_in_between = _undo_and_kill(bruecke, staff, store, *pair)
        eventually(lambda pair=pair: _shown(staff, *pair) == ([], "", None), within=60)  # type: ignore[misc]
        assert [_happened(store, each) for each in pair] == [[*MERGED, "MergeUndone"], [*RESTS, "ProfileSeparated"]]
        if in_between and undone_in_between:
            return
    pytest.fail("the service was never killed between the two sides of a merge and of its undoing")


def _merge_and_kill(
    bruecke: Installation, staff: httpx.Client, store: Database[Document], survivor: str, absorbed: str
) -> bool:
    """Whether profiles died after the survivor had decided and before the absorbed one was told."""
    asked = _asking(lambda: staff.post(f"/v1/people/{survivor}/merges", json={"absorbed_id": absorbed}))
    return _killed_between(bruecke, store, asked, (survivor, ProfilesMerged.TYPE), (absorbed, ProfileMergedInto.TYPE))


def _undo_and_kill(bruecke: Installation, staff: httpx.Client, store: Database[Document], survivor: str, absorbed: str) -> bool:
    asked = _asking(lambda: staff.delete(f"/v1/people/{survivor}/merges/{absorbed}"))
    return _killed_between(bruecke, store, asked, (survivor, MergeUndone.TYPE), (absorbed, ProfileSeparated.TYPE))


def _asking(ask: Callable[[], object]) -> threading.Thread:
    """The answer is 200, or 202 where it comes too late; what counts is what is there afterwards."""
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    return asking


def _killed_between(
    bruecke: Installation, store: Database[Document], asked: threading.Thread, first: tuple[str, str], second: tuple[str, str]
) -> bool:
    eventually(lambda: _stored(store, *first))
    bruecke.kill("profiles")
    in_between = not _stored(store, *second)
    asked.join(60)
    assert not asked.is_alive(), "staff never got an answer"
    bruecke.wait_until_ready()
    return in_between


def _a_person(staff: httpx.Client, **changes: str) -> str:
    answer = staff.post("/v1/people", json=PERSON | changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _stored(store: Database[Document], stream: str, type: str) -> bool:
    return store["commits"].find_one({"stream": stream, "events.type": type}) is not None


def _happened(store: Database[Document], stream: str) -> list[str]:
    """The events of a stream by name, in order."""
    commits = store["commits"].find({"stream": stream}).sort("version", 1)
    return [event["type"].split(".")[1] for commit in commits for event in commit["events"]]


def _shown(staff: httpx.Client, survivor: str, absorbed: str) -> tuple[list[str], str, str | None]:
    """Whom the survivor shows as merged into it, its address, and into whom the other is shown as merged."""
    one, other = (staff.get(f"/v1/people/{id}").json() for id in (survivor, absorbed))
    return one["merged_from"], one["address"], other["merged_into"]
