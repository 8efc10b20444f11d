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


def _sent(bruecke: Installation) -> int:
    return len(mailbox(bruecke.data))
