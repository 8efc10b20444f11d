"""Duplicates among 10,000 people: the first look for all pairs, and who is like one of them, each held against a limit.

The people are written into the view as its projection makes them; what is measured is the gateway's work over HTTP. One in ten
is a duplicate of the one before, with the name turned round and the phone number written otherwise.
"""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from pymongo import MongoClient

from benchmarks.result import Result
from benchmarks.servers import installation
from services.foundation.messages import SYSTEM, Envelope
from services.gateway.views.person import PersonView
from services.profiles.contract import PersonDetails, ProfileCreated

PEOPLE = 10_000
DUPLICATE_EVERY = 10
SAMPLES = 60
WARM_UP = 10
FIRST_LOOK_SECONDS = 10.0
OF_ONE_MS = 50.0
SYLLABLES = ("ba", "ke", "li", "mo", "ru", "sha", "ti", "ve", "na", "do", "gre", "pol", "jan", "hus", "zi", "wer", "fa", "cho")
"""Names are made of these: as in a real list, some are shared by many and most by few."""
PLACES = ("Rostock", "Wismar", "Schwerin", "Stralsund", "Greifswald", "Güstrow")
MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)

Document = dict[str, Any]


class _ClearVault:
    """These people's events hold nothing sealed: what is measured comes after opening."""

    def open(self, owner: str, field: str, sealed: str) -> str:
        return sealed


class PairsMissed(RuntimeError):
    """A duplicate that was put there was not found: a figure for the wrong work is none."""


def run() -> list[Result]:
    people = list(_documents(random.Random(7)))
    with installation("profiles", "gateway") as servers:
        with MongoClient[Document](servers.mongo_url) as databases:
            databases["bruecke_gateway"]["people"].insert_many(people)
        headers = {"Authorization": f"Bearer {servers.token('coordinator')}"}
        with httpx.Client(base_url=servers.address, headers=headers, timeout=120) as staff:
            first = _first_look(staff)
            of_one = [_of_one(staff, people, number) for number in range(SAMPLES)][WARM_UP:]
    return [
        Result("duplicates", first, "s", FIRST_LOOK_SECONDS, 1.0, "most", "the limit, first look"),
        Result("duplicates of one", statistics.median(of_one), "ms", OF_ONE_MS, 1.0, "most", "the limit"),
    ]


def _first_look(staff: httpx.Client) -> float:
    """Seconds until the gateway, which knows nothing yet, answers the first page of all pairs."""
    started = time.perf_counter()
    page = staff.get("/v1/duplicates", params={"limit": 100}).raise_for_status().json()
    seconds = time.perf_counter() - started
    if len(page["items"]) != 100 or page["next"] is None:
        raise PairsMissed(f"{len(page['items'])} pairs on the first page")
    return seconds


def _of_one(staff: httpx.Client, people: list[Document], number: int) -> float:
    """Milliseconds for one who has a duplicate."""
    second = DUPLICATE_EVERY * (number * 16 % (PEOPLE // DUPLICATE_EVERY)) + 1
    started = time.perf_counter()
    found = staff.get(f"/v1/people/{people[second]['_id']}/duplicates").raise_for_status().json()
    elapsed = (time.perf_counter() - started) * 1000
    if people[second - 1]["_id"] not in [each["profile"]["id"] for each in found["items"]]:
        raise PairsMissed("the duplicate of one was not found")
    return elapsed


def _documents(chance: random.Random) -> Iterator[Document]:
    before: dict[str, str] = {}
    for number in range(PEOPLE):
        about = _again(before) if number % DUPLICATE_EVERY == 1 else _somebody(chance, number)
        yield _as_viewed(f"person-{UUID(int=chance.getrandbits(128), version=4)}", about)
        before = about


def _somebody(chance: random.Random, number: int) -> dict[str, str]:
    first = "".join(chance.choices(SYLLABLES, k=2)).capitalize()
    last = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
    phone, place = f"+49 38{chance.randrange(10)} {4_000_000 + number}", chance.choice(PLACES)
    return {"name": f"{first} {last}", "email": f"{first}.{last}.{number}@example.org", "phone": phone, "place": place}


def _again(about: dict[str, str]) -> dict[str, str]:
    first, last = about["name"].split()
    phone = about["phone"].replace("+49 ", "0").replace(" ", "/")
    return {**about, "name": f"{last}, {first}", "email": f"{last}@example.org".lower(), "phone": phone}


def _as_viewed(id: str, about: dict[str, str]) -> Document:
    """The document as the projection of the gateway makes it."""
    created = ProfileCreated(kind="person", details=PersonDetails(**about), stated=tuple(about))
    document: Document = {"_id": id, "version": 1, "updated_at": MADE}
    PersonView(_ClearVault()).apply(document, created, Envelope(f"{id}.0", id, "bench", MADE, SYSTEM, id, version=1))  # type: ignore[arg-type]
    return document
