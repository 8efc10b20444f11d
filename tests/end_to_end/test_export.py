"""An export shows what every collection of the gateway holds of a person, or it is written down why not."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from deploy.embedded.installation import Installation
from services.gateway.exporting import EXPORTED, NOT_EXPORTED
from tests.end_to_end.taking_part import ADDRESS, EMAIL, NAME, NEED, TEXT, Part, client, made, take_part_in_everything
from tests.waiting import eventually

pytestmark = pytest.mark.servers

HIDDEN = {"duplicate_keys", "not_duplicates", "merge_rejected", "coordinator"}


@pytest.fixture(scope="module")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("export")) as installation:
        installation.start()
        yield installation


@pytest.fixture(scope="module")
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


@pytest.fixture(scope="module")
def part(bruecke: Installation, staff: httpx.Client) -> Part:
    took = take_part_in_everything(bruecke, staff)
    made(staff, f"/v1/companies/{took.company}/needs", NEED)  # for which nobody has proposed a contact
    return took


def exported(bruecke: Installation, person: str) -> dict[str, Any]:
    with client(bruecke, "person", person) as mine:
        return dict(mine.get(f"/v1/people/{person}/export").raise_for_status().json())


def names_in(content: Any) -> Iterator[str]:
    """The names of all fields, at any depth."""
    if isinstance(content, dict):
        yield from content
    for each in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from names_in(each)


def naming(bruecke: Installation, id: str) -> set[str]:
    """The gateway's collections in which this id stands, wherever in a document."""
    with MongoClient[dict[str, Any]](bruecke.mongo_url) as mongo:
        database = mongo["bruecke_gateway"]
        return {name for name in database.list_collection_names() if any(id in str(each) for each in database[name].find())}


def test_every_collection_that_names_a_person_is_exported_or_says_why_not(bruecke: Installation, part: Part) -> None:
    eventually(lambda: naming(bruecke, part.person) >= {"rankings", "mails", "feed", "contacts", "prospects"})
    found = naming(bruecke, part.person)
    assert found <= EXPORTED.keys() | NOT_EXPORTED.keys()
    export = exported(bruecke, part.person)
    for collection in found & EXPORTED.keys():
        empty = [section for section in EXPORTED[collection] if not export[section]]
        assert not empty, f"{collection} names the person, and of the export these are empty: {empty}"


def test_what_was_said_and_noted_of_a_person_is_in_the_clear(bruecke: Installation, part: Part) -> None:
    export = exported(bruecke, part.person)
    profile = export["profile"]
    assert (profile["email"], profile["address"], profile["origin"]) == (EMAIL, ADDRESS, part.prospect)
    assert profile["qualifications"][0]["statements"][0]["evidence"] == TEXT
    assert TEXT[:100] in [each["decision"]["reference"] for each in profile["qualifications"] if each.get("decision")]
    assert profile["skill_concepts"][0]["evidence"] == TEXT
    (prospect,) = export["prospects"]
    assert [each["note"] for each in prospect["approaches"]] == [TEXT] * 2
    assert prospect["found_through"] == "fair"
    (merged,) = export["merged_profiles"]
    assert (merged["id"], merged["profile"]["email"]) == (part.duplicate, EMAIL)
    said = [each.get("data", each) for one in export["contacts"] for each in one["timeline"]]
    words = {each.get(field) for each in said for field in ("what", "place", "outcome", "reason")}
    assert {TEXT, ADDRESS, f"bei {TEXT}", f"Anrufen: {TEXT}"} <= words
    assert {each["purpose"] for each in export["disclosures"]} >= {"consider_contact", "arranged_contact"}
    assert len(export["consent_history"]) == 5
    assert export["rankings"][0]["need"] == "Bauleitung"
    assert export["rankings"][0]["verdicts"]


def test_nothing_of_staff_and_of_how_things_are_kept_is_exported(bruecke: Installation, part: Part) -> None:
    export = exported(bruecke, part.person)
    assert not HIDDEN & set(names_in(export))
    assert "sealed.v1." not in str(export)
    timeline = [each for contact in export["contacts"] for each in contact["timeline"]]
    assert {each["by"] for each in timeline if each["what"] == "SignOfLifeNoted"} == {"system"}


def test_the_export_can_be_read_as_a_page(bruecke: Installation, part: Part) -> None:
    with client(bruecke, "person", part.person) as mine:
        answer = mine.get(f"/v1/people/{part.person}/export", headers={"accept": "text/html", "accept-language": "de"})
    assert answer.status_code == 200
    for title in ("Wie Sie zu Brücke kamen", "Vorschläge", "Abschlüsse", "Weitere Profile"):
        assert title in answer.text


@pytest.mark.parametrize("role", ["company", "partner", "auditor", "operator"])
def test_who_wrote_down_what_is_shown_to_nobody_else(bruecke: Installation, part: Part, staff: httpx.Client, role: str) -> None:
    """One by one, in lists, in rankings and in contacts."""
    partner = staff.get("/v1/partners").json()["items"][0]["id"]
    stream = {"company": part.company, "partner": partner}.get(role)
    with client(bruecke, role, stream) as theirs:
        one = theirs.get(f"/v1/people/{part.person}").raise_for_status()
        listed = theirs.get("/v1/people", params={"limit": 200}).raise_for_status()
        assert part.person in [each["id"] for each in listed.json()["items"]]
        need = staff.get(f"/v1/contacts/{part.contact}").json()["need_id"]
        needs = [theirs.get("/v1/needs"), theirs.get(f"/v1/needs/{need}")]
        ranked = [] if role == "partner" else [theirs.get(f"/v1/needs/{need}/candidates").raise_for_status()]
        talks = [theirs.get(f"/v1/contacts/{part.contact}"), theirs.get(f"/v1/contacts/{part.contact}/events")]
    if role in ("company", "partner"):
        for field in ("statements", "covered", "qualifications", "skill_concepts", "origin", "merged_from", "consents"):
            assert field not in one.json()
            assert all(field not in each for each in listed.json()["items"])
    seen = [one, listed, *needs, *ranked]
    if role == "company":
        assert one.json()["name"].startswith(NAME)
        seen = seen[1:]
    else:
        seen += talks
    assert not [answer.url for answer in seen if "Quirinalis" in answer.text or "Nadel" in answer.text]
