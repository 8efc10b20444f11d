"""Probable duplicates and merging over HTTP: what is shown, taken over, refused, and given back."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation
from tests.integration.test_gateway_http import COMPANY, NEED, PERSON, client, created, problem
from tests.waiting import eventually

pytestmark = pytest.mark.servers

CONSENT = {"text_version": "2026-01", "language": "de"}


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


def a_person(staff: httpx.Client, **changes: Any) -> dict[str, Any]:
    unique = uuid4().hex[:8]
    return created(staff.post("/v1/people", json=PERSON | {"email": f"{unique}@example.org", "phone": ""} | changes))


def merged(staff: httpx.Client, survivor: dict[str, Any], absorbed: dict[str, Any], kind: str = "people") -> dict[str, Any]:
    answer = staff.post(f"/v1/{kind}/{survivor['id']}/merges", json={"absorbed_id": absorbed["id"]})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def plain(profile: dict[str, Any]) -> dict[str, Any]:
    """A profile without what every event changes."""
    return {name: value for name, value in profile.items() if name not in ("version", "updated_at")}


def test_a_duplicate_is_shown_with_the_reason_until_staff_say_that_it_is_none(staff: httpx.Client) -> None:
    tag = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:6])
    one = a_person(staff, name=f"Jürgen Möller{tag}", phone="+49 381 7654321")
    other = a_person(staff, name=f"Moeller{tag}, Juergen", phone="0381 / 765 43 21", place="Wismar")
    (found,) = staff.get(f"/v1/people/{one['id']}/duplicates").json()["items"]
    assert found["profile"]["id"] == other["id"]
    assert {each["en"] for each in found["reasons"]} >= {"same phone number", "same name"}
    assert {each["de"] for each in found["reasons"]} >= {"gleiche Telefonnummer", "gleicher Name"}
    assert 0.5 <= found["score"] <= 1
    pair = sorted((one["id"], other["id"]))
    assert pair in listed(staff)
    dismissal = f"/v1/people/{one['id']}/duplicates/{other['id']}/dismissal"
    assert staff.put(dismissal).status_code == 200
    assert staff.get(f"/v1/people/{one['id']}/duplicates").json()["items"] == []
    assert staff.get(f"/v1/people/{other['id']}/duplicates").json()["items"] == []
    assert pair not in listed(staff)


def listed(staff: httpx.Client, kind: str = "people") -> list[list[str]]:
    """All pairs, page by page, best first."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = staff.get("/v1/duplicates", params={"kind": kind, "limit": 2, **cursor}).json()
        found += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    pairs = [[profile["id"] for profile in each["profiles"]] for each in found]
    assert len({tuple(pair) for pair in pairs}) == len(pairs)
    return pairs


def test_duplicates_are_for_staff(bruecke: Installation, staff: httpx.Client) -> None:
    person = a_person(staff)
    with client(bruecke, "person", person["id"]) as herself:
        problem(herself.get("/v1/duplicates"), 403, "forbidden")
        problem(herself.get(f"/v1/people/{person['id']}/duplicates"), 403, "forbidden")
        merge = {"absorbed_id": person["id"]}
        problem(herself.post(f"/v1/people/{person['id']}/merges", json=merge), 403, "forbidden")
    problem(staff.get("/v1/duplicates", params={"cursor": "x"}), 400, "bad-cursor")


def test_merging_takes_over_with_provenance_and_undoing_gives_back(bruecke: Installation, staff: httpx.Client) -> None:
    survivor, absorbed = a_person(staff), a_person(staff, phone="+49 170 55", address="Markt 1")
    with client(bruecke, "person", absorbed["id"]) as herself:
        herself.patch(f"/v1/people/{absorbed['id']}", json={"phone": "+49 170 66", "weekly_hours": 12})
    staff.post(f"/v1/people/{absorbed['id']}/qualifications", json={"title": "B.Sc.", "country": "SY"})
    staff.post(f"/v1/people/{absorbed['id']}/consents", json=CONSENT | {"purpose": "matching"})
    before = [staff.get(f"/v1/people/{each['id']}").json() for each in (survivor, absorbed)]
    answer = merged(staff, survivor, absorbed)
    assert answer["consents_not_taken"] == ["matching"]
    assert set(answer["taken"]["phone"]) == {"staff", "said"} - ({"staff"} if survivor["phone"] else set())
    profile = answer["profile"]
    assert (profile["phone"], profile["address"], profile["weekly_hours"]) == ("+49 170 66", "Markt 1", 12)
    assert [each["title"] for each in profile["qualifications"]] == ["B.Sc."]
    assert profile["consents"] == []
    assert profile["merged_from"] == [absorbed["id"]]
    rests = staff.get(f"/v1/people/{absorbed['id']}").json()
    assert rests["merged_into"] == survivor["id"]
    refused = problem(staff.patch(f"/v1/people/{absorbed['id']}", json={"place": "Wismar"}), 409, "profile-is-merged")
    assert survivor["id"] in refused["detail"]
    undone = staff.delete(f"/v1/people/{survivor['id']}/merges/{absorbed['id']}").json()
    assert plain(undone) == plain(before[0])
    assert plain(staff.get(f"/v1/people/{absorbed['id']}").json()) == plain(before[1])
    assert staff.patch(f"/v1/people/{absorbed['id']}", json={"place": "Wismar"}).status_code == 200


def test_what_was_stated_after_the_merge_stays(staff: httpx.Client) -> None:
    survivor, absorbed = a_person(staff), a_person(staff, address="Markt 1", phone="+49 170 77")
    merged(staff, survivor, absorbed)
    path = f"/v1/people/{survivor['id']}"
    staff.patch(path, json={"address": "Markt 1"})
    undone = staff.delete(f"{path}/merges/{absorbed['id']}").json()
    assert (undone["address"], undone["phone"]) == ("Markt 1", "")


def test_lists_leave_out_who_is_merged(staff: httpx.Client) -> None:
    survivor, absorbed = a_person(staff), a_person(staff)
    merged(staff, survivor, absorbed)
    behind = staff.get("/v1/people", params={"limit": 200}).json()
    ids = {each["id"] for each in behind["items"]}
    while behind["next"]:
        behind = staff.get("/v1/people", params={"limit": 200, "cursor": behind["next"]}).json()
        ids |= {each["id"] for each in behind["items"]}
    assert survivor["id"] in ids
    assert absorbed["id"] not in ids


def test_there_are_no_chains(staff: httpx.Client) -> None:
    one, two, three = a_person(staff), a_person(staff), a_person(staff)
    path = f"/v1/people/{one['id']}/merges"
    problem(staff.post(path, json={"absorbed_id": one["id"]}), 422, "merged-into-itself")
    problem(staff.post(path, json={"absorbed_id": f"person-{uuid4()}"}), 422, "absorbed-profile-unknown")
    merged(staff, one, two)
    problem(staff.post(path, json={"absorbed_id": two["id"]}), 422, "already-merged")
    problem(staff.post(f"/v1/people/{three['id']}/merges", json={"absorbed_id": two["id"]}), 409, "profile-is-merged")
    problem(staff.post(f"/v1/people/{two['id']}/merges", json={"absorbed_id": three["id"]}), 409, "profile-is-merged")
    into_third = staff.post(f"/v1/people/{three['id']}/merges", json={"absorbed_id": one["id"]})
    problem(into_third, 409, "profile-has-absorbed-others")
    problem(staff.delete(f"{path}/{three['id']}"), 404, "not-merged")


def test_open_contacts_keep_a_person_from_being_absorbed_and_a_merged_one_is_not_proposed(staff: httpx.Client) -> None:
    survivor, absorbed = a_person(staff), a_person(staff)
    for purpose in ("matching", "show_to_companies"):
        staff.post(f"/v1/people/{absorbed['id']}/consents", json=CONSENT | {"purpose": purpose})
    company = created(staff.post("/v1/companies", json=COMPANY))
    need = created(staff.post(f"/v1/companies/{company['id']}/needs", json=NEED))
    step = {"what": "call", "owner": "coordinator", "due": "2027-01-01T09:00:00Z"}
    proposal = {"person_id": absorbed["id"], "company_id": company["id"], "need_id": need["id"]}
    answer = staff.post("/v1/contacts", json=proposal)
    assert answer.status_code == 201, answer.text
    path = f"/v1/people/{survivor['id']}/merges"
    refused = problem(staff.post(path, json={"absorbed_id": absorbed["id"]}), 409, "contacts-open")
    assert answer.json()["id"] in refused["detail"]
    closed = staff.post(f"/v1/contacts/{answer.json()['id']}/closing", json={"reason": "duplicate"})
    assert closed.status_code == 200, closed.text
    merged(staff, survivor, absorbed)
    again = staff.post(f"/v1/contacts/{answer.json()['id']}/reopening", json={"next_step": step})
    problem(again, 409, "person-is-merged")


def test_the_needs_of_an_absorbed_company_go_on_at_the_survivor(staff: httpx.Client) -> None:
    survivor, absorbed = (created(staff.post("/v1/companies", json=COMPANY)) for _ in range(2))
    need = created(staff.post(f"/v1/companies/{absorbed['id']}/needs", json=NEED))
    deputy = {"name": "Anneliese Übersee", "email": "a@example.org"}
    created(staff.post(f"/v1/companies/{absorbed['id']}/contact-people", json=deputy))
    profile = merged(staff, survivor, absorbed, "companies")["profile"]
    (restated,) = profile["needs"]
    assert (restated["title"], restated["open"]) == (NEED["title"], True)
    assert restated["id"] != need["id"]
    assert profile["contact_people"][0]["name"] == deputy["name"]
    eventually(lambda: not staff.get(f"/v1/needs/{need['id']}").json()["open"])
    undone = staff.delete(f"/v1/companies/{survivor['id']}/merges/{absorbed['id']}").json()
    assert [each["open"] for each in undone["needs"]] == [False]
    assert undone["contact_people"] == []
    assert staff.get(f"/v1/needs/{need['id']}").json()["open"]
