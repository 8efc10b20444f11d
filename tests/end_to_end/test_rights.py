"""What people can rely on: who sees them, that it is recorded, that withdrawing acts at once, and that they can read it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import grpc
import httpx
import psutil
import pytest

import services.gateway.partner  # noqa: F401 - puts the generated stubs on the path
from benchmarks.withdrawal import LIMIT_SECONDS, withdraw_everything

from bruecke.partner.v1 import partner_pb2 as messages  # isort: skip
from bruecke.partner.v1 import partner_pb2_grpc as stubs  # isort: skip
from deploy.embedded.installation import Installation
from services.cli.mail import mailbox
from tests.end_to_end.taking_part import COMPANY, NEED, PERSON, client, made
from tests.end_to_end.traces import everything, traces
from tests.waiting import eventually

pytestmark = pytest.mark.servers

REGION = "UA-14"
NAMES = {"name", "email", "phone"}


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


def a_person(staff: httpx.Client, *purposes: str, **more: Any) -> str:
    person = str(made(staff, "/v1/people", PERSON | more)["id"])
    for purpose in purposes:
        consent = {"purpose": purpose, "text_version": "2026-02", "language": "de"}
        made(staff, f"/v1/people/{person}/consents", consent)
    return person


def export_of(api: httpx.Client, path: str) -> dict[str, Any]:
    return dict(api.get(f"{path}/export").raise_for_status().json())


def test_a_company_sees_only_who_agreed_and_a_name_only_once_the_contact_is_arranged(
    bruecke: Installation, staff: httpx.Client
) -> None:
    hidden, shown = a_person(staff, "matching"), a_person(staff, "matching", "show_to_companies")
    company = made(staff, "/v1/companies", COMPANY)["id"]
    need = made(staff, f"/v1/companies/{company}/needs", NEED)["id"]
    with client(bruecke, "company", company) as theirs, client(bruecke, "person", shown) as mine:
        assert theirs.get(f"/v1/people/{hidden}").status_code == 404
        listed = theirs.get("/v1/people", params={"limit": 200}).json()["items"]
        assert hidden not in [each["id"] for each in listed]
        assert shown in [each["id"] for each in listed]
        assert not any(NAMES & each.keys() for each in listed)
        assert not NAMES & theirs.get(f"/v1/people/{shown}").json().keys()
        ids = {"person_id": shown, "company_id": company, "need_id": need}
        contact = made(staff, "/v1/contacts", ids)["id"]
        for api, side in ((theirs, "company"), (mine, "person")):
            made(api, f"/v1/contacts/{contact}/acceptances", {"side": side})
        made(staff, f"/v1/contacts/{contact}/arrangement", {})
        for _ in range(2):
            assert theirs.get(f"/v1/people/{shown}").json()["name"] == PERSON["name"]
        assert "address" not in theirs.get(f"/v1/people/{shown}").json()
        eventually(lambda: len(export_of(mine, f"/v1/people/{shown}")["disclosures"]) == 2)
        first, second = export_of(mine, f"/v1/people/{shown}")["disclosures"]
        assert (first["purpose"], first["contact_id"]) == ("consider_contact", None)
        assert not NAMES & set(first["fields"])
        assert (second["purpose"], second["contact_id"]) == ("arranged_contact", contact)
        assert set(second["fields"]) >= NAMES
        assert (second["recipient"], second["recipient_name"]) == (company, COMPANY["name"])
        assert (second["consent"], second["text_version"]) == ("show_to_companies", "2026-02")
        mine.delete(f"/v1/people/{shown}/consents/show_to_companies").raise_for_status()
        assert theirs.get(f"/v1/people/{shown}").status_code == 404


def test_what_a_partner_is_told_in_its_feed_is_recorded(bruecke: Installation, staff: httpx.Client) -> None:
    people = {a_person(staff, "share_with_partners", region=REGION) for _ in range(20)}
    other = a_person(staff, "share_with_partners", region="UA-46")
    partner = made(staff, "/v1/partners", {"name": "Kammer", "regions": [REGION], "contact_email": "k@example.org"})["id"]
    with grpc.insecure_channel(bruecke.grpc_address) as channel:
        metadata = [("authorization", f"Bearer {bruecke.token('partner', partner)}")]
        stream = stubs.FeedServiceStub(channel).Follow(messages.FollowRequest(), metadata=metadata, timeout=30)
        assert {entry.subject for entry in islice(stream, 20)} == people
        stream.cancel()
    for person in people:
        eventually(lambda person=person: len(export_of(staff, f"/v1/people/{person}")["disclosures"]) == 1)  # type: ignore[misc]
        (told,) = export_of(staff, f"/v1/people/{person}")["disclosures"]
        assert (told["recipient"], told["purpose"], told["consent"]) == (partner, "partner_network", "share_with_partners")
        assert not NAMES & set(told["fields"])
    with client(bruecke, "partner", partner) as theirs:
        assert {each["id"] for each in theirs.get("/v1/people", params={"limit": 200}).json()["items"]} == people
        assert theirs.get(f"/v1/people/{other}").status_code == 404
    assert export_of(staff, f"/v1/people/{other}")["disclosures"] == []


def test_withdrawing_acts_within_a_second_everywhere(bruecke: Installation) -> None:
    took = withdraw_everything(bruecke)
    assert len(took) == 7
    assert {place: seconds for place, seconds in took.items() if seconds > LIMIT_SECONDS} == {}


def test_who_has_not_agreed_to_be_written_to_gets_what_the_law_demands_and_no_more(
    bruecke: Installation, staff: httpx.Client
) -> None:
    address = "only-the-law@example.org"
    person = a_person(staff, "matching", "show_to_companies", email=address)
    company = made(staff, "/v1/companies", COMPANY)["id"]
    need = made(staff, f"/v1/companies/{company}/needs", NEED)["id"]
    made(staff, "/v1/contacts", {"person_id": person, "company_id": company, "need_id": need})
    staff.delete(f"/v1/people/{person}/consents/matching").raise_for_status()
    eventually(lambda: len(export_of(staff, f"/v1/people/{person}")["mails"]) == 4)
    eventually(lambda: all(each["state"] != "queued" for each in export_of(staff, f"/v1/people/{person}")["mails"]))
    states = {each["template"]: each["state"] for each in export_of(staff, f"/v1/people/{person}")["mails"]}
    assert states == {
        "welcome": "sent",
        "contact_proposed": "failed",
        "consent_withdrawn": "sent",
        "contact_dormant": "failed",
    }
    assert sum(address in str(mail["To"]) for mail in mailbox(bruecke.data)) == 2


def test_an_export_says_all_and_nothing_of_the_other_side(bruecke: Installation, staff: httpx.Client) -> None:
    person = a_person(staff, "matching", "show_to_companies", "reports", name="<script>alert(1)</script> لينا")
    company = made(staff, "/v1/companies", COMPANY | {"contact_name": "Nobody's Business"})["id"]
    need = made(staff, f"/v1/companies/{company}/needs", NEED)["id"]
    made(staff, "/v1/contacts", {"person_id": person, "company_id": company, "need_id": need})
    with client(bruecke, "person", person) as mine:
        mine.delete(f"/v1/people/{person}/consents/reports").raise_for_status()
        export = export_of(mine, f"/v1/people/{person}")
        assert export["profile"]["email"] == PERSON["email"]
        assert [each["what"] for each in export["consent_history"]] == ["ConsentGranted"] * 3 + ["ConsentWithdrawn"]
        (contact,) = export["contacts"]
        assert contact["company"] == COMPANY["name"]
        assert contact["timeline"][0]["what"] == "ContactProposed"
        assert "Nobody's Business" not in mine.get(f"/v1/people/{person}/export").text
        for language, title in (("de", "Auskunft über Ihre Daten"), ("en", "Your data at Brücke")):
            wanted = {"accept": "text/html", "accept-language": language}
            page = mine.get(f"/v1/people/{person}/export", headers=wanted)
            assert page.headers["content-type"].startswith("text/html")
            assert title in page.text
            assert "<script" not in page.text
            assert "&lt;script&gt;" in page.text
    with client(bruecke, "company", company) as theirs:
        assert theirs.get(f"/v1/people/{person}/export").status_code == 403
        own = export_of(theirs, f"/v1/companies/{company}")
        assert own["profile"]["contact_name"] == "Nobody's Business"
        assert person not in theirs.get(f"/v1/companies/{company}/export").text


def test_the_wordings_of_consents_can_be_read_and_no_other_can_be_agreed_to(bruecke: Installation, staff: httpx.Client) -> None:
    person = a_person(staff)
    with client(bruecke, "person", person) as mine:
        texts = mine.get("/v1/consent-texts").json()["items"]
        assert {each["version"] for each in texts} == {"2026-01", "2026-02"}
        assert all(each["de"] and each["en"] for each in texts)
        unknown = {"purpose": "matching", "text_version": "2031-07", "language": "de"}
        answer = mine.post(f"/v1/people/{person}/consents", json=unknown)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
            422,
            "consent-text-unknown",
            "text_version",
        )


def test_matching_cannot_read_a_name(bruecke: Installation, staff: httpx.Client) -> None:
    """Neither its process nor its database holds anything by which it could; see also the import rules."""
    a_person(staff, "matching", "show_to_companies")
    eventually(lambda: any(b"Rostock" in content for place, content in everything(bruecke) if _of_matching(place)))
    for process in _family(bruecke.pids["matching"]):
        environment = process.environ()
        assert environment["BRUECKE_MONGO_URL"] == bruecke.mongo_url
        assert not [name for name in environment if "MASTER_KEY" in name or "SECRET" in name]
    held = b"".join(content for place, content in everything(bruecke) if _of_matching(place))
    assert b"sealed." not in held
    assert not [text for text in (PERSON["name"], PERSON["email"], PERSON["phone"]) if str(text).encode() in held]


def _of_matching(place: str) -> bool:
    return place.startswith("collection bruecke_matching.")


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def test_a_company_and_a_partner_are_erased_with_whoever_belongs_to_them(bruecke: Installation, staff: httpx.Client) -> None:
    company = made(staff, "/v1/companies", COMPANY | {"contact_name": "Contessa Needle"})["id"]
    need = made(staff, f"/v1/companies/{company}/needs", NEED)["id"]
    made(staff, f"/v1/companies/{company}/contact-people", {"name": "Marchesa Needle", "email": "marchesa@example.org"})
    partner = made(staff, "/v1/partners", {"name": "Kammer", "regions": [REGION], "contact_email": "needle@example.org"})["id"]
    needles = ["Contessa Needle", "Marchesa Needle", "marchesa@example.org", "needle@example.org"]
    assert {trace.needle for trace in traces(bruecke, needles)} == set(needles)
    for path in (f"/v1/companies/{company}", f"/v1/partners/{partner}"):
        erasure = staff.delete(path).raise_for_status().headers["location"]
        eventually(lambda erasure=erasure: staff.get(erasure).json()["receipt"] == "sent", within=15)  # type: ignore[misc]
        for rest in ("", "/export"):
            assert staff.get(path + rest).status_code == 410
    assert staff.get(f"/v1/needs/{need}").json()["open"] is False
    assert traces(bruecke, needles) == set()
    request = messages.SubmitReferralRequest(external_id="r-1", name="Anna", region=REGION)
    metadata = [("authorization", f"Bearer {bruecke.token('partner', partner)}")]
    with grpc.insecure_channel(bruecke.grpc_address) as channel:
        submit = stubs.ReferralServiceStub(channel).SubmitReferral
        with pytest.raises(grpc.RpcError) as refused:
            submit(request, metadata=metadata, timeout=20)
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
