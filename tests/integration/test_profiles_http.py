"""Profiles over HTTP: where statements come from, qualifications, contact people, what partners share."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation
from tests.integration.test_gateway_http import COMPANY, PERSON, client, created, problem

pytestmark = pytest.mark.servers

CAD = "http://data.europa.eu/esco/skill/cad"


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


@pytest.fixture
def person(staff: httpx.Client) -> dict[str, Any]:
    whole = PERSON | {
        "own_script_name": "محمد الأحمد",
        "address": "Doberaner Straße 1\n18057 Rostock",
        "skills": ["CAD", "Pumpen"],
        "experience": [{"sector": "construction", "years": 7}],
        "languages": [{"language": "de", "level": "B2", "writing": "B1", "evidence": "certificate"}],
        "markets": [{"country": "SY", "sector": "construction", "years": 7, "network": "strong"}],
        "available_from": "2027-01-01",
        "weekly_hours": 30,
    }
    return created(staff.post("/v1/people", json=whole))


def test_both_what_the_person_said_and_what_staff_entered_can_be_read(
    bruecke: Installation, staff: httpx.Client, person: dict[str, Any]
) -> None:
    path = f"/v1/people/{person['id']}"
    with client(bruecke, "person", person["id"]) as herself:
        said = herself.patch(path, json={"place": "Wismar", "phone": "+49 170 1"}).json()
    assert (said["place"], said["phone"]) == ("Wismar", "+49 170 1")
    edited = staff.patch(path, json={"place": "Schwerin", "phone": "+49 170 2"}).json()
    assert (edited["place"], edited["phone"]) == ("Wismar", "+49 170 1")
    stated = {
        field: {each["provenance"]: each["value"] for each in edited["statements"][field]} for field in ("place", "phone")
    }
    assert stated["place"] == {"said": "Wismar", "staff": "Schwerin"}
    assert stated["phone"] == {"said": "+49 170 1", "staff": "+49 170 2"}
    assert edited["statements"]["place"][0]["by"].startswith("person:")


def test_staff_say_whose_word_they_enter_and_what_verifies_it(staff: httpx.Client, person: dict[str, Any]) -> None:
    path = f"/v1/people/{person['id']}"
    verified = {"languages": [{"language": "de", "level": "C1"}], "provenance": "verified"}
    assert problem(staff.patch(path, json=verified), 422, "evidence-missing")["field"] == "evidence"
    shown = staff.patch(path, json=verified | {"evidence": "telc C1, seen"}).json()
    assert shown["languages"][0]["level"] == "C1"
    assert [each["provenance"] for each in shown["statements"]["languages"]] == ["verified", "staff"]


def test_nobody_but_staff_claims_that_something_is_verified(bruecke: Installation, person: dict[str, Any]) -> None:
    with client(bruecke, "person", person["id"]) as herself:
        claim = {"place": "Wismar", "provenance": "verified", "evidence": "trust me"}
        problem(herself.patch(f"/v1/people/{person['id']}", json=claim), 422, "provenance-not-yours")


def test_what_identifies_someone_is_not_read_from_their_statements_either(
    bruecke: Installation, staff: httpx.Client, person: dict[str, Any]
) -> None:
    with client(bruecke, "auditor") as auditor:
        seen = auditor.get(f"/v1/people/{person['id']}").json()
    hidden = {"name", "own_script_name", "email", "phone", "address"}
    assert not hidden & seen.keys()
    assert not hidden & seen["statements"].keys()
    assert "place" in seen["statements"]


def test_null_empties_what_may_be_empty_and_leaves_the_rest(staff: httpx.Client, person: dict[str, Any]) -> None:
    path = f"/v1/people/{person['id']}"
    shown = staff.patch(path, json={"weekly_hours": None, "place": None}).json()
    assert (shown["weekly_hours"], shown["place"], shown["available_from"]) == (None, "Rostock", "2027-01-01")


def test_a_qualification_goes_from_recorded_to_recognised(staff: httpx.Client, person: dict[str, Any]) -> None:
    path = f"/v1/people/{person['id']}/qualifications"
    degree = {"title": "B.Sc. Bauingenieurwesen", "level": 6, "country": "SY", "year": 2014}
    recorded = created(staff.post(path, json=degree))["qualifications"][0]
    assert (recorded["title"], recorded["recognition"]) == (degree["title"], "not_applied")
    where = f"{path}/{recorded['id']}"
    decided = {"status": "full", "authority": "Ingenieurkammer MV", "decided_on": "2026-10-01"}
    recognised = staff.put(f"{where}/recognition", json=decided).json()["qualifications"][0]
    assert (recognised["recognition"], recognised["decision"]["authority"]) == ("full", "Ingenieurkammer MV")
    corrected = staff.put(where, json=degree | {"year": 2015}).json()["qualifications"][0]
    assert (corrected["year"], corrected["recognition"]) == (2015, "full")
    assert staff.delete(where).json()["qualifications"] == []
    problem(staff.put(f"{where}/recognition", json=decided), 404, "qualification-unknown")
    problem(staff.put(f"{path}/qualification-x/recognition", json=decided), 404, "not-found")


def test_typed_skills_are_confirmed_and_what_was_typed_stays(staff: httpx.Client, person: dict[str, Any]) -> None:
    path = f"/v1/people/{person['id']}"
    shown = staff.put(f"{path}/skills", json={"skills": [{"typed": "CAD", "concept": CAD}]}).json()
    assert (shown["skills"], shown["concepts"]) == (["CAD", "Pumpen"], [CAD])
    unknown = problem(
        staff.put(f"{path}/skills", json={"skills": [{"typed": "x", "concept": CAD}]}), 422, "skill-not-in-profile"
    )
    assert unknown["field"] == "skills.0.typed"
    assert staff.patch(path, json={"skills": ["Pumpen"]}).json()["concepts"] == []


def test_contact_people_are_added_and_removed(bruecke: Installation, staff: httpx.Client) -> None:
    company = created(staff.post("/v1/companies", json=COMPANY | {"legal_form": "GmbH", "figures_year": 2025}))
    path = f"/v1/companies/{company['id']}/contact-people"
    deputy = {"name": "Anneliese Übersee", "email": "a@example.org", "role": "Personal"}
    added = created(staff.post(path, json=deputy))["contact_people"][0]
    assert {name: added[name] for name in deputy} == deputy
    with client(bruecke, "auditor") as auditor:
        assert "contact_people" not in auditor.get(f"/v1/companies/{company['id']}").json()
    assert staff.delete(f"{path}/{added['id']}").json()["contact_people"] == []
    problem(staff.delete(f"{path}/contactperson-{uuid4()}"), 404, "contact-person-unknown")


def test_an_industry_that_does_not_exist_is_named(staff: httpx.Client) -> None:
    wrong = COMPANY | {"industry": {"scheme": "WZ", "edition": "2008", "code": "34"}}
    assert problem(staff.post("/v1/companies", json=wrong), 422, "industry-not-in-scheme")["field"] == "industry.code"


def test_a_partner_says_what_it_shares(bruecke: Installation, staff: httpx.Client) -> None:
    given = {"name": "Chamber", "regions": ["UA-46"], "contact_email": "c@example.org"}
    partner = created(staff.post("/v1/partners", json=given))
    scope = {"shares": ["referrals", "meetings"], "regions": ["UA-46"]}
    with client(bruecke, "partner", partner["id"]) as itself:
        assert itself.put(f"/v1/partners/{partner['id']}/sharing", json=scope).json()["sharing"] == scope
        wrong = itself.put(f"/v1/partners/{partner['id']}/sharing", json=scope | {"regions": ["SY-HL"]})
        assert problem(wrong, 422, "region-not-of-partner")["field"] == "regions.0"


def _stated(profile: dict[str, Any], field: str) -> dict[str, Any]:
    return {each["provenance"]: each["value"] for each in profile["statements"][field]}
