"""Search over HTTP: what is found, who may find it, page by page, counted, and as CSV."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation
from services.vocabulary.skills.library import SkillLibrary
from tests.integration.test_gateway_http import COMPANY, NEED, PERSON, client, created, problem

pytestmark = pytest.mark.servers

PURPOSE = {"purpose": "show_to_companies", "text_version": "2026-01", "language": "de"}


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


@pytest.fixture
def mark() -> str:
    """A skill that no other test has: it makes a search see only what the test has made."""
    return f"kann{uuid4().hex[:12]}"


def person(staff: httpx.Client, mark: str, **fields: Any) -> dict[str, Any]:
    return created(staff.post("/v1/people", json=PERSON | {"skills": [mark]} | fields))


def ids(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [each["id"] for each in response.json()["items"]]


def test_what_is_written_is_found_at_once(staff: httpx.Client, mark: str) -> None:
    made = person(staff, mark)
    found = staff.get("/v1/people", params={"q": mark[:8] + mark[8:].upper()})
    assert (ids(found), found.json()["total"], found.json()["next"]) == ([made["id"]], 1, None)
    staff.patch(f"/v1/people/{made['id']}", json={"skills": ["anderes"]})
    assert ids(staff.get("/v1/people", params={"q": mark})) == []


def test_umlauts_and_diacritics_are_found_however_they_are_written(staff: httpx.Client, mark: str) -> None:
    made = person(staff, mark, name="René Müßig-Łysenko", skills=[mark, "Schweißtechnik"])
    for words in ("mussig", "MUESSIG rene", "Müßig", "schweisstech", "rene schweißt"):
        assert ids(staff.get("/v1/people", params={"q": f"{mark} {words}"})) == [made["id"]], words


def test_who_may_not_see_names_cannot_find_out_one_by_searching(bruecke: Installation, staff: httpx.Client, mark: str) -> None:
    name, mailbox = f"Qorvath{mark[4:]}", f"z{mark}@hidden.example"
    made = person(staff, mark, name=name, own_script_name=f"Ж{mark}", email=mailbox)
    for words in (name, name[:5], mailbox, f"Ж{mark}"):
        assert ids(staff.get("/v1/people", params={"q": f"{mark} {words}"})) == [made["id"]]
        for role in ("auditor", "operator"):
            with client(bruecke, role) as reader:
                assert ids(reader.get("/v1/people", params={"q": f"{mark} {words}"})) == []
                assert ids(reader.get("/v1/people", params={"q": mark})) == [made["id"]]
    with client(bruecke, "auditor") as auditor:
        refused = problem(auditor.get("/v1/people", params={"sort": "name"}), 422, "invalid-input")
        assert refused["field"] == "sort"
        assert "name" not in refused["errors"][0]["reason"].split(", ")
        exported = auditor.get("/v1/people", params={"q": mark, "format": "csv"}).text
    assert name not in exported
    assert exported.splitlines()[0].startswith("id,preferred_language,")


@pytest.mark.parametrize(
    ("fields", "fits", "fails"),
    [
        ({"sectors": ["agriculture"]}, {"sector": "agriculture"}, {"sector": "trade"}),
        ({"occupation": "2144"}, {"occupation": "21"}, {"occupation": "22"}),
        ({}, {"language": "de:B1"}, {"language": "de:C1"}),
        ({}, {"language": ["de:B2", "de:A1"]}, {"language": ["de:B2", "en:A1"]}),
        ({"place": "Waren (Müritz)"}, {"place": "Waren"}, {"place": "Wismar"}),
        ({"place": "Rostock"}, {"place": "Bad Doberan", "within_km": "20"}, {"place": "Wismar", "within_km": "20"}),
        ({"place": "Rostock", "mobility_km": 60}, {"reaches": "Wismar"}, {"reaches": "Ueckermünde"}),
        ({"region": "SY-HL"}, {"region": "SY-HL"}, {"region": "DE-MV"}),
        ({"purposes": ["mentoring"]}, {"purpose": ["advice", "mentoring"]}, {"purpose": "advice"}),
        (
            {"markets": [{"country": "SY", "sector": "construction"}]},
            {"market": "SY:construction"},
            {"market": "SY:trade"},
        ),
        ({"available_from": "2027-02-01"}, {"available_by": "2027-02-01"}, {"available_by": "2027-01-31"}),
        ({"available_from": None}, {"available_by": "2026-01-01"}, {"updated_since": "2199-01-01"}),
        ({}, {"updated_since": "2020-01-01T00:00:00Z"}, {"older_than": "2020-01-01"}),
    ],
)
def test_each_parameter_finds_what_fits_and_nothing_else(
    staff: httpx.Client, mark: str, fields: dict[str, Any], fits: dict[str, Any], fails: dict[str, Any]
) -> None:
    made = person(staff, mark, **{name: value for name, value in fields.items() if value is not None})
    assert ids(staff.get("/v1/people", params={"skill": mark} | fits)) == [made["id"]]
    assert ids(staff.get("/v1/people", params={"skill": mark} | fails)) == []


def test_consents_and_recognition_are_found_while_they_stand(staff: httpx.Client, mark: str) -> None:
    made = person(staff, mark)
    path = f"/v1/people/{made['id']}"
    consenting = {"skill": mark, "consent": "show_to_companies"}
    assert ids(staff.get("/v1/people", params=consenting)) == []
    staff.post(f"{path}/consents", json=PURPOSE).raise_for_status()
    assert ids(staff.get("/v1/people", params=consenting)) == [made["id"]]
    staff.delete(f"{path}/consents/show_to_companies")
    assert ids(staff.get("/v1/people", params=consenting)) == []
    staff.post(f"{path}/qualifications", json={"title": "Bauzeichnerin", "recognition": "partial"})
    assert ids(staff.get("/v1/people", params={"q": f"bauzeich {mark}", "recognition": "partial"})) == [made["id"]]


def test_companies_and_their_needs_are_found(staff: httpx.Client, mark: str) -> None:
    industry = {"scheme": "WZ", "edition": "2008", "code": "28.13"}
    company = created(staff.post("/v1/companies", json=COMPANY | {"name": f"{mark} Bau", "industry": industry}))
    wanted = {"q": mark, "industry": "WZ:2008:C28", "size_class": "micro", "has_open_need": "false"}
    assert ids(staff.get("/v1/companies", params=wanted)) == [company["id"]]
    assert ids(staff.get("/v1/companies", params=wanted | {"industry": "WZ:2008:C29"})) == []
    need = created(staff.post(f"/v1/companies/{company['id']}/needs", json=NEED | {"target_market": "PL"}))
    assert ids(staff.get("/v1/companies", params=wanted | {"has_open_need": "true"})) == [company["id"]]
    of_company = {"company_id": company["id"], "open": "true", "target_market": "PL", "q": "baul"}
    assert ids(staff.get("/v1/needs", params=of_company)) == [need["id"]]
    staff.delete(f"/v1/companies/{company['id']}/needs/{need['id']}")
    assert ids(staff.get("/v1/needs", params=of_company)) == []


def test_a_company_finds_only_its_own(bruecke: Installation, staff: httpx.Client, mark: str) -> None:
    mine, other = (created(staff.post("/v1/companies", json=COMPANY | {"name": f"{mark} {each}"})) for each in "ab")
    with client(bruecke, "company", mine["id"]) as itself:
        assert ids(itself.get("/v1/companies", params={"q": mark})) == [mine["id"]]
        assert ids(itself.get("/v1/companies", params={"q": f"{mark} b"})) == []
    assert other["id"] in ids(staff.get("/v1/companies", params={"q": mark}))


def test_everything_wrong_is_named_with_its_reason(staff: httpx.Client) -> None:
    asked = {
        "sektor": "trade", "sector": "x", "language": "de:B9", "within_km": "5", "available_by": "soon", "q": "!",
        "sort": "beauty", "facets": "names", "industry": "WZ:2011:C", "reaches": "Paris",
    }  # fmt: skip
    told = problem(staff.get("/v1/people", params=asked), 422, "invalid-input")
    assert {each["field"] for each in told["errors"]} == asked.keys()
    assert "there is no such parameter" in next(each["reason"] for each in told["errors"] if each["field"] == "sektor")
    for name, value in (("limit", "0"), ("limit", "x"), ("format", "pdf")):
        assert problem(staff.get("/v1/people", params={name: value}), 422, "invalid-input")["field"] == name
    needs = problem(staff.get("/v1/needs", params={"consent": "matching"}), 422, "invalid-input")
    assert needs["field"] == "consent"


def test_pages_follow_each_other_and_a_cursor_belongs_to_its_query(staff: httpx.Client, mark: str) -> None:
    made = {person(staff, mark, name=f"{letter} {mark}")["id"]: letter for letter in "cabed"}
    by_name = {"skill": mark, "sort": "name", "limit": 2}
    seen, cursor = list[str](), dict[str, str]()
    while True:
        page = staff.get("/v1/people", params=by_name | cursor).json()
        seen += [made[each["id"]] for each in page["items"]]
        assert page["total"] == len(made)
        if page["next"] is None:
            break
        assert mark not in page["next"]
        cursor = {"cursor": page["next"]}
    assert seen == list("abcde")
    other = staff.get("/v1/people", params=by_name | cursor | {"sort": "updated"})
    assert problem(other, 400, "bad-cursor")["field"] == "cursor"
    problem(staff.get("/v1/people", params={"cursor": "x"}), 400, "bad-cursor")


def test_the_nearest_and_the_latest_come_first(staff: httpx.Client, mark: str) -> None:
    places = {person(staff, mark, place=place)["id"]: place for place in ("Greifswald", "Rostock", "Aleppo", "Wismar")}
    nearest = ids(staff.get("/v1/people", params={"skill": mark, "place": "Rostock", "within_km": 500, "sort": "distance"}))
    assert [places[id] for id in nearest] == ["Rostock", "Wismar", "Greifswald"]
    latest = ids(staff.get("/v1/people", params={"skill": mark, "sort": "updated"}))
    assert [places[id] for id in latest] == ["Wismar", "Aleppo", "Rostock", "Greifswald"]


def test_facets_count_all_hits_and_leave_their_own_parameter_out(staff: httpx.Client, mark: str) -> None:
    for sectors in (["trade"], ["trade", "construction"], ["construction"]):
        person(staff, mark, sectors=sectors)
    asked = {"skill": mark, "sector": "trade", "facets": "sector,region", "limit": 1}
    found = staff.get("/v1/people", params=asked).json()
    assert found["total"] == 2
    assert found["facets"]["sector"] == [{"value": "construction", "count": 2}, {"value": "trade", "count": 2}]
    assert found["facets"]["region"] == [{"value": "DE-MV", "count": 2}]


def test_all_hits_as_csv(staff: httpx.Client, mark: str) -> None:
    given = {
        "name": '=HYPERLINK("x")', "phone": "+49 381 1", "address": "Lange Straße 1\n18055 Rostock",
        "markets": [{"country": "SY", "sector": "construction", "years": 7, "network": "strong"}],
        "experience": [{"sector": "construction", "years": 7}],
        "languages": [{"language": "de", "level": "B2", "writing": "B1"}, {"language": "ar", "level": "native"}],
    }  # fmt: skip
    for number in range(3):
        person(staff, mark, **given, weekly_hours=number + 1)
    answer = staff.get("/v1/people", params={"skill": mark, "limit": 1}, headers={"accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert {row["weekly_hours"] for row in rows} == {"1", "2", "3"}
    row = rows[0]
    assert (row["name"], row["phone"], row["address"]) == ('\'=HYPERLINK("x")', "'+49 381 1", given["address"])
    assert (row["markets"], row["experience"]) == ("SY:construction:7:strong", "construction:7")
    assert (row["languages"], row["skills"]) == ("de:B2(-/-/-/-/B1);ar:native", mark)
    excel = staff.get("/v1/people", params={"skill": mark, "format": "excel"}).content
    assert excel.startswith(b"\xef\xbb\xbfid;name;")


def test_the_parameters_are_described_with_examples(staff: httpx.Client) -> None:
    described = staff.get("/openapi.json").json()["paths"]["/v1/people"]["get"]["parameters"]
    assert {"q", "language", "within_km", "sort", "facets", "format"} <= {each["name"] for each in described}
    assert all("example" in each or each["name"] == "cursor" for each in described)
    today = datetime.now(UTC).date().isoformat()
    for each in described:
        if each["name"] in ("q", "sector", "skill", "language", "updated_since"):
            value = each.get("example", today)
            assert staff.get("/v1/people", params={each["name"]: value}).status_code == 200


def test_whoever_is_sought_for_a_skill_is_found_by_a_narrower_one_and_by_its_name(staff: httpx.Client) -> None:
    library = SkillLibrary(None)
    narrow = next(each for each in library.concepts.values() if each.broader and not library.narrower(each.id))
    person = created(staff.post("/v1/people", json=PERSON | {"skills": ["wie getippt"]}))
    confirmed = {"skills": [{"typed": "wie getippt", "concept": narrow.id}]}
    staff.put(f"/v1/people/{person['id']}/skills", json=confirmed).raise_for_status()
    for asked in ({"skill": narrow.broader[0]}, {"q": narrow.label("en")}):
        assert person["id"] in ids(staff.get("/v1/people", params={**asked, "limit": 200}))
