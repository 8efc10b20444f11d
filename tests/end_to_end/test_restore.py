"""What the handbook says of backups: four databases and the secrets bring back everything, and nobody is written to again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from services.cli import sample
from services.cli.mail import mailbox
from tests.waiting import eventually

pytestmark = pytest.mark.servers

BACKED_UP = ("bruecke_profiles", "bruecke_matching", "bruecke_notifications", "bruecke_vault")
PEOPLE = 4

Databases = dict[str, dict[str, list[dict[str, Any]]]]


@contextmanager
def started(data: Path) -> Iterator[Installation]:
    with Installation(data) as installation:
        installation.start()
        yield installation


def everybody(bruecke: Installation) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
    with httpx.Client(base_url=bruecke.address, headers=headers, timeout=20) as staff:
        return {person["id"]: person for person in staff.get("/v1/people", params={"limit": 100}).json()["items"]}


def fill(bruecke: Installation) -> None:
    headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
    with httpx.Client(base_url=bruecke.address, headers=headers, timeout=20) as staff:
        for person in sample.people()[:PEOPLE]:
            staff.post("/v1/people", json=person["profile"]).raise_for_status()
    eventually(lambda: _sent(bruecke) == PEOPLE)


def back_up(bruecke: Installation) -> Databases:
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as client:
        return {
            name: {each: list(client[name][each].find({})) for each in client[name].list_collection_names()}
            for name in BACKED_UP
        }


def restore(databases: Databases, data: Path) -> None:
    with Installation(data) as installation:
        installation.start(services=())
        with MongoClient[dict[str, Any]](installation.mongo_url) as client:
            for name, collections in databases.items():
                for collection, documents in collections.items():
                    if documents:
                        client[name][collection].insert_many(documents)


def test_four_databases_and_the_secrets_bring_back_everything(tmp_path: Path) -> None:
    with started(tmp_path / "first") as first:
        fill(first)
        before, backup = everybody(first), back_up(first)
    restore(backup, tmp_path / "second")
    shutil.copytree(tmp_path / "first" / "secrets", tmp_path / "second" / "secrets", dirs_exist_ok=True)
    with started(tmp_path / "second") as second:
        eventually(lambda: everybody(second) == before)
        fill(second)
        assert len(everybody(second)) == 2 * PEOPLE
    assert len(mailbox(tmp_path / "second")) == PEOPLE


def test_an_old_backup_of_the_vault_brings_nobody_back(tmp_path: Path) -> None:
    """Whoever follows the events from their beginning destroys again the keys of all who were erased since."""
    with started(tmp_path / "first") as first:
        fill(first)
        people = everybody(first)
        gone, *others = sorted(people)
        old = back_up(first)
        _erase(first, gone)
        backup = back_up(first) | {"bruecke_vault": old["bruecke_vault"]}
    assert next(key for key in backup["bruecke_vault"]["keys"] if key["_id"] == gone)["key"] is not None
    restore(backup, tmp_path / "second")
    shutil.copytree(tmp_path / "first" / "secrets", tmp_path / "second" / "secrets", dirs_exist_ok=True)
    with started(tmp_path / "second") as second:
        eventually(lambda: _key_of(second, gone) is None)
        eventually(lambda: sorted(everybody(second)) == others)
        assert everybody(second) == {id: people[id] for id in others}


def _erase(bruecke: Installation, person: str) -> None:
    headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
    with httpx.Client(base_url=bruecke.address, headers=headers, timeout=20) as staff:
        erasure = staff.delete(f"/v1/people/{person}").raise_for_status().headers["location"]
        eventually(lambda: staff.get(erasure).json()["receipt"] == "sent")


def _key_of(bruecke: Installation, owner: str) -> Any:
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as client:
        return (client["bruecke_vault"]["keys"].find_one({"_id": owner}) or {"key": "none yet"})["key"]


def _sent(bruecke: Installation) -> int:
    return len(mailbox(bruecke.data))
