"""The way through the house over HTTP: from two profiles to a followed-up meeting, and the mails that went out on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from deploy.embedded.installation import Installation
from services.cli.mail import mailbox
from tests.waiting import eventually

pytestmark = pytest.mark.servers


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
    with httpx.Client(base_url=bruecke.address, headers=headers, timeout=20) as client:
        yield client


def post(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    return dict(answer.json())


def a_person(staff: httpx.Client, **more: Any) -> dict[str, Any]:
    fields = {
        "name": "Ліна Ковальчук",
        "email": "lina.kovalchuk@example.org",
        "preferred_language": "en",
        "occupation": "2144",
        "sectors": ["mechanical_engineering"],
        "skills": ["CAD"],
        "languages": [{"language": "de", "level": "B2"}],
        "purposes": ["employment"],
        "place": "Rostock",
        "region": "DE-MV",
    }
    return post(staff, "/v1/people", **{**fields, **more})


def a_company(staff: httpx.Client) -> dict[str, Any]:
    return post(
        staff,
        "/v1/companies",
        name="Warnow Maschinenbau GmbH",
        sector="mechanical_engineering",
        headcount=40,
        turnover_eur=6_000_000,
        balance_sheet_eur=4_000_000,
        place="Rostock",
        region="DE-MV",
        contact_name="Jürgen Voß",
        contact_email="voss@example.org",
    )


def a_need(staff: httpx.Client, company: str) -> dict[str, Any]:
    return post(
        staff,
        f"/v1/companies/{company}/needs",
        title="Konstruktion",
        purpose="employment",
        skills=["CAD"],
        languages=[{"language": "de", "level": "B1"}],
        sector="mechanical_engineering",
        place="Rostock",
        region="DE-MV",
    )


def consent(staff: httpx.Client, person: str, *purposes: str) -> None:
    for purpose in purposes:
        post(staff, f"/v1/people/{person}/consents", purpose=purpose, text_version="2026-01", language="uk")


def test_from_two_profiles_to_a_followed_up_meeting(bruecke: Installation, staff: httpx.Client) -> None:
    person = a_person(staff)["id"]
    company = a_company(staff)
    need = a_need(staff, company["id"])["id"]
    assert company["size_class"] == "small"
    pair = {"person_id": person, "company_id": company["id"], "need_id": need}

    refused = staff.post("/v1/contacts", json=pair)
    assert refused.status_code in (409, 422)
    assert refused.json()["code"] == "person-has-not-consented-to-matching"
    consent(staff, person, "matching", "show_to_companies")
    eventually(lambda: person in [each["person_id"] for each in _candidates(staff, need)])

    contact = post(staff, "/v1/contacts", **pair)
    assert contact["state"] == "proposed"
    assert contact["next_step"]["owner"] == "coordinator"
    here = f"/v1/contacts/{contact['id']}"
    post(staff, f"{here}/acceptances", side="person")
    assert post(staff, f"{here}/acceptances", side="company")["state"] == "accepted"
    assert post(staff, f"{here}/arrangement")["state"] == "arranged"

    starts = datetime.now(UTC) + timedelta(seconds=1.5)
    meeting = _schedule(staff, here, starts)
    assert meeting["first"] is True
    too_early = staff.post(f"{here}/meetings/{meeting['meeting_id']}/held", json={"outcome": "good"})
    assert too_early.status_code in (409, 422)
    eventually(lambda: datetime.now(UTC) > starts)
    post(staff, f"{here}/meetings/{meeting['meeting_id']}/held", outcome="Beide möchten weiter sprechen.")
    later = datetime.now(UTC) + timedelta(days=7)
    following = {"format": "company_visit", "starts_at": later.isoformat(), "ends_at": (later + timedelta(hours=2)).isoformat()}
    contact = post(staff, f"{here}/meetings/{meeting['meeting_id']}/follow-up", next_meeting=following)
    assert [each["state"] for each in contact["meetings"]] == ["followed_up", "scheduled"]
    assert contact["next_step"]["due"]

    events = staff.get(f"{here}/events").json()
    listed = events["items"] if isinstance(events, dict) else events
    assert [each["version"] for each in listed] == list(range(1, contact["version"] + 1))
    eventually(lambda: {"lina.kovalchuk@example.org", "voss@example.org"} <= _recipients(bruecke))


def test_a_withdrawn_consent_lets_open_contacts_rest(staff: httpx.Client) -> None:
    person, company = a_person(staff)["id"], a_company(staff)["id"]
    need = a_need(staff, company)["id"]
    consent(staff, person, "matching", "show_to_companies")
    contact = post(staff, "/v1/contacts", person_id=person, company_id=company, need_id=need)["id"]
    staff.delete(f"/v1/people/{person}/consents/matching").raise_for_status()
    eventually(lambda: staff.get(f"/v1/contacts/{contact}").json()["state"] == "dormant")
    eventually(lambda: person not in [each["person_id"] for each in _candidates(staff, need)])


@pytest.mark.parametrize("name", ["أحمد الحسن", "Олександра Ковальчук", "Zoë Ağaoğlu", "A\u0301ngel Nguye\u0302\u0303n"])
def test_names_in_any_script_survive_unchanged(staff: httpx.Client, name: str) -> None:
    person = a_person(staff, name=name)["id"]
    assert staff.get(f"/v1/people/{person}").json()["name"] == name


def _schedule(staff: httpx.Client, here: str, starts: datetime) -> dict[str, Any]:
    contact = post(
        staff,
        f"{here}/meetings",
        format="face_to_face",
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=1)).isoformat(),
        place="IHK zu Rostock",
    )
    return dict(contact["meetings"][0])


def _candidates(staff: httpx.Client, need: str) -> list[dict[str, Any]]:
    answer = staff.get(f"/v1/needs/{need}/candidates")
    return list(answer.json().get("candidates", answer.json().get("items", []))) if answer.is_success else []


def _recipients(bruecke: Installation) -> set[str]:
    return {str(each["To"]) for each in mailbox(bruecke.data)}
