"""Imports over HTTP: good rows are loaded, bad ones named, and nothing is written twice, whatever happens meanwhile."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from services.foundation.aggregate import derived_stream
from tests.integration.test_gateway_http import client, problem
from tests.integration.wrong_rows import HEADER, File, file_of, row
from tests.unit.imports.documents import CANDIDATE_XML, PASSPORT_JSON, PASSPORT_XML

pytestmark = pytest.mark.servers

ROWS = 10_000
Line = dict[str, Any]


@pytest.fixture(scope="module")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("imports")) as installation:
        installation.start()
        yield installation


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        opened.timeout = httpx.Timeout(200)
        yield opened


def load(
    staff: httpx.Client, content: bytes, source: str, *, kind: str = "people", seen: Callable[[Line], Any] = id, **how: Any
) -> tuple[list[Line], Line]:
    """The lines of the answer, and its last."""
    lines: list[Line] = []
    query = {"source": source, **how}
    headers = {"content-type": "text/csv"}
    with staff.stream("POST", f"/v1/imports/{kind}", params=query, content=content, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        for line in answer.iter_lines():
            lines.append(json.loads(line))
            seen(lines[-1])
    return lines[:-1], lines[-1]


def commits(bruecke: Installation) -> Counter[str]:
    """How many commits each stream has in the event store."""
    opened: MongoClient[dict[str, Any]] = MongoClient(bruecke.mongo_url)
    with opened:
        return Counter(each["stream"] for each in opened["bruecke_profiles"]["commits"].find({}, {"stream": 1}))


def people(*numbers: int, **cells: str) -> bytes:
    return "\n".join([HEADER, *(row(number, **cells) for number in numbers)]).encode()


def require_told(file: File, lines: list[Line], loaded: str) -> None:
    """Each good row was loaded, each bad one named by line, column and reason."""
    refused = {line["line"]: line["errors"] for line in lines if line["status"] == "refused"}
    assert refused.keys() == file.bad.keys()
    for number, (column, reason) in file.bad.items():
        assert any(each["column"] == column and each["reason"].startswith(reason) for each in refused[number]), refused[number]
    assert [line["external_id"] for line in lines if line["status"] == loaded] == file.good
    assert [line["line"] for line in lines] == sorted(line["line"] for line in lines)


def test_ten_thousand_rows_with_everything_wrong(bruecke: Installation, staff: httpx.Client) -> None:
    file, before = file_of(ROWS), commits(bruecke)
    dry, totals = load(staff, file.content, "wrong", dry_run=True)
    require_told(file, dry, "would_create")
    assert commits(bruecke) == before
    lines, totals = load(staff, file.content, "wrong")
    require_told(file, lines, "created")
    assert totals["error"] is None
    assert (totals["totals"]["created"], totals["totals"]["refused"]) == (len(file.good), len(file.bad))
    after = commits(bruecke)
    assert after - before == Counter({line["id"]: 1 for line in lines if line["status"] == "created"})
    again, _ = load(staff, file.content, "wrong")
    require_told(file, again, "unchanged")
    assert commits(bruecke) == after


def test_two_imports_of_one_file_at_once_write_it_once(bruecke: Installation, staff: httpx.Client) -> None:
    content, before = people(*range(200)), commits(bruecke)
    with ThreadPoolExecutor(2) as both:
        told = [each.result() for each in [both.submit(load, staff, content, "twice") for _ in range(2)]]
    assert all(totals["error"] is None and totals["totals"]["refused"] == 0 for _, totals in told)
    assert sum(totals["totals"]["created"] for _, totals in told) == 200
    assert sorted((commits(bruecke) - before).values()) == [1] * 200


def test_a_row_that_says_something_else_changes_the_profile_and_nothing_more(
    bruecke: Installation, staff: httpx.Client
) -> None:
    load(staff, people(1, 2), "changes")
    before = commits(bruecke)
    lines, _ = load(staff, people(1, 2, place="Wismar"), "changes")
    assert [line["status"] for line in lines] == ["changed", "changed"]
    person = staff.get(f"/v1/people/{lines[0]['id']}").json()
    assert (person["place"], person["version"]) == ("Wismar", 2)
    assert sum((commits(bruecke) - before).values()) == 2
    by_id = f"id,phone\n{person['id']},+49 381 99\nperson-{uuid4()},+49 1\nx,\n".encode()
    assert [line["status"] for line in load(staff, by_id, "ids")[0]] == ["changed", "refused", "refused"]


@pytest.mark.parametrize("victim", ["profiles", "gateway"])
def test_a_kill_in_the_middle_loses_and_doubles_nothing(tmp_path: Path, victim: str) -> None:
    with Installation(tmp_path) as alone:
        alone.start()
        with client(alone, "coordinator") as staff:
            staff.timeout = httpx.Timeout(200)
            content, count = people(*range(600)), Counter[str]()

            def kill_once(_: Line) -> None:
                count["seen"] += 1
                if count["seen"] == 150:
                    alone.kill(victim)

            try:
                load(staff, content, "kill", seen=kill_once)
            except httpx.TransportError:
                assert victim == "gateway"
            alone.wait_until_ready()
            lines, totals = load(staff, content, "kill")
            assert totals["error"] is None
            assert {line["status"] for line in lines} <= {"created", "unchanged"}
            assert sorted(commits(alone).values()) == [1] * 600
            assert len({line["id"] for line in lines}) == 600


def test_companies_are_imported_from_the_template(staff: httpx.Client) -> None:
    template = staff.get("/v1/imports/companies/template")
    assert template.headers["content-type"] == "text/csv; charset=utf-8"
    lines, _ = load(staff, template.content, "template", kind="companies")
    assert [line["status"] for line in lines] == ["created"], lines
    company = staff.get(f"/v1/companies/{lines[0]['id']}").json()
    assert (company["turnover_eur"], company["industry"]["section"], company["size_class"]) == (4_200_000, "C", "small")
    assert [line["status"] for line in load(staff, template.content, "template", kind="companies")[0]] == ["unchanged"]


def test_people_are_imported_from_the_template(staff: httpx.Client) -> None:
    template = staff.get("/v1/imports/people/template").content
    lines, _ = load(staff, template, "template")
    assert [line["status"] for line in lines] == ["created"], lines
    assert staff.get(f"/v1/people/{lines[0]['id']}").json()["own_script_name"] == "Анна Коваленко"


def test_prospects_are_imported_once_and_not_after_they_declined(bruecke: Installation, staff: httpx.Client) -> None:
    template = staff.get("/v1/imports/prospects/template").content
    first, _ = load(staff, template, "fair-2026", kind="prospects")
    assert [line["status"] for line in first] == ["created"], first
    path = f"/v1/prospects/{first[0]['id']}"
    assert (staff.get(path).json()["source"], staff.get(path).json()["kind"]) == ("fair-2026", "company")
    before = commits(bruecke)
    assert [line["status"] for line in load(staff, template, "fair-2026", kind="prospects")[0]] == ["unchanged"]
    assert commits(bruecke) == before
    changed = template.replace(b"Rostock,DE-MV", b"Wismar,DE-MV")
    assert [line["status"] for line in load(staff, changed, "fair-2026", kind="prospects")[0]] == ["changed"]
    assert staff.get(path).json()["place"] == "Wismar"
    assert staff.post(f"{path}/decline", json={"reason": "no_time"}).status_code == 200
    again, _ = load(staff, template, "fair-2026", kind="prospects")
    assert "who declined is not approached again" in again[0]["errors"][0]["reason"]
    elsewhere, _ = load(staff, template, "fair-2027", kind="prospects")
    assert elsewhere[0]["status"] == "refused"


def test_an_export_is_imported_again_and_changes_nothing(bruecke: Installation, staff: httpx.Client) -> None:
    load(staff, people(*range(1, 6), name="Export Nr. 5"), "export")
    load(staff, staff.get("/v1/imports/people/template").content, "export")
    exported = staff.get("/v1/people", params={"format": "excel"})
    assert exported.status_code == 200, exported.text
    before = commits(bruecke)
    lines, _ = load(staff, exported.content, "again")
    assert len(lines) >= 5
    assert {line["status"] for line in lines} == {"unchanged"}
    assert commits(bruecke) == before


def test_who_was_erased_does_not_come_back_by_an_import(staff: httpx.Client) -> None:
    lines, _ = load(staff, people(1), "erased")
    assert staff.delete(f"/v1/people/{lines[0]['id']}").status_code < 300
    again, _ = load(staff, people(1), "erased")
    assert [line["status"] for line in again] == ["refused"]
    assert "erased" in again[0]["errors"][0]["reason"]


def test_an_address_as_external_id_is_not_guessed_from_the_id(staff: httpx.Client) -> None:
    lines, _ = load(staff, people(1, external_id="anna@example.org"), "mail")
    assert [line["status"] for line in load(staff, people(1, external_id="Anna@example.org"), "mail")[0]] == ["unchanged"]
    assert lines[0]["id"] != derived_stream("person", "mail", "anna@example.org")


def test_what_cannot_be_imported_at_all_is_refused_before_it_begins(bruecke: Installation, staff: httpx.Client) -> None:
    def send(content: bytes, media_type: str = "text/csv", **query: str) -> httpx.Response:
        headers = {"content-type": media_type}
        return staff.post("/v1/imports/people", params={"source": "x", **query}, content=content, headers=headers)

    assert problem(send(b"name,size\n"), 422, "import-header")["errors"][0]["field"] == "size"
    problem(send(people(1), "application/json"), 415, "unsupported-media-type")
    problem(send(people(1), source="a/b"), 422, "invalid-input")
    with client(bruecke, "auditor") as auditor:
        refused = auditor.post("/v1/imports/people?source=x", content=people(1), headers={"content-type": "text/csv"})
        problem(refused, 403, "forbidden")


def test_reasons_are_told_in_german(staff: httpx.Client) -> None:
    staff.headers["accept-language"] = "de"
    lines, _ = load(staff, people(1, available_from="12/31/2026"), "german")
    assert lines[0]["errors"][0]["reason"].startswith("ein Datum mit Schrägstrichen ist mehrdeutig")


def test_a_europass_document_becomes_a_person_once(bruecke: Installation, staff: httpx.Client) -> None:
    def send(document: bytes, media_type: str, **said: Any) -> httpx.Response:
        return staff.post("/v1/imports/europass", params=said, content=document, headers={"content-type": media_type})

    missing = problem(send(PASSPORT_JSON, "application/json"), 422, "invalid-input")
    assert {each["field"] for each in missing["errors"]} == {"occupation", "sectors", "region"}
    said = {"occupation": "2142", "sectors": "construction", "region": "DE-MV"}
    before = commits(bruecke)
    assert send(PASSPORT_JSON, "application/json", **said, dry_run=True).json()["status"] == "would_create"
    assert commits(bruecke) == before
    made = send(PASSPORT_JSON, "application/json", **said)
    assert (made.status_code, made.json()["qualifications_recorded"]) == (201, 1)
    person = staff.get(f"/v1/people/{made.json()['id']}").json()
    assert (person["name"], person["qualifications"][0]["level"]) == ("Olha Koval", 7)
    assert person["statements"]["languages"][0]["provenance"] == "said"
    after = commits(bruecke)
    again = send(PASSPORT_XML, "application/xml", **said).json()
    assert (again["status"], again["id"], again["qualifications_recorded"]) == ("unchanged", person["id"], 0)
    assert commits(bruecke) == after


def test_the_command_line_imports_and_writes_a_report(bruecke: Installation, tmp_path: Path) -> None:
    file, report = tmp_path / "people.csv", tmp_path / "report.csv"
    file.write_bytes(people(1, 2) + b"\n" + row(3, email="nobody").encode())

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "services.cli", "import", *words, "--data", str(bruecke.data)]
        return subprocess.run(line, capture_output=True, text=True, timeout=120)

    first = run("people", str(file), "--report", str(report))
    assert first.returncode == 1, first.stderr
    assert "3 rows: 2 created, 1 refused" in first.stdout
    assert "line 4, email: must be an e-mail address" in first.stdout
    assert [line.split(",")[2] for line in report.read_text().splitlines()] == ["status", "created", "created", "refused"]
    file.write_bytes(people(1, 2))
    second = run("people", str(file))
    assert (second.returncode, "2 unchanged" in second.stdout) == (0, True)
    document = tmp_path / "cv.xml"
    document.write_bytes(CANDIDATE_XML.replace(b"olha@", b"olena@"))
    shown = run(
        "europass", str(document), "--occupation", "2142", "--sectors", "construction", "--region", "DE-MV", "--dry-run"
    )
    assert (shown.returncode, "Olha Koval" in shown.stdout) == (0, True), shown.stderr
    refused = run("europass", str(document))
    assert refused.returncode == 1
    assert "occupation" in refused.stderr
