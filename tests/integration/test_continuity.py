"""Continuity on a whole Brücke whose intervals are seconds: stages, the proof, and contacts as they stood."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from deploy.embedded.installation import Installation
from services.cli.__main__ import app
from tests.integration.test_gateway_http import client, problem
from tests.integration.test_words import arranged_contact
from tests.waiting import eventually

pytestmark = pytest.mark.servers

SHORT = {
    "BRUECKE_SWEEP_SECONDS": "0.2",
    "BRUECKE_REMIND_BEFORE_HOURS": "0.0003",
    "BRUECKE_ESCALATE_AFTER_HOURS": "0.0003",
    "BRUECKE_ESCALATE_TO_HEAD_AFTER_HOURS": "0.0006",
}
STAGES = ["reminded", "overdue", "escalated to coordinator", "escalated to head"]


@pytest.fixture(scope="module")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in SHORT.items():
            environment.setenv(name, value)
        with Installation(tmp_path_factory.mktemp("continuity")) as installation:
            installation.start()
            yield installation


@pytest.fixture
def staff(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "coordinator") as opened:
        yield opened


def plan(staff: httpx.Client, path: str, seconds: float, owner: str = "company") -> dict[str, Any]:
    due = datetime.now(UTC) + timedelta(seconds=seconds)
    answer = staff.put(f"{path}/next-step", json={"what": "Frau Lüders anrufen", "owner": owner, "due": due.isoformat()})
    planned: dict[str, Any] = answer.raise_for_status().json()
    return planned


def events(reader: httpx.Client, path: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reader.get(f"{path}/events", params=query).raise_for_status().json()["items"]
    return found


def stages(staff: httpx.Client, path: str, step_id: str) -> list[str]:
    """What was told of this step, in order."""
    told: list[str] = []
    for event in events(staff, path):
        if ".FollowUp" in event["type"] and event["data"]["step_id"] == step_id:
            kind = event["type"].split(".")[1].removeprefix("FollowUp").lower()
            told.append(f"{kind} to {event['data']['to']}" if "to" in event["data"] else kind)
    return told


def marks(staff: httpx.Client, path: str) -> tuple[bool, bool, str | None]:
    """What the view of the contact says was told of its step."""
    step = staff.get(path).json()["next_step"]
    return step["reminded"], step["overdue"], step["escalated_to"]


def test_a_step_that_stays_undone_goes_through_all_stages_once(bruecke: Installation, staff: httpx.Client) -> None:
    path = arranged_contact(bruecke, staff)
    step_id = plan(staff, path, 2)["next_step"]["step_id"]
    eventually(lambda: stages(staff, path, step_id) == STAGES)
    eventually(lambda: marks(staff, path) == (True, True, "head"))  # the view is written after the timeline
    later = plan(staff, path, 1, "coordinator")["next_step"]["step_id"]
    eventually(lambda: stages(staff, path, later) == ["reminded", "overdue", "escalated to head"])
    assert stages(staff, path, step_id) == STAGES


def test_a_contact_that_rests_is_not_followed_further(bruecke: Installation, staff: httpx.Client) -> None:
    path, other = arranged_contact(bruecke, staff), arranged_contact(bruecke, staff)
    step_id = plan(staff, path, 2)["next_step"]["step_id"]
    person = staff.get(path).json()["person_id"]
    staff.delete(f"/v1/people/{person}/consents/matching").raise_for_status()
    eventually(lambda: staff.get(path).json()["state"] == "dormant")
    told = stages(staff, path, step_id)
    undone = plan(staff, other, 2)["next_step"]["step_id"]
    eventually(lambda: stages(staff, other, undone) == STAGES)
    assert stages(staff, path, step_id) == told
    assert "overdue" not in told


def test_a_contact_is_read_as_it_stood(bruecke: Installation, staff: httpx.Client) -> None:
    path = arranged_contact(bruecke, staff)
    planned = plan(staff, path, 3600)
    told = events(staff, path)
    assert all(event["actor"] and event["time"] for event in told)
    moment = told[1]["time"]
    stood = staff.get(path, params={"as_of": moment}).json()
    assert (stood["version"], stood["accepted_by"], stood["state"]) == (2, [], "proposed")
    assert events(staff, path, as_of=moment) == told[:2]
    assert staff.get(path, params={"as_of": planned["updated_at"]}).json() == _without_what_is_of_now(planned)
    staff.post(f"{path}/arrangement", json={}).raise_for_status()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    talk = {"format": "video", "starts_at": tomorrow.isoformat(), "ends_at": (tomorrow + timedelta(hours=1)).isoformat()}
    scheduled = staff.post(f"{path}/meetings", json=talk).json()
    stood = staff.get(path, params={"as_of": scheduled["updated_at"]}).json()
    assert stood == _without_what_is_of_now(scheduled)
    assert [each["state"] for each in stood["meetings"]] == ["scheduled"]
    with client(bruecke, "auditor") as auditor:
        assert auditor.get(path, params={"as_of": planned["updated_at"]}).json()["next_step"]["what"] is None
    with client(bruecke, "person", planned["person_id"]) as person:
        assert person.get(path, params={"as_of": moment}).json()["version"] == 2


def test_a_moment_that_cannot_be_is_refused(bruecke: Installation, staff: httpx.Client) -> None:
    path = arranged_contact(bruecke, staff)
    future = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    for place in (path, f"{path}/events", "/v1/promise", "/v1/promise/contacts"):
        for moment in (future, "2026-03-02T09:00:00", "yesterday", "", "2026-13-02T09:00:00Z"):
            refused = problem(staff.get(place, params={"as_of": moment}), 422, "invalid-input")
            assert refused["errors"][0]["field"] == "as_of"
            german = staff.get(place, params={"as_of": moment}, headers={"accept-language": "de"}).json()
            assert german["errors"][0]["reason"] != refused["errors"][0]["reason"]
    for place in (path, f"{path}/events"):
        problem(staff.get(place, params={"as_of": "2020-03-02T09:00:00Z"}), 404, "contact-not-begun")


def test_the_promise_is_proven_for_now_and_for_the_past(bruecke: Installation, staff: httpx.Client) -> None:
    before = datetime.now(UTC).isoformat()
    first = staff.get("/v1/promise", params={"as_of": before}).json()
    paths = [arranged_contact(bruecke, staff) for _ in range(3)]
    overdue = plan(staff, paths[0], 1)
    eventually(lambda: stages(staff, paths[0], overdue["next_step"]["step_id"]) == STAGES)
    now = staff.get("/v1/promise").json()
    assert (now["kept"], now["silent"]) == (True, 0)
    assert now["open"] == first["open"] + 3
    assert now["overdue"] >= 1
    assert now["escalated"]["head"] >= 1
    staff.post(f"{paths[1]}/closing", json={"reason": "no_fit"}).raise_for_status()
    assert staff.get("/v1/promise", params={"as_of": before}).json() == first
    assert staff.get("/v1/promise", params={"as_of": now["as_of"]}).json() == now
    assert staff.get("/v1/promise").json()["open"] == now["open"] - 1
    listed = list(promised(staff, now["as_of"]))
    assert [each["id"] for each in listed] == sorted({each["id"] for each in listed})
    assert len(listed) == now["open"]
    (late,) = (each for each in listed if each["id"] == overdue["id"])
    assert (late["coordinator"], late["next_step"]["owner"], late["silent"]) == ("local-coordinator", "company", False)
    assert (late["next_step"]["overdue"], late["next_step"]["escalated_to"]) == (True, "head")


def promised(staff: httpx.Client, as_of: str) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        page = staff.get("/v1/promise/contacts", params={"as_of": as_of, "limit": "2", **cursor}).raise_for_status().json()
        yield from page["items"]
        if not page["next"]:
            return
        cursor = {"cursor": page["next"]}


def test_the_proof_is_for_staff_and_control(bruecke: Installation) -> None:
    for role in ("head", "auditor", "operator"):
        with client(bruecke, role) as reader:
            assert reader.get("/v1/promise").json()["kept"]
            assert reader.get("/v1/promise/contacts").status_code == 200
    with client(bruecke, "person", "person-00000000-0000-4000-8000-000000000001") as person:
        problem(person.get("/v1/promise"), 403, "forbidden")
        problem(person.get("/v1/promise/contacts"), 403, "forbidden")


def test_the_command_line_proves_the_promise_and_the_doctor_compares(bruecke: Installation, staff: httpx.Client) -> None:
    arranged_contact(bruecke, staff)
    for words in ((), ("--as-of", "2026-01-01T00:00:00Z")):
        said = CliRunner().invoke(app, ["promise", *words, "--data", str(bruecke.data)], catch_exceptions=False)
        assert said.exit_code == 0, said.output
        assert ": kept" in said.output
    eventually(lambda: _doctor(bruecke) == (0, "All is well."))


def _without_what_is_of_now(contact: dict[str, Any]) -> dict[str, Any]:
    """What somebody may do now, and what clashes now, is not part of how a contact stood."""
    meetings = [{name: value for name, value in each.items() if name != "clashes"} for each in contact["meetings"]]
    return {name: value for name, value in contact.items() if name != "your_part"} | {"meetings": meetings}


def _doctor(bruecke: Installation) -> tuple[int, str]:
    said = CliRunner().invoke(app, ["doctor", "--data", str(bruecke.data)], catch_exceptions=False)
    return said.exit_code, said.output.splitlines()[-1]
