"""Somebody who has taken part in everything that there is, so that every store holds something of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import grpc
import httpx

import services.gateway.partner  # noqa: F401 - puts the generated stubs on the path

from bruecke.partner.v1 import partner_pb2 as messages  # isort: skip
from bruecke.partner.v1 import partner_pb2_grpc as stubs  # isort: skip
from deploy.embedded.installation import Installation
from tests.waiting import eventually

NAME, ARABIC = "Xanthippe Quirinalis", "ياسمينة القزويني"
EMAIL, PHONE, ADDRESS = "xanthippe.quirinalis@needle.example", "+49 381 7715532", "Nadelöhrgasse 77b, 18055 Rostock"
NEEDLES = [NAME, "Quirinalis", ARABIC, "القزويني", EMAIL, PHONE, ADDRESS]
TEXT = f"{NAME} ({ARABIC}), {EMAIL}, {PHONE}, {ADDRESS}"
"""What staff should not write, and do."""

PERSON: dict[str, Any] = {
    "name": f"{NAME} {ARABIC}",
    "own_script_name": ARABIC,
    "email": EMAIL,
    "phone": PHONE,
    "address": ADDRESS,
    "preferred_language": "de",
    "occupation": "2144",
    "sectors": ["construction"],
    "skills": ["Bauzeichnung"],
    "purposes": ["employment"],
    "place": "Rostock",
    "region": "DE-MV",
}
OTHER = PERSON | {
    "name": "Somebody Else",
    "own_script_name": "",
    "email": "else@example.org",
    "phone": "+49 1",
    "address": "",
}
PROSPECT = {name: PERSON[name] for name in ("name", "email", "phone", "address", "place", "region")} | {
    "kind": "person",
    "sector": "construction",
    "found_through": "fair",
    "source": "Baumesse 2026",
    "note": TEXT,
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
PURPOSES = ("matching", "show_to_companies", "share_with_partners", "be_written_to", "reports")


@dataclass(frozen=True, slots=True)
class Part:
    """The ids of who took part, and of what else belongs to them: ``duplicate``, the profile merged into theirs."""

    person: str
    duplicate: str
    prospect: str
    referrals: tuple[str, ...]
    company: str
    contact: str


def client(bruecke: Installation, role: str, stream: str | None = None) -> httpx.Client:
    headers = {"authorization": f"Bearer {bruecke.token(role, stream)}"}
    return httpx.Client(base_url=bruecke.address, headers=headers, timeout=30)


def made(staff: httpx.Client, path: str, body: dict[str, Any], method: str = "POST", **headers: str) -> dict[str, Any]:
    answer = staff.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


def keyed() -> dict[str, str]:
    """An Idempotency-Key, so that the answer is kept."""
    return {"idempotency-key": str(uuid4())}


def take_part_in_everything(bruecke: Installation, staff: httpx.Client) -> Part:
    prospect, person = _be_won(staff)
    referrals = tuple(_be_recommended(bruecke, staff, person))
    for purpose in PURPOSES:
        made(
            staff, f"/v1/people/{person}/consents", {"purpose": purpose, "text_version": "2026-01", "language": "de"}, **keyed()
        )
    staff.put(f"/v1/preferences/{person}", json={"email": True}).raise_for_status()
    _be_qualified(staff, person)
    duplicate = _be_entered_twice(staff, person)
    company = str(made(staff, "/v1/companies", COMPANY)["id"])
    contact = _meet(bruecke, staff, person, company)
    _refuse_another(staff, person, company)
    _learn(staff, person)
    _be_clumsy(staff, person, contact)
    return Part(person, duplicate, prospect, referrals, company, contact)


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def step(text: str = TEXT) -> dict[str, str]:
    return {"what": text, "owner": "coordinator", "due": in_days(3)}


def _be_won(staff: httpx.Client) -> tuple[str, str]:
    """As a prospect, who is approached twice and agrees."""
    prospect = made(staff, "/v1/prospects", PROSPECT | {"next_step": step()}, **keyed())["id"]
    path = f"/v1/prospects/{prospect}"
    approach = {"at": in_days(-1), "means": "phone", "outcome": "in_talks", "note": TEXT, "next_step": step()}
    for _ in range(2):
        made(staff, f"{path}/approaches", approach, **keyed())
    made(staff, f"{path}/next-step", step(f"Noch einmal: {TEXT}"), "PUT", **keyed())
    made(staff, path, {"note": f"{TEXT}!"}, "PATCH", **keyed())
    key = keyed()
    person = made(staff, f"{path}/agreement", PERSON, **key)["profile_id"]
    assert made(staff, f"{path}/agreement", PERSON, **key)["profile_id"] == person
    return prospect, person


def _be_recommended(bruecke: Installation, staff: httpx.Client, person: str) -> Iterator[str]:
    """Three times: accepted, rejected for being known already, and not decided yet."""
    partner = made(staff, "/v1/partners", {"name": "Kammer", "regions": ["DE-MV"], "contact_email": "k@example.org"})["id"]
    accepted, rejected, open_still = (refer(bruecke, partner, f"case-{number}") for number in range(3))
    made(staff, f"/v1/referrals/{accepted}/acceptance", {"person_id": person}, **keyed())
    made(staff, f"/v1/referrals/{rejected}/rejection", {"reason": TEXT}, **keyed())
    yield from (accepted, rejected, open_still)


def refer(bruecke: Installation, partner: str, case: str, name: str = f"{ARABIC} {NAME.upper()}", email: str = EMAIL) -> str:
    """Partners spell names as they like."""
    request = messages.SubmitReferralRequest(external_id=case, name=name, email=email, region="DE-MV", note=TEXT)
    with grpc.insecure_channel(bruecke.grpc_address) as channel:
        metadata = [("authorization", f"Bearer {bruecke.token('partner', partner)}")]
        return str(stubs.ReferralServiceStub(channel).SubmitReferral(request, metadata=metadata, timeout=20).referral_id)


def _be_qualified(staff: httpx.Client, person: str) -> None:
    verified = {"provenance": "verified", "evidence": TEXT}
    path = f"/v1/people/{person}/qualifications"
    degree = {"title": "Bauingenieurin", "level": 6, "country": "SY", "year": 2015, **verified}
    for _ in range(2):
        (qualification, *_) = made(staff, path, degree, **keyed())["qualifications"]
        decided = {"status": "full", "authority": "Kammer", "reference": TEXT[:100], "decided_on": "2026-01-05"}
        made(staff, f"{path}/{qualification['id']}/recognition", decided, "PUT", **keyed())
    skills = [{"typed": "Bauzeichnung", "concept": None}]
    made(staff, f"/v1/people/{person}/skills", {"skills": skills, **verified}, "PUT", **keyed())
    made(staff, f"/v1/people/{person}", {"experience_years": 12, **verified}, "PATCH", **keyed())


def _be_entered_twice(staff: httpx.Client, person: str) -> str:
    """A second profile of the same human being, with a qualification of its own, merged into the first."""
    duplicate = str(made(staff, "/v1/people", PERSON | {"provenance": "said", "evidence": TEXT}, **keyed())["id"])
    _be_qualified(staff, duplicate)
    made(staff, f"/v1/people/{person}/merges", {"absorbed_id": duplicate}, **keyed())
    return duplicate


def _meet(bruecke: Installation, staff: httpx.Client, person: str, company: str) -> str:
    contact = _proposed(staff, person, company)
    path = f"/v1/contacts/{contact}"
    for side, stream in (("person", person), ("company", company)):
        with client(bruecke, side, stream) as theirs:
            made(theirs, f"{path}/acceptances", {"side": side}, **keyed())
            theirs.get(f"/v1/people/{person}").raise_for_status()
    made(staff, f"{path}/arrangement", {"next_step": step()}, **keyed())
    with client(bruecke, "company", company) as theirs:
        theirs.get(f"/v1/people/{person}").raise_for_status()
    made(staff, f"{path}/next-step", step(f"Anrufen: {TEXT}"), "PUT", **keyed())
    made(staff, f"{path}/next-step/completion", {"then": step()}, **keyed())
    cancelled = _meeting(staff, path, 1)
    made(staff, f"{path}/meetings/{cancelled}/cancellation", {"reason": TEXT}, **keyed())
    _hold(staff, path)
    _meeting(staff, path, 2)
    _write_to_each_other(bruecke, staff, path, person, company)
    return contact


def _write_to_each_other(bruecke: Installation, staff: httpx.Client, path: str, person: str, company: str) -> None:
    """Everybody writes of the person, in a topic that names them, with a file that does."""
    with client(bruecke, "person", person) as mine, client(bruecke, "company", company) as theirs:
        for each in (mine, theirs, staff):
            name = {"name": f"{NAME}.txt"}
            file = each.post(f"{path}/attachments", params=name, content=TEXT.encode()).raise_for_status().json()["id"]
            message = {"body": TEXT, "language": "de", "topic": TEXT[:120], "attachments": [file]}
            key = keyed()
            written = made(each, f"{path}/messages", message, **key)
            assert made(each, f"{path}/messages", message, **key) == written
        made(mine, f"{path}/messages/{written['id']}/reports", {"reason": "personal_data"}, **keyed())
        made(mine, f"{path}/messages/read-mark", {"message_id": written["id"]}, "PUT")


def _hold(staff: httpx.Client, path: str) -> None:
    """A talk that begins at once, with its outcome and what follows."""
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    times = {"starts_at": soon.isoformat(), "ends_at": (soon + timedelta(minutes=5)).isoformat()}
    contact = made(staff, f"{path}/meetings", {"format": "face_to_face", "place": ADDRESS, **times}, **keyed())
    meeting = f"{path}/meetings/{contact['meetings'][-1]['meeting_id']}"
    eventually(lambda: staff.post(f"{meeting}/held", json={"outcome": TEXT}, headers=keyed()).is_success)
    made(staff, f"{meeting}/follow-up", {"next_step": step()}, **keyed())


def _proposed(staff: httpx.Client, person: str, company: str) -> str:
    need = made(staff, f"/v1/companies/{company}/needs", NEED)["id"]
    return str(made(staff, "/v1/contacts", {"person_id": person, "company_id": company, "need_id": need}, **keyed())["id"])


def _meeting(staff: httpx.Client, path: str, days: int) -> str:
    times = {"starts_at": in_days(days), "ends_at": in_days(days + 0.1)}
    contact = made(staff, f"{path}/meetings", {"format": "face_to_face", "place": ADDRESS, **times}, **keyed())
    meeting = str(contact["meetings"][-1]["meeting_id"])
    moved = {"starts_at": in_days(days + 1), "ends_at": in_days(days + 1.1), "place": f"bei {TEXT}"}
    made(staff, f"{path}/meetings/{meeting}", moved, "PATCH", **keyed())
    return meeting


def _refuse_another(staff: httpx.Client, person: str, company: str) -> None:
    contact = _proposed(staff, person, company)
    made(staff, f"/v1/contacts/{contact}/declines", {"side": "person", "reason": TEXT}, **keyed())


def _learn(staff: httpx.Client, person: str) -> None:
    """In a workshop that begins at once, of which the person says how it was; another one lies ahead."""
    about = {"kind": "workshop", "title": "Baurecht", "language": "de", "capacity": 9, "place": "Rostock", "region": "DE-MV"}
    for delay in (timedelta(days=9), timedelta(seconds=4)):
        starts_at = datetime.now(UTC) + delay
        times = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
        about = {
            "kind": "workshop",
            "title": "Baurecht",
            "language": "de",
            "capacity": 9,
            "place": "Rostock",
            "region": "DE-MV",
        }
        path = f"/v1/workshops/{made(staff, '/v1/workshops', about | times, **keyed())['id']}"
        made(staff, f"{path}/registrations", {"participant_id": person}, **keyed())
    came = {"participants": [{"participant_id": person, "attendance": "attended"}]}
    eventually(lambda: staff.put(f"{path}/attendance", json=came, headers=keyed()).is_success)
    made(staff, f"{path}/feedback", {"participant_id": person, "rating": 4, "words": TEXT}, **keyed())


def _be_clumsy(staff: httpx.Client, person: str, contact: str) -> None:
    """Commands that are answered later, and requests that fail with personal data in the wrong place."""
    asked = [
        ("PATCH", f"/v1/people/{person}", {"phone": PHONE + " 0"}),
        ("PUT", f"/v1/contacts/{contact}/next-step", step(f"Später: {TEXT}")),
    ]
    for method, path, body in asked:
        later = staff.request(method, path, json=body, headers={"prefer": "respond-async"} | keyed())
        assert later.status_code == 202
        eventually(lambda later=later: staff.get(later.headers["location"]).json()["status"] == "accepted")  # type: ignore[misc]
    for wrong in (PERSON | {"email": NAME}, PERSON | {"occupation": PHONE}, {NAME: EMAIL}, PERSON | {"name": NAME + "\0"}):
        assert staff.post("/v1/people", json=wrong, headers=keyed()).status_code == 422
    assert (
        staff.post(f"/v1/contacts/{contact}/declines", json={"side": NAME, "reason": TEXT}, headers=keyed()).status_code == 422
    )
    refused = staff.post(f"/v1/contacts/{contact}/acceptances", json={"side": "person", "why": TEXT}, headers=keyed())
    assert refused.status_code == 422
    assert staff.patch(f"/v1/people/{person}", json={"name": NAME}, headers={"if-match": '"1"'}).status_code == 412
    assert staff.get(f"/v1/people/{NAME}").status_code == 404
    assert staff.get("/v1/people", params={"cursor": EMAIL}).status_code == 400
