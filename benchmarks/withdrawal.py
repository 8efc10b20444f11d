"""Withdrawing a consent: from the call until it acts everywhere, on a whole installation. The slowest place counts."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import grpc
import httpx
from pymongo import MongoClient

import services.gateway.partner  # noqa: F401 - puts the generated stubs on the path

from bruecke.partner.v1 import partner_pb2 as messages  # isort: skip
from bruecke.partner.v1 import partner_pb2_grpc as stubs  # isort: skip
from benchmarks.result import Result
from benchmarks.servers import installation
from deploy.embedded.installation import Installation

LIMIT_SECONDS = 1.0
PATIENCE_SECONDS = 15.0
ROUNDS = 5
REGION = "DE-MV"
PURPOSES = ("matching", "show_to_companies", "share_with_partners", "be_written_to")
PERSON = {
    "name": "Oleksandra Kovalenko",
    "email": "oleksandra@example.org",
    "occupation": "2144",
    "sectors": ["construction"],
    "skills": ["CAD"],
    "place": "Rostock",
    "region": REGION,
}
COMPANY = {
    "name": "Bau GmbH",
    "sector": "construction",
    "headcount": 9,
    "turnover_eur": 1_000_000,
    "balance_sheet_eur": 500_000,
    "place": "Wismar",
    "region": REGION,
    "contact_name": "Jürgen",
    "contact_email": "j@example.org",
}
NEED = {"title": "Bauleitung", "purpose": "employment", "sector": "construction", "place": "Wismar", "region": REGION}

Holds = Callable[[], bool]


class NeverActed(RuntimeError):
    """A withdrawal did not arrive somewhere at all."""


def run() -> list[Result]:
    with installation("profiles", "matching", "notifications", "gateway") as servers:
        rounds = [withdraw_everything(servers) for _ in range(ROUNDS)]
    slowest = sorted(max(each.values()) for each in rounds)[len(rounds) // 2]
    return [Result("withdrawal", slowest, "s", LIMIT_SECONDS, 1.0, "most", "the limit; the slowest place counts")]


@dataclass
class Scene:
    """Somebody who takes part in everything, and whoever watches."""

    bruecke: Installation
    staff: httpx.Client
    company_client: httpx.Client
    database: MongoClient[dict[str, Any]]
    person: str = ""
    company: str = ""
    need: str = ""
    contact: str = ""
    tombstones: dict[str, float] = field(default_factory=dict)


def withdraw_everything(bruecke: Installation) -> dict[str, float]:
    """Seconds from each withdrawing call until it acts, by place. Raises NeverActed."""
    with (
        httpx.Client(base_url=bruecke.address, headers=_as(bruecke, "coordinator"), timeout=20) as staff,
        httpx.Client(base_url=bruecke.address, timeout=20) as company_client,
        MongoClient[dict[str, Any]](bruecke.mongo_url) as database,
    ):
        scene = Scene(bruecke, staff, company_client, database)
        _prepare(scene)
        return _withdraw(scene)


def _as(bruecke: Installation, role: str, stream: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {bruecke.token(role, stream)}"}


def _post(scene: Scene, path: str, body: dict[str, Any]) -> str:
    return str(scene.staff.post(path, json=body).raise_for_status().json()["id"])


def _prepare(scene: Scene) -> None:
    scene.person = _post(scene, "/v1/people", PERSON)
    for purpose in PURPOSES:
        consent = {"purpose": purpose, "text_version": "2026-01", "language": "de"}
        _post(scene, f"/v1/people/{scene.person}/consents", consent)
    scene.company = _post(scene, "/v1/companies", COMPANY)
    scene.company_client.headers.update(_as(scene.bruecke, "company", scene.company))
    scene.need = _post(scene, f"/v1/companies/{scene.company}/needs", NEED)
    ids = {"person_id": scene.person, "company_id": scene.company, "need_id": scene.need}
    scene.contact = _post(scene, "/v1/contacts", ids)
    _until(lambda: scene.person in _ranked(scene))
    _until(lambda: bool(_recipient(scene).get("may_be_written_to")))
    _until(lambda: scene.company_client.get(f"/v1/people/{scene.person}").status_code == 200)


def _withdraw(scene: Scene) -> dict[str, float]:
    partner = {"name": "Kammer", "regions": [REGION], "contact_email": "k@example.org"}
    follower = _follow(scene, _post(scene, "/v1/partners", partner))
    took = _measured(scene, "share_with_partners", {"partner feed": lambda: "person_withdrawn" in scene.tombstones})
    follower()
    took |= _measured(scene, "be_written_to", {"notifications": lambda: not _recipient(scene).get("may_be_written_to")})
    took |= _measured(
        scene,
        "show_to_companies",
        {
            "gateway view": lambda: "show_to_companies" not in _consents(scene),
            "company": lambda: scene.company_client.get(f"/v1/people/{scene.person}").status_code == 404,
            "open contacts": lambda: scene.staff.get(f"/v1/contacts/{scene.contact}").json()["state"] == "dormant",
        },
    )
    pool = scene.database["bruecke_matching"]["people"]
    return took | _measured(
        scene,
        "matching",
        {
            "pool": lambda: "matching" not in (pool.find_one({"_id": scene.person}) or {}).get("consents", ()),
            "rankings": lambda: scene.person not in _ranked(scene),
        },
    )


def _measured(scene: Scene, purpose: str, places: dict[str, Holds]) -> dict[str, float]:
    started = time.monotonic()
    scene.staff.delete(f"/v1/people/{scene.person}/consents/{purpose}").raise_for_status()
    took: dict[str, float] = {}
    while len(took) < len(places):
        for place, holds in places.items():
            if place not in took and holds():
                took[place] = time.monotonic() - started
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise NeverActed(f"{purpose}: {', '.join(places.keys() - took.keys())}")
        time.sleep(0.005)
    return took


def _follow(scene: Scene, partner: str) -> Callable[[], None]:
    """Follows the feed until the person was shared; from then on notes tombstones. Gives what ends it."""
    channel = grpc.insecure_channel(scene.bruecke.grpc_address)
    metadata = [("authorization", f"Bearer {scene.bruecke.token('partner', partner)}")]
    stream = stubs.FeedServiceStub(channel).Follow(messages.FollowRequest(), metadata=metadata)
    shared = threading.Event()

    def read() -> None:
        try:
            for entry in stream:
                if entry.subject == scene.person:
                    kind = messages.EntryKind.Name(entry.kind).removeprefix("ENTRY_KIND_").lower()
                    scene.tombstones[kind] = datetime.now(UTC).timestamp()
                    shared.set()
        except grpc.RpcError:
            return

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    if not shared.wait(PATIENCE_SECONDS):
        raise NeverActed("the partner was never told of the person")

    def end() -> None:
        with closing(channel):
            stream.cancel()
            thread.join(5)

    return end


def _ranked(scene: Scene) -> list[str]:
    candidates = scene.staff.get(f"/v1/needs/{scene.need}/candidates").raise_for_status().json()["items"]
    return [each["person_id"] for each in candidates]


def _consents(scene: Scene) -> list[str]:
    return [each["purpose"] for each in scene.staff.get(f"/v1/people/{scene.person}").json()["consents"]]


def _recipient(scene: Scene) -> dict[str, Any]:
    return scene.database["bruecke_notifications"]["recipients"].find_one({"_id": scene.person}) or {}


def _until(holds: Holds) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise NeverActed("what was to be withdrawn never held")
        time.sleep(0.02)
