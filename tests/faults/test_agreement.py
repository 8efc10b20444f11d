"""``kill -9`` between an agreement and the profile that it leads to: the profile comes all the same, and once."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.embedded.installation import Installation
from services.profiles.contract import ProfileCreated, ProspectAgreed
from tests.faults.traffic import PERSON
from tests.waiting import eventually

pytestmark = [pytest.mark.servers, pytest.mark.faults]

TRIES = 8
"""Killing comes in time nearly always; where it does not, the next prospect is asked."""

Document = dict[str, Any]


@pytest.fixture
def bruecke(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        installation.start()
        yield installation


def test_a_profile_that_was_agreed_is_made_though_the_service_dies_before(bruecke: Installation) -> None:
    headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
    with MongoClient[Document](bruecke.mongo_url) as mongo, httpx.Client(base_url=bruecke.address, headers=headers) as staff:
        store = mongo["bruecke_profiles"]
        agreed = [_agree_and_kill(bruecke, staff, store) for _ in range(TRIES)]
        assert any(in_between for _, in_between in agreed), "the service was never killed in between"
        for prospect, _ in agreed:
            profile = _profile_of(store, prospect)
            eventually(lambda profile=profile: staff.get(f"/v1/people/{profile}").status_code == 200, within=60)
            created = list(store["commits"].find({"stream": profile}))
            assert [event["type"] for commit in created for event in commit["events"]] == [ProfileCreated.TYPE]
            assert staff.get(f"/v1/people/{profile}/history").json()["origin"]["id"] == prospect


def _agree_and_kill(bruecke: Installation, staff: httpx.Client, store: Database[Document]) -> tuple[str, bool]:
    """The id of a prospect that agreed, and whether profiles died before it had made the profile."""
    prospect = _identified(staff)
    asking = threading.Thread(target=_agree, args=(staff, prospect), daemon=True)
    asking.start()
    eventually(lambda: bool(_agreements(store, prospect)))
    bruecke.kill("profiles")
    in_between = store["commits"].find_one({"stream": _profile_of(store, prospect)}) is None
    asking.join(60)
    bruecke.wait_until_ready()
    return prospect, in_between


def _identified(staff: httpx.Client) -> str:
    about = {"kind": "person", "sector": "construction", "region": "DE-MV", "found_through": "fair", "source": "NordBau 2026"}
    answer = staff.post("/v1/prospects", json={**about, "name": f"Ana {uuid4().hex}"}, timeout=30)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _agree(staff: httpx.Client, prospect: str) -> None:
    """The answer is 201, or 202 where it comes too late; what counts is what is there afterwards."""
    staff.post(f"/v1/prospects/{prospect}/agreement", json=PERSON, timeout=60)


def _agreements(store: Database[Document], prospect: str) -> list[Document]:
    commits = store["commits"].find({"stream": prospect})
    return [event for commit in commits for event in commit["events"] if event["type"] == ProspectAgreed.TYPE]


def _profile_of(store: Database[Document], prospect: str) -> str:
    (agreement,) = _agreements(store, prospect)
    return ProspectAgreed.model_validate_json(agreement["data"]).profile_id
