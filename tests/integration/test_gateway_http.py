"""The HTTP interface of a whole installation: what one writes one reads, and what goes wrong is said clearly."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation

pytestmark = pytest.mark.servers

PERSON: dict[str, Any] = {
    "name": "محمد الأحمد Ковач e\u0301",
    "email": "m@example.org",
    "phone": "+49 381 1",
    "occupation": "2144",
    "sectors": ["construction"],
    "languages": [{"language": "de", "level": "B2"}],
    "place": "Rostock",
    "region": "DE-MV",
}
UNSAID = ("listening", "reading", "spoken_interaction", "spoken_production", "writing")
SPOKEN = {"language": "de", "level": "B2", "evidence": "self", **dict.fromkeys(UNSAID)}
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
NEED = {"title": "Bauleitung", "purpose": "employment", "sector": "construction", "place": "Wismar", "region": "DE-MV"}


@pytest.fixture(scope="module")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("gateway")) as installation:
        installation.start()
        yield installation


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


def client(bruecke: Installation, role: str, stream: str | None = None) -> httpx.Client:
    headers = {"authorization": f"Bearer {bruecke.token(role, stream)}"}
    return httpx.Client(base_url=bruecke.address, headers=headers, timeout=30)


def created(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code), body
    assert response.headers["content-type"] == "application/problem+json"
    return body


def test_what_one_writes_one_reads(staff: httpx.Client) -> None:
    response = staff.post("/v1/people", json=PERSON)
    person = created(response)
    assert response.headers["location"] == f"/v1/people/{person['id']}"
    assert response.headers["etag"] == '"1"'
    assert person.items() >= (PERSON | {"languages": [SPOKEN]}).items()
    assert staff.get(response.headers["location"]).json() == person


def test_an_update_replaces_what_is_given_and_knows_its_version(staff: httpx.Client) -> None:
    path = f"/v1/people/{created(staff.post('/v1/people', json=PERSON))['id']}"
    changed = staff.patch(path, json={"place": "Wismar"}, headers={"if-match": '"1"'}).json()
    assert (changed["place"], changed["name"], changed["version"]) == ("Wismar", PERSON["name"], 2)
    problem(staff.patch(path, json={"place": "Stralsund"}, headers={"if-match": '"1"'}), 412, "stale-version")
    assert staff.get(path).json() == changed


def test_stating_what_is_so_already_changes_nothing(staff: httpx.Client) -> None:
    person = created(staff.post("/v1/people", json=PERSON))
    same = {"name": PERSON["name"], "email": PERSON["email"]}
    assert staff.patch(f"/v1/people/{person['id']}", json=same).json() == person


def test_the_same_key_gets_the_first_answer_and_another_body_is_refused(staff: httpx.Client) -> None:
    key = {"idempotency-key": str(uuid4())}
    first, second = (staff.post("/v1/people", json=PERSON, headers=key) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers["location"] == second.headers["location"]
    problem(staff.post("/v1/people", json=PERSON | {"place": "Wismar"}, headers=key), 422, "idempotency-key-reused")


def test_the_same_key_on_another_version_is_refused(staff: httpx.Client) -> None:
    path = f"/v1/people/{created(staff.post('/v1/people', json=PERSON))['id']}"
    key = {"idempotency-key": str(uuid4())}
    first, second = (staff.patch(path, json={"place": "Bützow"}, headers=key | {"if-match": tag}) for tag in ('"1"', '"2"'))
    assert first.json()["version"] == 2
    problem(second, 422, "idempotency-key-reused")


def test_a_refusal_under_a_key_stays_refused(staff: httpx.Client) -> None:
    path = f"/v1/people/{created(staff.post('/v1/people', json=PERSON))['id']}"
    headers = {"idempotency-key": str(uuid4()), "if-match": '"7"'}
    first, second = (staff.patch(path, json={"place": "Wismar"}, headers=headers) for _ in range(2))
    assert first.content == second.content
    problem(second, 412, "stale-version")


def test_who_does_not_wait_is_told_where_to_ask(staff: httpx.Client) -> None:
    response = staff.post("/v1/people", json=PERSON, headers={"prefer": "respond-async"})
    assert (response.status_code, response.headers["preference-applied"]) == (202, "respond-async")
    status = staff.get(response.headers["location"]).json()
    assert (status["status"], status["version"]) == ("accepted", 1)
    problem(staff.get(f"/v1/commands/{uuid4()}"), 404, "not-found")


def test_a_contact_is_proposed_accepted_and_arranged(bruecke: Installation, staff: httpx.Client) -> None:
    person, company = (
        created(staff.post(f"/v1/{path}", json=body)) for path, body in (("people", PERSON), ("companies", COMPANY))
    )
    need = created(staff.post(f"/v1/companies/{company['id']}/needs", json=NEED))
    for purpose in ("matching", "show_to_companies"):
        consent = {"purpose": purpose, "text_version": "2026-01", "language": "de"}
        assert staff.post(f"/v1/people/{person['id']}/consents", json=consent).status_code == 200
    proposal = {"person_id": person["id"], "company_id": company["id"], "need_id": need["id"]}
    path = f"/v1/contacts/{created(staff.post('/v1/contacts', json=proposal))['id']}"
    problem(staff.post("/v1/contacts", json=proposal), 409, "contact-already-open")
    problem(staff.post(f"{path}/arrangement"), 409, "contact-not-accepted-by-both")
    with client(bruecke, "company", company["id"]) as theirs, client(bruecke, "person", person["id"]) as mine:
        problem(theirs.post(f"{path}/acceptances", json={"side": "person"}), 403, "forbidden")
        assert theirs.post(f"{path}/acceptances", json={"side": "company"}).json()["accepted_by"] == ["company"]
        assert mine.post(f"{path}/acceptances", json={"side": "person"}).json()["state"] == "accepted"
    assert staff.post(f"{path}/arrangement").json()["state"] == "arranged"
    due = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    step = {"what": "Anrufen", "owner": "coordinator", "due": due}
    contact = staff.put(f"{path}/next-step", json=step).json()
    assert (contact["next_step"]["what"], contact["next_step"]["overdue"]) == ("Anrufen", False)
    events = staff.get(f"{path}/events").json()["items"]
    assert [event["version"] for event in events] == list(range(1, contact["version"] + 1))


def test_each_role_sees_what_it_may(bruecke: Installation, staff: httpx.Client) -> None:
    person = created(staff.post("/v1/people", json=PERSON))
    company, other = (created(staff.post("/v1/companies", json=COMPANY)) for _ in range(2))
    with client(bruecke, "company", company["id"]) as theirs:
        assert not {"name", "email", "phone"} & set(theirs.get(f"/v1/people/{person['id']}").json())
        assert [item["id"] for item in theirs.get("/v1/companies").json()["items"]] == [company["id"]]
        assert theirs.get(f"/v1/companies/{company['id']}").json()["contact_name"] == "Jürgen"
        problem(theirs.get(f"/v1/companies/{other['id']}"), 403, "forbidden")
    with client(bruecke, "auditor") as auditor:
        assert "contact_email" not in auditor.get(f"/v1/companies/{company['id']}").json()
        problem(auditor.post("/v1/people", json=PERSON), 403, "forbidden")


def test_a_list_is_read_page_by_page(staff: httpx.Client) -> None:
    wanted = {created(staff.post("/v1/people", json=PERSON))["id"] for _ in range(3)}
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = staff.get("/v1/people", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert wanted <= set(seen)
    assert seen == sorted(set(seen))
    problem(staff.get("/v1/people", params={"cursor": "x"}), 400, "bad-cursor")
    problem(staff.get("/v1/people", params={"limit": 0}), 422, "invalid-input")


@pytest.mark.parametrize(
    ("content", "status", "code", "field"),
    [
        (b"", 400, "unreadable-json", None),
        (b'{"name":', 400, "unreadable-json", None),
        (b'{"name":"\xff"}', 400, "unreadable-json", None),
        (b'{"name":"\\ud800"}', 400, "unreadable-json", None),
        (b"[" * 50_000, 400, "unreadable-json", None),
        (b'{"experience_years":' + b"9" * 9_000 + b"}", 400, "unreadable-json", None),
        (b"[]", 422, "invalid-input", "body"),
        (b'{"name":5}', 422, "invalid-input", "name"),
        (b" " * 1_000_001, 413, "body-too-large", None),
    ],
)
def test_a_body_that_is_no_person_is_refused(
    staff: httpx.Client, content: bytes, status: int, code: str, field: str | None
) -> None:
    response = staff.post("/v1/people", content=content, headers={"content-type": "application/json"})
    assert problem(response, status, code).get("field") == field


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"nickname": "Mo"}, "nickname"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"experience_years": "5"}, "experience_years"),
        ({"experience_years": 10**30}, "experience_years"),
        ({"languages": [{"language": "de", "level": "Z9"}]}, "languages.0.level"),
        ({"skills": ["CAD", "\t"]}, "skills.1"),
    ],
)
def test_a_field_that_does_not_fit_is_named(staff: httpx.Client, changed: dict[str, Any], field: str) -> None:
    body = problem(staff.post("/v1/people", json=PERSON | changed), 422, "invalid-input")
    assert field in [error["field"] for error in body["errors"]]


def test_what_does_not_exist_or_is_not_offered_is_said(staff: httpx.Client) -> None:
    for path in (f"/v1/people/person-{uuid4()}", "/v1/people/%00", "/v1/people/%ff", "/v1/nowhere"):
        problem(staff.get(path), 404, "not-found")
    assert problem(staff.delete("/v1/people"), 405, "method-not-allowed")
    problem(staff.post("/v1/people", content=b"{}", headers={"content-type": "text/plain"}), 415, "unsupported-media-type")
    unknown = {"person_id": f"person-{uuid4()}", "company_id": f"company-{uuid4()}", "need_id": f"need-{uuid4()}"}
    assert staff.post("/v1/contacts", json=unknown).status_code == 422


def test_without_a_good_token_there_is_only_what_is_public(bruecke: Installation) -> None:
    with httpx.Client(base_url=bruecke.address, headers={"accept-language": "de"}) as stranger:
        response = stranger.get("/v1/people")
        assert problem(response, 401, "token-missing")["title"] == "Anmeldung fehlt"
        assert response.headers["www-authenticate"].startswith("Bearer")
        problem(stranger.get("/v1/people", headers={"authorization": "Bearer x.y.z"}), 401, "token-invalid")
        for path in ("/live", "/ready", "/metrics", "/openapi.json", "/docs"):
            assert stranger.get(path).status_code == 200


def test_a_correlation_id_is_taken_over_or_made(staff: httpx.Client) -> None:
    assert staff.get("/live", headers={"x-correlation-id": "abc-1"}).headers["x-correlation-id"] == "abc-1"
    assert staff.get("/live", headers={"x-correlation-id": "a b"}).headers["x-correlation-id"] != "a b"


def test_every_reference_in_the_openapi_document_leads_somewhere(staff: httpx.Client) -> None:
    document = staff.get("/openapi.json").json()
    assert document["info"]["title"] == "Brücke"
    assert all(operation["summary"] for path in document["paths"].values() for operation in path.values())
    assert set(references(document)) <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def references(part: Any) -> Iterator[str]:
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from references(value)
    if isinstance(part, dict) and isinstance(part.get("$ref"), str):
        yield part["$ref"]
