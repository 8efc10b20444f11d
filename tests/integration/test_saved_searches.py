"""Saved searches over HTTP: they tell their owner about new hits, and nobody else about anything."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from services.cli.mail import mailbox, text_of
from tests.integration.test_gateway_http import COMPANY, PERSON, client, created, problem
from tests.waiting import eventually

pytestmark = pytest.mark.servers

CONSENT = {"purpose": "show_to_companies", "text_version": "2026-01", "language": "de"}


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


@pytest.fixture
def mark() -> str:
    return f"kann{uuid4().hex[:12]}"


def person(staff: httpx.Client, mark: str) -> dict[str, Any]:
    return created(staff.post("/v1/people", json=PERSON | {"skills": [mark]}))


def saved(owner: httpx.Client, query: str, **fields: Any) -> dict[str, Any]:
    return created(owner.post("/v1/searches", json={"title": "Meine Suche", "resource": "people", "query": query} | fields))


def unseen(owner: httpx.Client, search: dict[str, Any]) -> int:
    shown = next(each for each in owner.get("/v1/searches").json()["items"] if each["id"] == search["id"])
    return int(shown["unseen"])


def test_new_hits_are_counted_until_they_are_seen(staff: httpx.Client, mark: str) -> None:
    before = person(staff, mark)
    search = saved(staff, f"skill={mark}&sort=updated")
    assert (search["title"], search["query"], search["unseen"]) == ("Meine Suche", f"skill={mark}&sort=updated", 0)
    after = person(staff, mark)
    eventually(lambda: unseen(staff, search) == 1)
    hits = staff.get(f"/v1/searches/{search['id']}/hits", params={"facets": "sector"}).json()
    assert [each["id"] for each in hits["items"]] == [after["id"], before["id"]]
    assert staff.post(f"/v1/searches/{search['id']}/seen").json()["unseen"] == 0
    staff.patch(f"/v1/people/{after['id']}", json={"phone": "+49 381 2"})
    person(staff, mark)
    eventually(lambda: unseen(staff, search) == 1)


def test_a_company_is_written_to_once_and_what_it_may_no_longer_see_is_no_hit(
    bruecke: Installation, staff: httpx.Client, mark: str
) -> None:
    mailbox_name = f"{mark}@example.org"
    company = created(staff.post("/v1/companies", json=COMPANY | {"contact_email": mailbox_name}))
    with client(bruecke, "company", company["id"]) as itself:
        search = saved(itself, f"skill={mark}&consent=show_to_companies")
        made = [person(staff, mark) for _ in range(2)]
        for each in made:
            staff.post(f"/v1/people/{each['id']}/consents", json=CONSENT)
        eventually(lambda: unseen(itself, search) == 2)

        def told() -> list[Any]:
            return [each for each in mailbox(bruecke.data) if each["To"] == mailbox_name and search["id"] in text_of(each)]

        eventually(lambda: len(told()) == 1)
        staff.delete(f"/v1/people/{made[0]['id']}/consents/show_to_companies")
        assert unseen(itself, search) == 1
        assert len(told()) == 1
        assert PERSON["name"] not in text_of(told()[0])


def test_a_search_is_its_owners_alone(bruecke: Installation, staff: httpx.Client, mark: str) -> None:
    search = saved(staff, f"q={mark}")
    with client(bruecke, "head") as head:
        assert search["id"] not in {each["id"] for each in head.get("/v1/searches").json()["items"]}
        for answer in (
            head.get(f"/v1/searches/{search['id']}"),
            head.get(f"/v1/searches/{search['id']}/hits"),
            head.post(f"/v1/searches/{search['id']}/seen"),
            head.delete(f"/v1/searches/{search['id']}"),
        ):
            problem(answer, 404, "not-found")
    with client(bruecke, "auditor") as auditor:
        problem(auditor.get("/v1/searches"), 403, "forbidden")


def test_what_was_typed_is_sealed_and_gone_when_the_search_is_deleted(
    bruecke: Installation, staff: httpx.Client, mark: str
) -> None:
    search = saved(staff, f"q={mark}")
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as mongo:
        names = [name for name in mongo.list_database_names() if name not in ("admin", "local", "config")]
        held = [
            str(each) for name in names for part in mongo[name].list_collection_names() for each in mongo[name][part].find()
        ]
        assert not any(mark in each for each in held)
        assert staff.delete(f"/v1/searches/{search['id']}").status_code == 200
        vault = next(mongo[name] for name in names if name.endswith("vault"))
        eventually(lambda: vault["keys"].find_one({"_id": search["id"]})["key"] is None)
    problem(staff.get(f"/v1/searches/{search['id']}"), 404, "not-found")
    assert search["id"] not in {each["id"] for each in staff.get("/v1/searches").json()["items"]}


def test_a_search_that_cannot_be_run_is_not_saved(bruecke: Installation, staff: httpx.Client) -> None:
    whole = {"title": "x", "resource": "people"}
    wrong = problem(staff.post("/v1/searches", json=whole | {"query": "skil=CAD"}), 422, "invalid-input")
    assert wrong["field"] == "skil"
    assert problem(staff.post("/v1/searches", json=whole | {"query": "limit=3"}), 422, "invalid-input")["field"] == "query"
    person_id = person(staff, "CAD")["id"]
    with client(bruecke, "person", person_id) as herself:
        problem(herself.post("/v1/searches", json=whole | {"resource": "companies"}), 403, "forbidden")
