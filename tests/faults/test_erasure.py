"""``kill -9`` of any service in the middle of erasures: each is completed, once, with the confirmation of every store."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from services.profiles.contract import STORES, ErasureCompleted
from tests.faults.traffic import PERSON
from tests.waiting import eventually

pytestmark = [pytest.mark.servers, pytest.mark.faults]

PEOPLE = 6
UNTIL_A_CLAIM_ENDS = 120
"""Seconds. A receipt whose sender was killed while it was sending is claimed by nobody else for 70 seconds: see claims.py."""
PURPOSES = ("matching", "show_to_companies")


@pytest.fixture(scope="module")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("erasures")) as installation:
        installation.start()
        yield installation


@pytest.mark.parametrize("victim", ["profiles", "matching", "notifications", "gateway", "broker", "database"])
def test_an_erasure_survives_a_kill(bruecke: Installation, victim: str) -> None:
    headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
    with httpx.Client(base_url=bruecke.address, headers=headers, timeout=30) as staff:
        people = [_a_person(staff) for _ in range(PEOPLE)]
        for number, person in enumerate(people):
            if number == PEOPLE // 2:
                bruecke.kill(victim)
            eventually(lambda person=person: _erased(staff, person), within=60)  # type: ignore[misc]
        bruecke.wait_until_ready()
        eventually(lambda: all(_completed(staff, person) for person in people), within=UNTIL_A_CLAIM_ENDS)
    assert all(_completions(bruecke, person) == 1 for person in people)


def _a_person(staff: httpx.Client) -> str:
    person = str(staff.post("/v1/people", json=PERSON).raise_for_status().json()["id"])
    for purpose in PURPOSES:
        consent = {"purpose": purpose, "text_version": "2026-01", "language": "de"}
        staff.post(f"/v1/people/{person}/consents", json=consent).raise_for_status()
    return person


def _erased(staff: httpx.Client, person: str) -> bool:
    """Asks until it is so, as a good client does."""
    try:
        return staff.delete(f"/v1/people/{person}").status_code == 200
    except httpx.TransportError:
        return False


def _completed(staff: httpx.Client, person: str) -> bool:
    try:
        answer = staff.delete(f"/v1/people/{person}")
    except httpx.TransportError:
        return False
    if answer.status_code != 200:
        return False
    erasure = answer.json()
    clean = [each["store"] for each in erasure["stores"] if each["confirmed_at"]]
    return bool(erasure["state"] == "completed" and erasure["receipt"] == "sent" and clean == list(STORES))


def _completions(bruecke: Installation, person: str) -> int:
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as client:
        commits = client["bruecke_profiles"]["commits"].find({"stream": {"$regex": "^erasure-"}})
        events = [event for commit in commits for event in commit["events"] if event["type"] == ErasureCompleted.TYPE]
    return sum(person in event["data"] for event in events)
