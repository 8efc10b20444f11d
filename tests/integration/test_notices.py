"""The notice board over HTTP: who reads what, how an answer becomes a contact, and what is left of it after an erasure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from tests.integration.test_gateway_http import COMPANY, NEED, PERSON, client, created, problem
from tests.waiting import eventually

pytestmark = pytest.mark.servers

PURPOSES = ("matching", "show_to_companies")


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


@pytest.fixture
def person(bruecke: Installation, staff: httpx.Client) -> Iterator[httpx.Client]:
    id = created(staff.post("/v1/people", json=PERSON))["id"]
    for purpose in PURPOSES:
        consent = {"purpose": purpose, "text_version": "2026-01", "language": "de"}
        assert staff.post(f"/v1/people/{id}/consents", json=consent).status_code == 200
    with client(bruecke, "person", id) as opened:
        yield opened


@pytest.fixture
def company(bruecke: Installation, staff: httpx.Client) -> Iterator[httpx.Client]:
    with client(bruecke, "company", created(staff.post("/v1/companies", json=COMPANY))["id"]) as opened:
        yield opened


@pytest.fixture
def mark() -> str:
    return f"wort{uuid4().hex[:10]}"


def notice(mark: str, **fields: Any) -> dict[str, Any]:
    said = {"kind": "request", "title": f"Vertrieb {mark}", "body": "Wer kennt den Markt?\nBitte melden.", "language": "de"}
    return said | {"sectors": ["agriculture"], "target_markets": ["UA"]} | fields


def found(reader: httpx.Client, **asked: Any) -> list[str]:
    answer = reader.get("/v1/notices", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def test_a_notice_is_found_by_what_it_says_and_asks_for(company: httpx.Client, person: httpx.Client, mark: str) -> None:
    posted = created(company.post("/v1/notices", json=notice(mark, title=f"Größe {mark}")))
    assert (posted["author"]["role"], posted["author"]["name"], posted["author"]["yours"]) == ("company", COMPANY["name"], True)
    assert found(person, q=f"groesse {mark[:8]}") == [posted["id"]]
    assert found(person, q=mark, sector="agriculture", target_market="UA", region="DE-MV", kind="request") == [posted["id"]]
    assert found(person, q=mark, sector="construction") == []
    assert found(person, q=mark, kind="offer") == []
    shown = person.get(f"/v1/notices/{posted['id']}").json()
    assert shown["body"] == "Wer kennt den Markt?\nBitte melden."
    assert "id" not in shown["author"]
    assert "reports" not in shown


def test_the_newest_comes_first_page_by_page(company: httpx.Client, mark: str) -> None:
    posted = [created(company.post("/v1/notices", json=notice(mark)))["id"] for _ in range(3)]
    first = company.get("/v1/notices", params={"q": mark, "limit": 2}).json()
    second = company.get("/v1/notices", params={"q": mark, "limit": 2, "cursor": first["next"]}).json()
    assert [each["id"] for each in first["items"] + second["items"]] == posted[::-1]
    assert second["next"] is None
    problem(company.get("/v1/notices", params={"cursor": "x"}), 400, "bad-cursor")


def test_an_answer_becomes_a_contact(staff: httpx.Client, company: httpx.Client, person: httpx.Client, mark: str) -> None:
    posted = created(company.post("/v1/notices", json=notice(mark)))
    answered = person.post(f"/v1/notices/{posted['id']}/answers", json={"body": "Я знаю цей ринок", "language": "uk"}).json()
    answer = answered["answers"][0]
    assert company.get(f"/v1/notices/{posted['id']}").json()["answers"][0]["body"] == "Я знаю цей ринок"
    assert answer["author"]["name"] is None
    seen = staff.get(f"/v1/notices/{posted['id']}").json()
    company_id, person_id = seen["author"]["id"], seen["answers"][0]["author"]["id"]
    need = created(staff.post(f"/v1/companies/{company_id}/needs", json=NEED))
    where = f"/v1/notices/{posted['id']}/answers/{answer['answer_id']}/contact"
    problem(company.post(where, json={"need_id": need["id"]}), 403, "forbidden")
    problem(staff.post(where, json={"need_id": f"need-{uuid4()}"}), 422, "need-unknown")
    taken = staff.post(where, json={"need_id": need["id"]}).json()
    contact_id = taken["answers"][0]["contact_id"]
    eventually(lambda: staff.get(f"/v1/contacts/{contact_id}").status_code == 200)
    contact = staff.get(f"/v1/contacts/{contact_id}").json()
    assert (contact["person_id"], contact["company_id"], contact["state"]) == (person_id, company_id, "proposed")
    assert "contact_id" not in person.get(f"/v1/notices/{posted['id']}").json()["answers"][0]


def test_what_is_reported_is_hidden_by_staff_and_gone_for_readers(
    bruecke: Installation, staff: httpx.Client, company: httpx.Client, person: httpx.Client, mark: str
) -> None:
    posted = created(company.post("/v1/notices", json=notice(mark)))["id"]
    assert person.post(f"/v1/notices/{posted}/reports", json={"reason": "spam"}).status_code == 200
    problem(person.get("/v1/notices", params={"state": "reported"}), 403, "forbidden")
    assert posted in found(staff, state="reported", q=mark)
    problem(person.post(f"/v1/notices/{posted}/hiding", json={"reason": "spam"}), 403, "forbidden")
    assert staff.post(f"/v1/notices/{posted}/hiding", json={"reason": "spam"}).json()["title"] is None
    problem(person.get(f"/v1/notices/{posted}"), 404, "not-found")
    assert company.get(f"/v1/notices/{posted}").json()["state"] == "hidden"
    assert found(person, state="all", q=mark) == []
    with client(bruecke, "auditor") as auditor:
        assert auditor.get(f"/v1/notices/{posted}").json()["body"] is None


def test_only_its_author_and_staff_close_a_notice(company: httpx.Client, person: httpx.Client, mark: str) -> None:
    posted = created(company.post("/v1/notices", json=notice(mark)))["id"]
    problem(person.post(f"/v1/notices/{posted}/closing", json={"reason": "settled"}), 403, "forbidden")
    assert company.post(f"/v1/notices/{posted}/closing", json={"reason": "settled"}).json()["ended"] == "settled"
    answer = person.post(f"/v1/notices/{posted}/answers", json={"body": "zu spät", "language": "de"})
    problem(answer, 409, "notice-not-open")
    assert found(person, q=mark) == []
    assert found(company, q=mark, state="closed", mine=True) == [posted]


def test_a_notice_comes_down_when_its_time_is_over(company: httpx.Client, person: httpx.Client, mark: str) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    posted = created(company.post("/v1/notices", json=notice(mark, expires_at=soon)))["id"]
    eventually(lambda: found(person, q=mark) == [])
    eventually(lambda: person.get(f"/v1/notices/{posted}").json()["ended"] == "expired", within=60)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"body": "a\x00b"}, "body"),
        ({"kind": "rant"}, "kind"),
        ({"expires_at": "2026-12-01T10:00:00"}, "expires_at"),
        ({"expires_at": "2020-01-01T10:00:00Z"}, "expires_at"),
        ({"expires_at": "2199-01-01T10:00:00Z"}, "expires_at"),
        ({"target_markets": ["Ukraine"]}, "target_markets.0"),
    ],
)
def test_a_notice_that_is_none_is_refused(company: httpx.Client, changed: dict[str, Any], field: str) -> None:
    answer = company.post("/v1/notices", json=notice("x") | changed)
    assert answer.status_code in (409, 422), answer.text
    assert answer.json()["field"] == field


def test_nothing_of_an_erased_author_can_be_read(
    bruecke: Installation, staff: httpx.Client, company: httpx.Client, person: httpx.Client, mark: str
) -> None:
    theirs = created(person.post("/v1/notices", json=notice(mark)))["id"]
    others = created(company.post("/v1/notices", json=notice(f"{mark}x")))["id"]
    person.post(f"/v1/notices/{others}/answers", json={"body": f"Antwort {mark}", "language": "de"})
    author = staff.get(f"/v1/notices/{theirs}").json()["author"]["id"]
    exported = person.get(f"/v1/people/{author}/export").json()["notices"]
    assert {each.get("title") for each in exported} == {f"Vertrieb {mark}", None}
    assert [answer["body"] for each in exported for answer in each["answers"]] == [f"Antwort {mark}"]
    assert staff.delete(f"/v1/people/{author}").status_code == 200
    eventually(lambda: staff.get(f"/v1/notices/{theirs}").json()["state"] == "closed")
    eventually(lambda: staff.get(f"/v1/notices/{theirs}").json()["title"] is None)  # keys are looked after twice a second
    gone = staff.get(f"/v1/notices/{theirs}").json()
    assert (gone["title"], gone["body"], gone["ended"]) == (None, None, "author_erased")
    assert staff.get(f"/v1/notices/{others}").json()["answers"][0]["body"] is None
    kept: MongoClient[dict[str, Any]] = MongoClient(bruecke.mongo_url)
    with kept:
        view = kept["bruecke_gateway"]["notices"].find_one({"_id": theirs})
    assert view is not None
    assert mark not in str(view)
