"""What staff write in their own words may name people: it is read in the clear, and stands sealed wherever it is kept."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from services.cli.story import meeting
from tests.integration.test_gateway_http import COMPANY, NEED, PERSON, client, created
from tests.waiting import eventually

pytestmark = pytest.mark.servers

SECRET = "Frau Lüders fand Herrn al-Ahmad großartig"
DUE = (datetime.now(UTC) + timedelta(days=3)).isoformat()


def arranged_contact(bruecke: Installation, staff: httpx.Client) -> str:
    """The path of a contact that both sides have accepted."""
    person = created(staff.post("/v1/people", json=PERSON))
    for purpose in ("matching", "show_to_companies"):
        consent = {"purpose": purpose, "text_version": "2026-01", "language": "de"}
        staff.post(f"/v1/people/{person['id']}/consents", json=consent).raise_for_status()
    company = created(staff.post("/v1/companies", json=COMPANY))
    need = created(staff.post(f"/v1/companies/{company['id']}/needs", json=NEED))
    ids = {"person_id": person["id"], "company_id": company["id"], "need_id": need["id"]}
    path = f"/v1/contacts/{created(staff.post('/v1/contacts', json=ids))['id']}"
    for side in ("person", "company"):
        staff.post(f"{path}/acceptances", json={"side": side}).raise_for_status()
    return path


def everything_kept(bruecke: Installation) -> str:
    """All documents of all databases, as text."""
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as databases:
        names = [name for name in databases.list_database_names() if name.startswith("bruecke_")]
        return "\n".join(
            str(document)
            for name in names
            for collection in databases[name].list_collection_names()
            for document in databases[name][collection].find({})
        )


def test_words_about_a_contact_are_read_in_the_clear_and_kept_sealed(bruecke: Installation) -> None:
    with client(bruecke, "coordinator") as staff:
        path = arranged_contact(bruecke, staff)
        step = {"what": f"{SECRET}: anrufen", "owner": "coordinator", "due": DUE}
        arranged = staff.post(f"{path}/arrangement", json={"next_step": step}).json()
        assert arranged["next_step"]["what"] == step["what"]
        starts = datetime.now(UTC) + timedelta(seconds=1)
        talk = created(staff.post(f"{path}/meetings", json=meeting("face_to_face", starts, f"bei {SECRET}")))["meetings"][0]
        assert talk["place"] == f"bei {SECRET}"
        eventually(lambda: datetime.now(UTC) > starts)
        held = f"{path}/meetings/{talk['meeting_id']}/held"
        key = {"idempotency-key": str(uuid4())}
        first, again = (staff.post(held, json={"outcome": SECRET}, headers=each).json() for each in (key, {}))
        assert staff.post(held, json={"outcome": SECRET}, headers=key).json() == first
        assert first["meetings"][0]["outcome"] == SECRET
        assert again["version"] == first["version"]
        events = staff.get(f"{path}/events").json()["items"]
        assert {event["data"]["outcome"] for event in events if "outcome" in event["data"]} == {SECRET}
        assert SECRET in str(staff.get("/v1/contacts", params={"limit": 200}).json())
    assert SECRET not in everything_kept(bruecke)


def test_evidence_and_file_numbers_are_kept_sealed_but_for_the_view(bruecke: Installation) -> None:
    with client(bruecke, "coordinator") as staff:
        person = created(staff.post("/v1/people", json=PERSON))
        path = f"/v1/people/{person['id']}"
        degree = {"title": "B.Eng.", "provenance": "verified", "evidence": "Urkunde 4711 gesehen"}
        recorded = created(staff.post(f"{path}/qualifications", json=degree))["qualifications"][0]
        assert recorded["statements"][0]["evidence"] == degree["evidence"]
        decided = {"status": "full", "reference": "AZ 0815/26"}
        shown = staff.put(f"{path}/qualifications/{recorded['id']}/recognition", json=decided).json()["qualifications"][0]
        assert shown["decision"]["reference"] == decided["reference"]
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as databases:
        commits = str(list(databases["bruecke_profiles"]["commits"].find({"stream": person["id"]})))
    assert "4711" not in commits
    assert "0815" not in commits
