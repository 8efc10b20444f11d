"""Merging with all that hangs on it: words sealed for each profile, qualifications with decisions, erasing, views made anew."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient
from typer.testing import CliRunner

from deploy.embedded.installation import Installation
from services.cli.__main__ import app
from tests.waiting import eventually

pytestmark = pytest.mark.servers

PERSON = {
    "name": "Данило Кравець",
    "phone": "+49 381 1",
    "occupation": "7411",
    "sectors": ["construction"],
    "place": "Güstrow",
    "region": "DE-MV",
}
COMPANY = {
    "name": "Bau GmbH",
    "sector": "construction",
    "headcount": 9,
    "turnover_eur": 1_000_000,
    "balance_sheet_eur": 500_000,
    "place": "Wismar",
    "region": "DE-MV",
    "contact_name": "Jürgen",
    "contact_email": "j@example.org",
}
NEED = {"title": "Bauleitung", "purpose": "employment", "sector": "construction", "place": "Wismar", "region": "DE-MV"}
SEEN, CHECKED, DEGREE_SEEN, FILE = "Ausweis 4711 gesehen", "Meldeschein 4712", "Urkunde 4713", "AZ 0815/26"
KEPT = ("people", "companies", "needs", "profile_events")

Document = dict[str, Any]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("merging")) as installation:
        installation.start()
        yield installation


@pytest.fixture
def staff(own: Installation) -> Iterator[httpx.Client]:
    with client(own, "coordinator") as opened:
        yield opened


def client(own: Installation, role: str, stream: str | None = None) -> httpx.Client:
    return httpx.Client(base_url=own.address, headers={"Authorization": f"Bearer {own.token(role, stream)}"}, timeout=30)


def done(answer: httpx.Response) -> Document:
    assert answer.status_code in (200, 201), answer.text
    body: Document = answer.json()
    return body


def a_person(staff: httpx.Client, **changes: Any) -> str:
    return str(done(staff.post("/v1/people", json=PERSON | {"email": f"{uuid4().hex}@example.org"} | changes))["id"])


def a_survivor(staff: httpx.Client) -> str:
    person = a_person(staff)
    done(staff.patch(f"/v1/people/{person}", json={"place": "Wismar", "provenance": "verified", "evidence": CHECKED}))
    return person


def an_absorbed(own: Installation, staff: httpx.Client) -> str:
    """Somebody of whom staff, documents and they themselves have said something, with a recognised qualification."""
    person = a_person(staff, phone="+49 170 55")
    path = f"/v1/people/{person}"
    done(staff.patch(path, json={"address": "Markt 1", "provenance": "verified", "evidence": SEEN}))
    with client(own, "person", person) as herself:
        done(herself.patch(path, json={"weekly_hours": 12}))
    degree = {"title": "B.Eng.", "provenance": "verified", "evidence": DEGREE_SEEN}
    recorded = done(staff.post(f"{path}/qualifications", json=degree))["qualifications"][0]
    decided = {"status": "full", "authority": "Ingenieurkammer MV", "reference": FILE, "decided_on": "2026-10-01"}
    done(staff.put(f"{path}/qualifications/{recorded['id']}/recognition", json=decided))
    return person


def merged(staff: httpx.Client, survivor: str, absorbed: str, kind: str = "people", **take: Any) -> Document:
    return done(staff.post(f"/v1/{kind}/{survivor}/merges", json={"absorbed_id": absorbed, **take}))


def plain(profile: Document) -> Document:
    """A profile without what every event changes."""
    return {name: value for name, value in profile.items() if name not in ("version", "updated_at")}


def test_what_is_taken_over_is_readable_and_so_is_what_is_given_back(own: Installation, staff: httpx.Client) -> None:
    survivor, absorbed = a_survivor(staff), an_absorbed(own, staff)
    before = [staff.get(f"/v1/people/{each}").json() for each in (survivor, absorbed)]
    merged(staff, survivor, absorbed, take=["phone"])
    profile = staff.get(f"/v1/people/{survivor}").json()
    assert (profile["phone"], profile["address"], profile["weekly_hours"]) == ("+49 170 55", "Markt 1", 12)
    said = {field: [(each["provenance"], each["evidence"]) for each in made] for field, made in profile["statements"].items()}
    assert (said["address"], said["weekly_hours"]) == ([("verified", SEEN)], [("said", "")])
    assert ("verified", CHECKED) in said["place"]
    assert [each["value"] for each in profile["covered"]["phone"]] == ["+49 381 1"]
    (qualification,) = profile["qualifications"]
    assert qualification["statements"][0]["evidence"] == DEGREE_SEEN
    assert qualification["recognition"] == "full"
    assert qualification["decision"] == before[1]["qualifications"][0]["decision"]
    assert qualification["decision"]["reference"] == FILE
    undone = done(staff.delete(f"/v1/people/{survivor}/merges/{absorbed}"))
    assert plain(undone) | {"covered": None} == plain(before[0]) | {"covered": None}
    assert plain(staff.get(f"/v1/people/{absorbed}").json()) == plain(before[1])


def test_what_was_merged_stands_sealed_in_the_events(own: Installation, staff: httpx.Client) -> None:
    survivor, absorbed = a_survivor(staff), an_absorbed(own, staff)
    merged(staff, survivor, absorbed)
    with MongoClient[Document](own.mongo_url) as databases:
        kept = str(list(databases["bruecke_profiles"]["commits"].find({"stream": {"$in": [survivor, absorbed]}})))
    assert "ProfilesMerged" in kept
    assert not [word for word in ("4711", "4712", "4713", "0815", "Markt 1", "+49 170 55") if word in kept]


@pytest.mark.parametrize("asked", [0, 1], ids=["the survivor", "the absorbed"])
def test_erasing_either_of_two_who_are_merged_erases_both(own: Installation, staff: httpx.Client, asked: int) -> None:
    pair = (a_survivor(staff), an_absorbed(own, staff))
    merged(staff, *pair)
    erasure = staff.delete(f"/v1/people/{pair[asked]}").raise_for_status().headers["location"]
    eventually(lambda: staff.get(erasure).json()["state"] == "completed")
    for person in pair:
        for path in (f"/v1/people/{person}", f"/v1/people/{person}/duplicates"):
            assert gone(staff.get(path)), path
    assert gone(staff.delete(f"/v1/people/{pair[0]}/merges/{pair[1]}"))


def test_who_was_told_apart_again_is_erased_alone(own: Installation, staff: httpx.Client) -> None:
    survivor, absorbed = a_survivor(staff), an_absorbed(own, staff)
    merged(staff, survivor, absorbed)
    done(staff.delete(f"/v1/people/{survivor}/merges/{absorbed}"))
    erasure = staff.delete(f"/v1/people/{absorbed}").raise_for_status().headers["location"]
    eventually(lambda: staff.get(erasure).json()["state"] == "completed")
    assert gone(staff.get(f"/v1/people/{absorbed}"))
    assert staff.get(f"/v1/people/{survivor}").json()["name"] == PERSON["name"]


def test_who_was_erased_is_neither_absorbed_nor_a_survivor(staff: httpx.Client) -> None:
    erased, other = a_person(staff), a_person(staff)
    erasure = staff.delete(f"/v1/people/{erased}").raise_for_status().headers["location"]
    eventually(lambda: staff.get(erasure).json()["state"] == "completed")
    refused = staff.post(f"/v1/people/{other}/merges", json={"absorbed_id": erased})
    assert (refused.status_code, refused.json()["code"]) == (409, "profile-erased"), refused.text
    assert refused.json()["errors"][0]["field"] == "absorbed_id"
    assert gone(staff.post(f"/v1/people/{erased}/merges", json={"absorbed_id": other}))
    assert staff.get(f"/v1/people/{other}").json()["merged_from"] == []


def test_an_export_names_nobody_whom_staff_took_for_the_same(own: Installation, staff: httpx.Client) -> None:
    person, other = a_person(staff), a_person(staff)
    done(staff.put(f"/v1/people/{person}/duplicates/{other}/dismissal"))
    with client(own, "person", person) as herself:
        export = herself.get(f"/v1/people/{person}/export").raise_for_status()
    assert "DuplicateDismissed" in export.text
    assert other not in export.text
    assert "duplicate_keys" not in export.json()["profile"]


def gone(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json().get("code")) == (410, "profile-is-erased")


def test_views_made_anew_say_the_same_of_merges(own: Installation, staff: httpx.Client) -> None:
    merged(staff, a_survivor(staff), an_absorbed(own, staff), take=["phone"])
    survivor, absorbed = a_survivor(staff), an_absorbed(own, staff)
    merged(staff, survivor, absorbed, take=["phone"])
    done(staff.patch(f"/v1/people/{survivor}", json={"address": "Markt 2"}))
    done(staff.delete(f"/v1/people/{survivor}/merges/{absorbed}"))
    _merged_companies(staff)
    before = _kept(own)
    gateway = own.pids["gateway"]
    ordered = CliRunner().invoke(app, ["views", "rebuild", "--data", str(own.data)])
    assert ordered.exit_code == 0, ordered.output
    eventually(lambda: own.pids.get("gateway", gateway) != gateway)
    own.wait_until_ready()
    after = _kept(own)
    for collection, documents in before.items():
        assert after[collection].keys() == documents.keys()
        assert [id for id, document in documents.items() if after[collection][id] != document] == [], collection


def _merged_companies(staff: httpx.Client) -> None:
    """One company with all that hangs on companies merged into another, and a contact person removed since."""
    survivor, absorbed = (done(staff.post("/v1/companies", json=COMPANY))["id"] for _ in range(2))
    done(staff.post(f"/v1/companies/{absorbed}/needs", json=NEED))
    for name in ("Anneliese Übersee", "Ömer Ünal"):
        done(staff.post(f"/v1/companies/{absorbed}/contact-people", json={"name": name, "email": "a@example.org"}))
    profile = merged(staff, survivor, absorbed, "companies")["profile"]
    removed = profile["contact_people"][0]["id"]
    left = done(staff.delete(f"/v1/companies/{survivor}/contact-people/{removed}"))["contact_people"]
    assert [each["name"] for each in left] == ["Ömer Ünal"]
    resting = f"/v1/companies/{absorbed}"
    eventually(lambda: [each["name"] for each in staff.get(resting).json()["contact_people"]] == ["Ömer Ünal"])


def _kept(own: Installation) -> dict[str, dict[str, Document]]:
    """Every document of profiles, as it stands in the database."""
    with MongoClient[Document](own.mongo_url) as databases:
        views = databases["bruecke_gateway"]
        return {name: {each["_id"]: each for each in views[name].find()} for name in KEPT}
