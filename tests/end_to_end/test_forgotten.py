"""Who was erased is nowhere to be found: not in a topic, a collection or a log, not in the clear and not under any key."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import httpx
import pytest
from typer.testing import CliRunner

import services.gateway.partner  # noqa: F401 - puts the generated stubs on the path

from bruecke.partner.v1 import partner_pb2 as messages  # isort: skip
from bruecke.partner.v1 import partner_pb2_grpc as stubs  # isort: skip
from deploy.embedded.installation import Installation
from services.cli.__main__ import app
from services.gateway.http.people import PERSON as PERSON_KIND
from services.profiles.contract import STORES
from tests.end_to_end.traces import mails_to, traces
from tests.waiting import eventually

pytestmark = pytest.mark.servers

NAME, ARABIC = "Xanthippe Quirinalis", "ياسمينة القزويني"
EMAIL, PHONE, ADDRESS = "xanthippe.quirinalis@needle.example", "+49 381 7715532", "Nadelöhrgasse 77b, 18055 Rostock"
NEEDLES = [NAME, "Quirinalis", ARABIC, "القزويني", EMAIL, PHONE]
IN_THE_PROFILE = {"address": ADDRESS, "own_script_name": ARABIC}
"""Fields that the form has only when the gateway seals them."""

PERSON: dict[str, Any] = {
    "name": f"{NAME} {ARABIC}",
    "email": EMAIL,
    "phone": PHONE,
    "preferred_language": "de",
    "occupation": "2144",
    "sectors": ["construction"],
    "place": "Rostock",
    "region": "DE-MV",
    **{field: text for field, text in IN_THE_PROFILE.items() if field in PERSON_KIND.sealed},
}
OTHER = PERSON | {"name": "Somebody Else", "email": "else@example.org", "phone": "+49 1"}
OTHER |= {field: "" for field in IN_THE_PROFILE if field in PERSON_KIND.sealed}
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
PURPOSES = ("matching", "show_to_companies", "share_with_partners", "be_written_to", "reports")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        installation.start()
        yield installation


def client(bruecke: Installation, role: str, stream: str | None = None) -> httpx.Client:
    headers = {"authorization": f"Bearer {bruecke.token(role, stream)}"}
    return httpx.Client(base_url=bruecke.address, headers=headers, timeout=30)


def needles() -> list[str]:
    return [*NEEDLES, *([ADDRESS] if "address" in PERSON_KIND.sealed else [])]


def made(staff: httpx.Client, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = staff.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


def refer(bruecke: Installation, partner: str) -> str:
    with grpc.insecure_channel(bruecke.grpc_address) as channel:
        request = messages.SubmitReferralRequest(
            external_id="case-1", name=NAME, email=EMAIL, region="DE-MV", note=f"Ruf {NAME} an: {PHONE}"
        )
        metadata = [("authorization", f"Bearer {bruecke.token('partner', partner)}")]
        return str(stubs.ReferralServiceStub(channel).SubmitReferral(request, metadata=metadata, timeout=20).referral_id)


def take_part_in_everything(bruecke: Installation, staff: httpx.Client) -> tuple[str, str]:
    """The ids of the person and of the contact."""
    key = {"idempotency-key": str(uuid4())}
    person = made(staff, "/v1/people", PERSON, **key)["id"]
    assert made(staff, "/v1/people", PERSON, **key)["id"] == person
    partner = made(staff, "/v1/partners", {"name": "Kammer", "regions": ["DE-MV"], "contact_email": "k@example.org"})["id"]
    referral = refer(bruecke, partner)
    made(staff, f"/v1/referrals/{referral}/acceptance", {"person_id": person})
    for purpose in PURPOSES:
        consent = {"purpose": purpose, "text_version": "2026-01", "language": "de"}
        made(staff, f"/v1/people/{person}/consents", consent, **{"idempotency-key": str(uuid4())})
    staff.put(f"/v1/preferences/{person}", json={"email": True}).raise_for_status()
    contact = _meet(bruecke, staff, person)
    _be_clumsy(staff, person)
    return person, contact


def _meet(bruecke: Installation, staff: httpx.Client, person: str) -> str:
    company = made(staff, "/v1/companies", COMPANY)["id"]
    need = made(staff, f"/v1/companies/{company}/needs", NEED)["id"]
    contact = made(staff, "/v1/contacts", {"person_id": person, "company_id": company, "need_id": need})["id"]
    for side, stream in (("person", person), ("company", company)):
        with client(bruecke, side, stream) as theirs:
            made(theirs, f"/v1/contacts/{contact}/acceptances", {"side": side})
            theirs.get(f"/v1/people/{person}").raise_for_status()
    made(staff, f"/v1/contacts/{contact}/arrangement", {})
    starts = datetime.now(UTC) + timedelta(days=1)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    made(staff, f"/v1/contacts/{contact}/meetings", {"format": "video", "place": "online", **times})
    return contact


def _be_clumsy(staff: httpx.Client, person: str) -> None:
    """A command that is answered later, and requests that fail with personal data in the wrong place."""
    later = staff.patch(f"/v1/people/{person}", json={"phone": PHONE + " 0"}, headers={"prefer": "respond-async"})
    assert later.status_code == 202
    eventually(lambda: staff.get(later.headers["location"]).json()["status"] == "accepted")
    for body in (PERSON | {"email": NAME}, PERSON | {"occupation": PHONE}, {NAME: EMAIL}, PERSON | {"name": NAME + "\0"}):
        assert staff.post("/v1/people", json=body, headers={"idempotency-key": str(uuid4())}).status_code == 422
    assert staff.patch(f"/v1/people/{person}", json={"name": NAME}, headers={"if-match": '"1"'}).status_code == 412
    assert staff.get(f"/v1/people/{NAME}").status_code == 404
    assert staff.get("/v1/people", params={"cursor": EMAIL}).status_code == 400


def completed(staff: httpx.Client, erasure: str) -> bool:
    found = staff.get(f"/v1/erasures/{erasure}").json()
    return bool(found["state"] == "completed" and found["receipt"] == "sent")


def test_who_was_erased_is_nowhere_to_be_found(own: Installation) -> None:
    with client(own, "coordinator") as staff:
        other = made(staff, "/v1/people", OTHER)["id"]
        person, contact = take_part_in_everything(own, staff)
        eventually(lambda: len(mails_to(own, EMAIL)) >= 3)
        before = traces(own, needles())
        assert {trace.needle for trace in before if trace.how == "clear"} == set(needles())
        assert {trace.needle for trace in before if trace.how == "sealed, clear"} == set(needles())
        assert not [trace for trace in before if trace.place.startswith("log")]

        erasure = _erase(own, staff, person)
        _nothing_is_left_to_ask(own, staff, person)
        assert staff.get(f"/v1/contacts/{contact}").json()["state"] == "closed"
        assert traces(own, needles()) == set()

        gateway = own.pids["gateway"]
        assert CliRunner().invoke(app, ["views", "rebuild", "--data", str(own.data)]).exit_code == 0
        eventually(lambda: own.pids.get("gateway", gateway) != gateway)
        own.wait_until_ready()
        assert traces(own, needles()) == set()
        assert completed(staff, erasure)
    own.stop()
    with Installation(own.data) as again:
        again.start()
        with client(again, "coordinator") as staff:
            eventually(lambda: completed(staff, erasure))
            _nothing_is_left_to_ask(again, staff, person)
            assert staff.get(f"/v1/people/{other}").json()["name"] == "Somebody Else"
        assert traces(again, needles()) == set()


def _erase(bruecke: Installation, staff: httpx.Client, person: str) -> str:
    """Erases the person and waits for the receipt, which names every store."""
    mails = len(mails_to(bruecke, EMAIL))
    with client(bruecke, "person", person) as mine:
        answer = mine.delete(f"/v1/people/{person}")
        assert answer.status_code == 200, answer.text
        erasure = str(answer.json()["id"])
        assert answer.headers["location"] == f"/v1/erasures/{erasure}"
        eventually(lambda: completed(staff, erasure), within=15)
        told = mine.get(f"/v1/erasures/{erasure}").json()
        assert [each["store"] for each in told["stores"]] == list(STORES)
        assert all(each["confirmed_at"] for each in told["stores"])
        assert mine.delete(f"/v1/people/{person}").json() == told
    assert len(mails_to(bruecke, EMAIL)) == mails + 1
    return erasure


def _nothing_is_left_to_ask(bruecke: Installation, staff: httpx.Client, person: str) -> None:
    for answer in (
        staff.get(f"/v1/people/{person}"),
        staff.patch(f"/v1/people/{person}", json={"place": "Wismar"}),
        staff.delete(f"/v1/people/{person}/consents/matching"),
        staff.put(f"/v1/preferences/{person}", json={"email": False}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "profile-is-erased")
    assert person not in [each["id"] for each in staff.get("/v1/people", params={"limit": 200}).json()["items"]]
    with client(bruecke, "auditor") as auditor:
        assert [each["owner"] for each in auditor.get("/v1/erasures").json()["items"]] == [person]
