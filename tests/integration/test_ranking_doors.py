"""Rankings over HTTP: fresh after changed profiles and weights, tried before they are set, and explained pair by pair."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation
from tests.integration.test_gateway_http import COMPANY, NEED, PERSON, client, created, problem
from tests.waiting import eventually

pytestmark = pytest.mark.servers

MATCHING = {"purpose": "matching", "text_version": "2026-01", "language": "de"}
SHOWN = MATCHING | {"purpose": "show_to_companies"}
ENGLISH, GERMAN = {"accept-language": "en"}, {"accept-language": "de"}
WEIGHTS = "/v1/ranking-weights"
BY_OCCUPATION = {"weights": {"occupation": 1.0}, "note": "Beirat vom März"}


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "head") as opened:
        yield opened


@pytest.fixture
def company(staff: httpx.Client) -> str:
    return str(created(staff.post("/v1/companies", json=COMPANY))["id"])


@pytest.fixture
def skill() -> str:
    return f"kann{uuid4().hex[:12]}"


@pytest.fixture
def need(staff: httpx.Client, company: str, skill: str) -> str:
    asked: dict[str, Any] = NEED | {"purpose": "mentoring", "skills": [skill], "occupation": "2142"}
    asked |= {"languages": [{"language": "de", "level": "B2"}]}
    return str(created(staff.post(f"/v1/companies/{company}/needs", json=asked))["id"])


def person(staff: httpx.Client, **fields: Any) -> str:
    stated = PERSON | {"purposes": ["mentoring"], "experience_years": 5} | fields
    id = str(created(staff.post("/v1/people", json=stated))["id"])
    staff.post(f"/v1/people/{id}/consents", json=MATCHING).raise_for_status()
    return id


def places(staff: httpx.Client, need: str) -> list[str]:
    return [each["person_id"] for each in staff.get(f"/v1/needs/{need}/ranking").json()["items"]]


def explanation(caller: httpx.Client, need: str, person: str, **headers: str) -> httpx.Response:
    return caller.get(f"/v1/needs/{need}/people/{person}/explanation", headers=headers)


def test_a_changed_profile_changes_the_ranking_which_says_why(staff: httpx.Client, need: str, skill: str) -> None:
    first, second = person(staff, skills=[skill]), person(staff)
    eventually(lambda: {first, second} <= set(places(staff, need)))
    staff.patch(f"/v1/people/{second}", json={"skills": [skill], "occupation": "2142"}).raise_for_status()
    eventually(lambda: places(staff, need)[:2] == [second, first])
    german, english = (staff.get(f"/v1/needs/{need}/ranking", headers=each) for each in (GERMAN, ENGLISH))
    assert (german.headers["content-language"], english.headers["content-language"]) == ("de", "en")
    assert "entscheiden Menschen" in german.json()["notice"]
    assert "decided by people" in english.json()["notice"]
    verdicts = {each["criterion"]: each for each in english.json()["items"][0]["verdicts"]}
    assert verdicts["occupation"]["reason"] == "same occupation"
    assert verdicts["occupation"]["evidence"][0]["found"] == "2142"

    def of_person() -> dict[str, Any]:
        return dict(staff.get(f"/v1/people/{second}/ranking", headers=GERMAN).json())

    def reasons() -> dict[str, str]:
        own = [each["verdicts"] for each in of_person()["items"] if each["need_id"] == need]
        return {each["criterion"]: each["reason"] for verdicts in own for each in verdicts}

    eventually(lambda: reasons().get("occupation") == "gleicher Beruf")
    assert of_person()["ranked_at"] is not None


def test_weights_are_tried_then_set_and_the_rankings_follow(staff: httpx.Client, need: str, skill: str) -> None:
    able, learned = person(staff, skills=[skill], occupation="7411"), person(staff, occupation="2142")

    def order() -> list[str]:
        return [each for each in places(staff, need) if each in (able, learned)]

    eventually(lambda: order() == [able, learned])
    before = staff.get(WEIGHTS)

    begun = staff.post(f"{WEIGHTS}/trials", json={"weights": BY_OCCUPATION["weights"]})
    path = begun.headers["location"]
    assert (begun.status_code, path) == (201, f"{WEIGHTS}/trials/{created(begun)['id']}")
    eventually(lambda: staff.get(path).json()["state"] == "done")
    trial = staff.get(path).json()
    (tried,) = [each for each in trial["needs"] if each["need_id"] == need]
    moves = {each["person_id"]: each for each in tried["moves"]}
    assert moves[learned]["place_after"] < moves[learned]["place_before"]
    assert moves[able]["place_after"] > moves[able]["place_before"]
    assert (moves[learned]["score_after"], moves[able]["score_after"]) == (1.0, 0.0)
    assert trial["summary"]["needs_changed"] >= 1
    assert staff.get(WEIGHTS).json() == before.json()
    assert order() == [able, learned]

    done = staff.put(WEIGHTS, json=BY_OCCUPATION, headers={"if-match": before.headers["etag"]})
    assert done.status_code == 200, done.text
    version = done.json()["weights_version"]
    assert version == before.json()["weights_version"] + 1
    eventually(lambda: order() == [learned, able])
    assert staff.get(f"/v1/needs/{need}/ranking").json()["weights_version"] == version
    last = staff.get(f"{WEIGHTS}/history").json()["items"][0]
    assert (last["weights"], last["note"]) == (BY_OCCUPATION["weights"], BY_OCCUPATION["note"])
    problem(staff.put(WEIGHTS, json=BY_OCCUPATION, headers={"if-match": before.headers["etag"]}), 412, "stale-version")
    back = staff.put(WEIGHTS, json={"weights": before.json()["weights"], "note": "zurück"})
    assert back.json()["weights_version"] == version + 1
    eventually(lambda: order() == [able, learned])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"weights": {"religion": 1.0}, "note": "x"}, "weights.religion"),
        ({"weights": {"skills": 0.0}, "note": "x"}, "weights"),
        ({"weights": {"skills": 1.5}, "note": "x"}, "weights.skills"),
        ({"weights": {"skills": "much"}, "note": "x"}, "weights.skills"),
        ({"weights": {}, "note": "x"}, "weights"),
        ({"weights": {"skills": 1.0}}, "note"),
        ({"weights": {"skills": 1.0}, "note": "a\x07"}, "note"),
    ],
)
def test_weights_that_cannot_be_meant_are_refused_by_field(staff: httpx.Client, body: dict[str, Any], field: str) -> None:
    answer = staff.put(WEIGHTS, json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert answer.json()["title"]


def test_why_not_names_what_rules_out_until_all_of_it_is_changed(staff: httpx.Client, need: str) -> None:
    low = [{"language": "de", "level": "A2"}]
    stated = PERSON | {"languages": low, "purposes": ["internship"]}
    someone = created(staff.post("/v1/people", json=stated))["id"]
    told = explanation(staff, need, someone, **ENGLISH).json()
    assert told["ruled_out"] is True
    assert [(each["condition"], each["change"]) for each in told["ruled_out_by"]] == [
        ("consent", "consent to matching"),
        ("purpose", "purpose “mentoring”"),
        ("languages", "de: from A2 to B1"),
    ]
    staff.post(f"/v1/people/{someone}/consents", json=MATCHING).raise_for_status()
    better = {"purposes": ["mentoring"], "languages": [{"language": "de", "level": "B1"}]}
    staff.patch(f"/v1/people/{someone}", json=better).raise_for_status()
    turned = explanation(staff, need, someone, **GERMAN).json()
    assert (turned["ruled_out"], turned["ruled_out_by"]) == (False, [])
    assert turned["costs"][0]["lost"] == max(each["lost"] for each in turned["costs"])
    (occupation,) = [each for each in turned["costs"] if each["condition"] == "occupation"]
    assert (occupation["change"], occupation["advice"]) == (None, "Daran ändert keine einzelne Angabe etwas.")
    again = explanation(staff, need, someone, **GERMAN).json()
    assert again == turned
    eventually(lambda: someone in places(staff, need))


def test_everyone_sees_their_own_and_no_more(bruecke: Installation, staff: httpx.Client, company: str, need: str) -> None:
    someone, other = person(staff), person(staff)
    staff.post(f"/v1/people/{someone}/consents", json=SHOWN).raise_for_status()
    hidden = created(staff.post("/v1/people", json=PERSON))["id"]
    eventually(lambda: {someone, other} <= set(places(staff, need)))
    with client(bruecke, "person", someone) as themselves:
        assert explanation(themselves, need, someone).json()["verdicts"][0]["evidence"]
        assert themselves.get(f"/v1/people/{someone}/ranking").status_code == 200
        problem(explanation(themselves, need, other), 403, "forbidden")
        problem(themselves.get(f"/v1/people/{other}/ranking"), 403, "forbidden")
        problem(themselves.get(f"/v1/needs/{need}/ranking"), 403, "forbidden")
        problem(themselves.get(WEIGHTS), 403, "forbidden")
    with client(bruecke, "company", company) as itself:
        told = explanation(itself, need, someone).json()
        assert told["verdicts"]
        assert "evidence" not in told["verdicts"][0]
        assert all(each.keys() == {"condition", "lost"} for each in told["costs"])
        for each in (hidden, other):  # who agreed to be matched and not to be shown is not shown
            problem(explanation(itself, need, each), 404, "not-found")
        for path in ("ranking", "candidates"):
            items = itself.get(f"/v1/needs/{need}/{path}").json()["items"]
            assert someone in [each["person_id"] for each in items]
            assert other not in [each["person_id"] for each in items]
            assert not any(verdict.get("evidence") for each in items for verdict in each["verdicts"])
    another = created(staff.post("/v1/companies", json=COMPANY))["id"]
    with client(bruecke, "company", another) as stranger:
        problem(explanation(stranger, need, someone), 403, "forbidden")
    with client(bruecke, "coordinator") as coordinator:
        problem(coordinator.put(WEIGHTS, json=BY_OCCUPATION), 403, "forbidden")
    with client(bruecke, "auditor") as auditor:
        assert auditor.get(WEIGHTS).status_code == 200
        verdicts = explanation(auditor, need, someone).json()["verdicts"]
        assert verdicts
        assert not any("evidence" in each for each in verdicts)


def test_what_does_not_exist_is_not_found(staff: httpx.Client, need: str) -> None:
    nobody, nothing = f"person-{uuid4()}", f"need-{uuid4()}"
    someone = person(staff)
    problem(explanation(staff, need, nobody), 404, "not-found")
    problem(explanation(staff, nothing, someone), 404, "not-found")
    problem(staff.get(f"{WEIGHTS}/trials/trial-{uuid4()}"), 404, "not-found")
    problem(staff.get(f"/v1/people/{nobody}/ranking"), 404, "not-found")
