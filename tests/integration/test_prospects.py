"""Outreach over HTTP: from identifying somebody to their profile, or to leaving them alone for good."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from tests.waiting import eventually

pytestmark = pytest.mark.servers

PERSON: dict[str, Any] = {
    "name": "Олена Ковальчук",
    "email": "olena@example.org",
    "occupation": "2142",
    "sectors": ["construction"],
    "place": "Wismar",
    "region": "DE-MV",
}
COMPANY: dict[str, Any] = {
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
PARTNER: dict[str, Any] = {"name": "Chamber of Lviv", "regions": ["UA-46"], "contact_email": "office@example.org"}


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


def client(bruecke: Installation, role: str, stream: str | None = None) -> httpx.Client:
    headers = {"authorization": f"Bearer {bruecke.token(role, stream)}"}
    return httpx.Client(base_url=bruecke.address, headers=headers, timeout=30)


def prospect(**changes: Any) -> dict[str, Any]:
    """Nobody else's: another name and address each time."""
    own = uuid4().hex[:10]
    fields: dict[str, Any] = {
        "kind": "person",
        "name": f"Ana {own}",
        "email": f"{own}@example.org",
        "phone": "",
        "note": f"met at the fair {own}",
        "sector": "construction",
        "region": "DE-MV",
        "place": "Wismar",
        "found_through": "fair",
        "source": "NordBau 2026",
    }
    return fields | changes


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def step(days: float = 5, **changes: Any) -> dict[str, Any]:
    return {"what": "Rückruf (call back)", "due": in_days(days)} | changes


def approach(**changes: Any) -> dict[str, Any]:
    fields = {"at": in_days(-1), "means": "phone", "outcome": "call_back", "note": "asked for Monday", "next_step": step()}
    return fields | changes


def identified(staff: httpx.Client, **changes: Any) -> dict[str, Any]:
    response = staff.post("/v1/prospects", json=prospect(**changes))
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    assert response.headers["location"] == f"/v1/prospects/{body['id']}"
    return body


def done(response: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    return body


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    return body


def listed(staff: httpx.Client, **wanted: Any) -> list[str]:
    """The ids of all pages, in their order."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = done(staff.get("/v1/prospects", params={"limit": 2, **wanted, **cursor}))
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def test_a_prospect_is_identified_and_always_has_a_next_step(staff: httpx.Client) -> None:
    body = prospect(kind="company", contact_name="Ida", address="Hafen 1, Wismar")
    found = done(staff.post("/v1/prospects", json=body), 201)
    assert {name: found[name] for name in body} == body
    assert (found["state"], found["next_step"]["what"]) == ("identified", "Erste Ansprache (first approach)")
    assert found["next_step"]["owner"] == found["coordinator"]
    planned = done(staff.put(f"/v1/prospects/{found['id']}/next-step", json=step(3, owner="staff-7")))
    assert (planned["next_step"]["what"], planned["next_step"]["owner"]) == ("Rückruf (call back)", "staff-7")
    changed = done(staff.patch(f"/v1/prospects/{found['id']}", json={"place": "Rostock", "email": "", "name": found["name"]}))
    assert (changed["place"], changed["email"], changed["name"]) == ("Rostock", "", found["name"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"kind": "dragon", "sector": "magic", "region": "MV", "found_through": "", "source": ""}, None),
        ({"email": "nobody", "phone": "call me"}, None),
        ({"next_step": {"what": "", "due": "tomorrow"}}, {"next_step.what", "next_step.due"}),
        ({"next_step": {"what": "call", "due": "2026-01-01T10:00:00Z"}}, {"next_step.due"}),
        ({"next_step": {"what": "call", "due": "2029-01-01T10:00:00Z"}}, {"next_step.due"}),
        ({"name": " "}, {"name"}),
        ({"age": 44}, {"age"}),
    ],
)
def test_each_wrong_field_is_named(staff: httpx.Client, body: dict[str, Any], fields: set[str] | None) -> None:
    answer = staff.post("/v1/prospects", json=prospect(**body))
    assert answer.status_code == 422, answer.text
    assert {each["field"] for each in answer.json()["errors"]} == (fields or set(body))


def test_a_wrong_approach_says_what_is_missing(staff: httpx.Client) -> None:
    path = f"/v1/prospects/{identified(staff)['id']}/approaches"
    assert problem(staff.post(path, json=approach(at=in_days(1))), 422, "outreach-in-the-future")["field"] == "at"
    assert problem(staff.post(path, json=approach(next_step=None)), 422, "approach-needs-one-decision")["field"] == "next_step"
    wrong = problem(staff.post(path, json=approach(means="telepathy", outcome="")), 422, "invalid-input")
    assert {each["field"] for each in wrong["errors"]} == {"means", "outcome"}
    missing = staff.post("/v1/prospects/prospect-00000000-0000-4000-8000-000000000000/approaches", json=approach())
    problem(missing, 404, "not-found")


def test_an_import_may_be_repeated_and_says_when_an_id_stands_for_another(staff: httpx.Client) -> None:
    body = prospect(source="Handelsregister Rostock", external_id=uuid4().hex)
    first, second = (done(staff.post("/v1/prospects", json=body), 201) for _ in range(2))
    assert first == second
    again = problem(staff.post("/v1/prospects", json=body | {"place": "Rostock"}), 422, "prospect-already-identified")
    assert again["field"] == "external_id"


@pytest.mark.parametrize(
    ("kind", "collection", "profile", "shown"),
    [
        ("person", "people", PERSON, "name"),
        ("company", "companies", COMPANY, "contact_name"),
        ("partner", "partners", PARTNER, "contact_email"),
    ],
)
def test_who_agrees_gets_a_profile_that_keeps_the_history(
    bruecke: Installation, staff: httpx.Client, kind: str, collection: str, profile: dict[str, Any], shown: str
) -> None:
    path = f"/v1/prospects/{identified(staff, kind=kind)['id']}"
    done(staff.post(f"{path}/approaches", json=approach(by="staff-9")))
    talking = done(staff.post(f"{path}/approaches", json=approach(means="face_to_face", outcome="in_talks")))
    assert talking["state"] == "in_talks"
    problem(staff.post(f"{path}/agreement", json={}), 422, "invalid-input")
    key = {"idempotency-key": uuid4().hex}
    first, second = (staff.post(f"{path}/agreement", json=profile, headers=key) for _ in range(2))
    agreed = done(first, 201)
    assert (agreed["state"], agreed["next_step"]) == ("agreed", None)
    assert first.headers["location"] == second.headers["location"] == f"/v1/{collection}/{agreed['profile_id']}"
    assert done(staff.get(first.headers["location"]))[shown] == profile[shown]
    history = done(staff.get(f"{first.headers['location']}/history"))
    assert (history["origin"]["id"], history["origin"]["source"]) == (agreed["id"], "NordBau 2026")
    assert [each["means"] for each in history["approaches"]] == ["phone", "face_to_face"]
    assert (history["approaches"][0]["by"], history["approaches"][0]["note"]) == ("staff-9", "asked for Monday")
    problem(staff.post(f"{path}/agreement", json=profile), 409, "prospect-already-agreed")
    problem(staff.post(f"{path}/approaches", json=approach()), 409, "prospect-already-agreed")
    with client(bruecke, "auditor") as auditor:
        thin = done(auditor.get(f"{first.headers['location']}/history"))
        assert "note" not in thin["approaches"][0]
    with client(bruecke, kind, agreed["profile_id"]) as themselves:
        problem(themselves.get(f"{first.headers['location']}/history"), 403, "forbidden")


def test_a_profile_that_was_made_directly_has_no_origin(staff: httpx.Client) -> None:
    person = done(staff.post("/v1/people", json=PERSON), 201)
    history = done(staff.get(f"/v1/people/{person['id']}/history"))
    assert history == {"id": person["id"], "origin": None, "approaches": [], "agreed_at": None}


def test_who_declined_is_not_approached_again_under_any_id(staff: httpx.Client) -> None:
    body = prospect(source="Fachmesse", external_id=uuid4().hex)
    path = f"/v1/prospects/{done(staff.post('/v1/prospects', json=body), 201)['id']}"
    ending = approach(outcome="not_interested", next_step=None, decline={"reason": "no_time", "note": "is ill"})
    declined = done(staff.post(f"{path}/approaches", json=ending))
    assert (declined["state"], declined["next_step"], declined["decline"]["reason"]) == ("declined", None, "no_time")
    for method, where, asked in (
        ("POST", "/approaches", approach()),
        ("PUT", "/next-step", step()),
        ("PATCH", "", {"place": "Rostock"}),
        ("POST", "/agreement", PERSON),
    ):
        problem(staff.request(method, f"{path}{where}", json=asked), 409, "prospect-declined-before")
    same = {"source": "another list", "external_id": uuid4().hex}
    for again in (
        body,
        prospect(email=body["email"].upper()),
        prospect(name=", ".join(reversed(body["name"].split())), **same),
    ):
        told = problem(staff.post("/v1/prospects", json=again), 409, "prospect-declined-before")
        assert declined["id"] not in str(told)
        assert body["name"] not in str(told)
    identified(staff, name=body["name"], region="DE-HH")


def test_who_declined_long_ago_is_minimised_and_still_recognised(bruecke: Installation, staff: httpx.Client) -> None:
    body = prospect(source="Fachmesse", external_id=uuid4().hex)
    id = done(staff.post("/v1/prospects", json=body), 201)["id"]
    kept = identified(staff)["id"]
    done(staff.post(f"/v1/prospects/{kept}/decline", json={"reason": "no_need", "at": in_days(-179)}))
    done(staff.post(f"/v1/prospects/{id}/approaches", json=approach()))
    done(staff.post(f"/v1/prospects/{id}/decline", json={"reason": "no_need", "note": "has moved", "at": in_days(-181)}))
    eventually(lambda: done(staff.get(f"/v1/prospects/{id}"))["state"] == "minimised", within=60)
    left = done(staff.get(f"/v1/prospects/{id}"))
    stays = {"id", "version", "updated_at", "kind", "state", "sector", "region", "profile_id"}
    assert left.keys() == stays | {"approaches", "next_step", "decline"}
    assert (left["approaches"], left["decline"]["reason"], left["decline"].get("note")) == ([], "no_need", None)
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as mongo:
        keys = mongo["bruecke_vault"]["keys"]
        eventually(lambda: (keys.find_one({"_id": id}) or {})["key"] is None)
        assert (keys.find_one({"_id": kept}) or {})["key"] is not None
    for again in (body, prospect(email=body["email"]), prospect(name=body["name"])):
        problem(staff.post("/v1/prospects", json=again), 409, "prospect-declined-before")
    assert done(staff.get(f"/v1/prospects/{kept}"))["state"] == "declined"


def test_lists_are_narrowed_and_sorted_by_what_is_due(staff: httpx.Client) -> None:
    mine = {"coordinator": f"staff-{uuid4().hex[:8]}"}
    days = [9, 3, 3, 6]
    ids = [identified(staff, next_step=step(each), **mine)["id"] for each in days]
    other = identified(staff, kind="partner", sector="agriculture", region="UA-46", **mine)["id"]
    soon = listed(staff, sort="due", due_before=in_days(7), **mine)
    assert (soon[-1], set(soon[:-1])) == (ids[3], {ids[1], ids[2]})
    assert listed(staff, sort="due", **mine) == [*soon, ids[0], other]
    assert set(listed(staff, **mine)) == {*ids, other}
    assert listed(staff, kind="partner", sector="agriculture", region="UA-46", state="identified", **mine) == [other]
    done(staff.post(f"/v1/prospects/{other}/decline", json={"reason": "other"}))
    assert other not in listed(staff, sort="due", **mine)
    assert listed(staff, state="declined", **mine) == [other]
    assert set(listed(staff, untouched_since=in_days(1), **mine)) == set(ids)
    assert listed(staff, untouched_since=in_days(-1), **mine) == []
    for wrong in ({"sort": "due", "cursor": "x"}, {"sort": "due", "cursor": "MjAyNg"}):
        assert problem(staff.get("/v1/prospects", params=wrong), 400, "bad-cursor")["field"] == "cursor"
    assert problem(staff.get("/v1/prospects", params={"due_before": "soon"}), 422, "invalid-input")["field"] == "due_before"


def test_a_step_that_was_not_done_in_time_is_listed_as_overdue(staff: httpx.Client) -> None:
    mine = {"coordinator": f"staff-{uuid4().hex[:8]}"}
    late, early = (identified(staff, next_step=step(days), **mine)["id"] for days in (1.5 / 86_400, 5))
    eventually(lambda: listed(staff, overdue=True, **mine) == [late], within=20)
    assert listed(staff, sort="due", overdue=True, **mine) == [late]
    done(staff.put(f"/v1/prospects/{late}/next-step", json=step()))
    assert listed(staff, overdue=True, **mine) == []
    assert set(listed(staff, **mine)) == {late, early}


def test_only_staff_write_and_nobody_else_but_control_reads_and_that_without_names(
    bruecke: Installation, staff: httpx.Client
) -> None:
    body = prospect(contact_name="Ida", address="Hafen 1", external_id=uuid4().hex)
    found = done(staff.post("/v1/prospects", json=body), 201)
    done(staff.post(f"/v1/prospects/{found['id']}/approaches", json=approach()))
    for role in ("auditor", "operator"):
        with client(bruecke, role) as control:
            thin = control.get(f"/v1/prospects/{found['id']}").text
            for secret in (body["name"], body["email"], body["note"], "Ida", "Hafen 1", "asked for Monday", "Rückruf"):
                assert secret not in thin
            assert body["source"] in thin
            page = control.get("/v1/prospects", params={"sort": "due", "limit": 200}).text
            assert body["name"] not in page
            problem(control.post("/v1/prospects", json=prospect()), 403, "forbidden")
            problem(control.post(f"/v1/prospects/{found['id']}/agreement", json=PERSON), 403, "forbidden")
    person = done(staff.post("/v1/people", json=PERSON), 201)
    with client(bruecke, "person", person["id"]) as themselves:
        problem(themselves.get("/v1/prospects"), 403, "forbidden")
        problem(themselves.get("/v1/prospects", params={"sort": "due"}), 403, "forbidden")
        problem(themselves.get(f"/v1/prospects/{found['id']}"), 403, "forbidden")


def test_nothing_that_names_them_stands_in_the_store(bruecke: Installation, staff: httpx.Client) -> None:
    own = uuid4().hex
    body = prospect(kind="company", name=f"Firma {own}", contact_name=own, email=f"{own}@example.org", note=own)
    id = done(staff.post("/v1/prospects", json=body), 201)["id"]
    done(staff.post(f"/v1/prospects/{id}/approaches", json=approach(note=own, next_step=step(what=own))))
    done(staff.post(f"/v1/prospects/{id}/decline", json={"reason": "no_time", "note": own}))
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as mongo:
        commits = list(mongo["bruecke_profiles"]["commits"].find({"stream": id}))
    assert len(commits) == 3
    assert own not in str(commits)
