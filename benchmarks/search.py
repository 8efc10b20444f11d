"""Searching 100,000 people through the gateway: filters, facets and a page; and the first byte of all hits as CSV.

The people are written into the view as its projection would leave them. The search runs under several different questions, so
that nothing is answered from what the one before has left behind; the median counts.
"""

import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from pymongo import MongoClient

from benchmarks.result import Result
from benchmarks.servers import installation, service_process, settings_of
from deploy.embedded.installation import Installation
from services.profiles.contract import LEVELS
from services.vocabulary.towns import COORDINATES

PEOPLE = 100_000
WRITTEN_AT_ONCE = 2_000
QUESTIONS = 40
LIMIT_MILLISECONDS, LIMIT_FIRST_BYTE = 100.0, 1_000.0
READY_SECONDS = 300

SECTORS = ("mechanical_engineering", "agriculture", "renewable_energy", "construction", "trade", "services")
SYLLABLES = ("ka", "lo", "mi", "ra", "te", "su", "no", "vi", "ber", "dan", "el", "fi", "gor", "han")


def run() -> list[Result]:
    with installation("profiles") as servers:
        _write_people(servers)
        with _gateway(servers) as made_in:
            headers = {"Authorization": f"Bearer {servers.token('coordinator')}"}
            with httpx.Client(base_url=servers.address, headers=headers, timeout=60) as client:
                milliseconds = [_asked(client, question) for question in _questions()]
                first_byte = statistics.median(_first_byte(client) for _ in range(5))
        print(f"search: index of {PEOPLE} people made in {made_in:.1f} s")
    return [
        Result("search", statistics.median(milliseconds), "ms", LIMIT_MILLISECONDS, 1.0, "most", "limit"),
        Result("export", first_byte, "ms", LIMIT_FIRST_BYTE, 1.0, "most", "limit"),
    ]


def _write_people(servers: Installation) -> None:
    settings = settings_of(servers)
    with MongoClient[dict[str, Any]](settings.mongo_url) as mongo:
        people = mongo[f"{settings.mongo_prefix}gateway"]["people"]
        made = _people()
        while some := [each for _, each in zip(range(WRITTEN_AT_ONCE), made, strict=False)]:
            people.insert_many(some, ordered=False)


def _people() -> Iterator[dict[str, Any]]:
    chance = random.Random(3)
    vocabulary = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(3_000)]
    for number in range(PEOPLE):
        yield _person(chance, vocabulary, number)


def _person(chance: random.Random, vocabulary: list[str], number: int) -> dict[str, Any]:
    name = "".join(chance.choices(SYLLABLES, k=4)) + " " + "".join(chance.choices(SYLLABLES, k=4))
    details = {
        "name": name,
        "own_script_name": "",
        "email": f"{name.replace(' ', '.')}@example.org",
        "occupation": str(chance.choice((2144, 2132, 2151, 2142, 2161, 2433, 3322, 7411))),
        "sectors": chance.sample(SECTORS, 2),
        "skills": [" ".join(chance.sample(vocabulary, 2)) for _ in range(6)],
        "languages": [
            {"language": code, "level": chance.choice(LEVELS)} for code in chance.sample(("de", "en", "ar", "uk"), 2)
        ],
        "markets": [
            {"country": chance.choice(("SY", "UA", "PL")), "sector": chance.choice(SECTORS), "years": 3, "network": "some"}
        ],
        "purposes": ["employment"],
        "place": chance.choice(tuple(COORDINATES)).title(),
        "region": chance.choice(("DE-MV", "UA-46", "SY-HL")),
        "mobility_km": chance.choice((20, 50, 100)),
        "available_from": None,
    }
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(400_000))
    stated = {"provenance": "staff", "evidence": "", "at": moment, "by": "coordinator:u1"}
    return {
        "_id": f"person-{UUID(int=chance.getrandbits(128), version=4)}",
        "version": 1,
        "updated_at": moment,
        "created_at": moment,
        **details,
        "statements": {field: [{"value": value, **stated}] for field, value in details.items() if value},
        "consents": [{"purpose": "matching"}] if number % 3 else [],
        "qualifications": [{"title": "B.Sc.", "recognition": chance.choice(("full", "pending", "not_applied"))}],
        "concepts": [],
    }


@contextmanager
def _gateway(servers: Installation) -> Iterator[float]:
    """A gateway that was started over these people; gives the seconds until it could search."""
    with service_process(servers, "gateway"):
        headers = {"Authorization": f"Bearer {servers.token('coordinator')}"}
        started, address = time.perf_counter(), f"{servers.address}/v1/people?limit=1&q=nobody"
        while not _answers(address, headers):
            if time.perf_counter() - started > READY_SECONDS:
                raise RuntimeError("the gateway did not get ready to search")
            time.sleep(0.2)
        yield time.perf_counter() - started


def _answers(address: str, headers: dict[str, str]) -> bool:
    try:
        return httpx.get(address, headers=headers, timeout=60).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _questions() -> Iterator[dict[str, Any]]:
    chance = random.Random(5)
    for number in range(QUESTIONS):
        yield {
            "q": "".join(chance.choices(SYLLABLES, k=2)),
            "sector": chance.choice(SECTORS),
            "language": f"de:{chance.choice(LEVELS[:4])}",
            "place": chance.choice(("Rostock", "Schwerin", "Greifswald")),
            "within_km": chance.choice((30, 60, 120)),
            "consent": "matching",
            "facets": "sector,region,recognition,language,place,occupation",
            "sort": ("id", "updated", "name", "distance", "relevance")[number % 5],
        }


def _asked(client: httpx.Client, question: dict[str, Any]) -> float:
    started = time.perf_counter()
    client.get("/v1/people", params=question).raise_for_status()
    return (time.perf_counter() - started) * 1_000


def _first_byte(client: httpx.Client) -> float:
    started = time.perf_counter()
    with client.stream("GET", "/v1/people", params={"format": "csv"}) as answer:
        next(answer.raise_for_status().iter_bytes())
        return (time.perf_counter() - started) * 1_000
