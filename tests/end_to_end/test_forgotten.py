"""Who was erased is nowhere to be found: not in a topic, a collection or a log, not in the clear and not under any key."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from deploy.embedded.installation import Installation
from services.cli.__main__ import app
from services.profiles.contract import STORES
from tests.end_to_end.taking_part import EMAIL, NEEDLES, OTHER, Part, client, made, take_part_in_everything
from tests.end_to_end.traces import mails_to, on_disk, traces
from tests.waiting import eventually

pytestmark = pytest.mark.servers

HOLDING = {
    "topic profiles.commands",
    "topic profiles.events",
    "topic matching.commands",
    "topic matching.events",
    "collection bruecke_profiles.commits",
    "collection bruecke_matching.commits",
    "collection bruecke_gateway.people",
    "collection bruecke_gateway.prospects",
    "collection bruecke_gateway.referrals",
    "collection bruecke_gateway.contacts",
    "collection bruecke_gateway.contact_events",
    "collection bruecke_gateway.threads",
    "collection bruecke_gateway.messages",
    "collection bruecke_attachments.attachments",
    "collection bruecke_gateway.registration_words",
    "collection bruecke_gateway.requests",
    "collection bruecke_gateway.commands",
    "collection bruecke_notifications.recipients",
}
"""Where something of the person must have been before, or the test would look in vain."""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        installation.start()
        yield installation


def completed(staff: httpx.Client, erasure: str) -> bool:
    found = staff.get(f"/v1/erasures/{erasure}").json()
    return bool(found["state"] == "completed" and found["receipt"] == "sent")


def test_who_was_erased_is_nowhere_to_be_found(own: Installation) -> None:
    with client(own, "coordinator") as staff:
        other = made(staff, "/v1/people", OTHER)["id"]
        part = take_part_in_everything(own, staff)
        eventually(lambda: len(mails_to(own, EMAIL)) >= 3)
        before = traces(own, NEEDLES)
        assert {trace.needle for trace in before if trace.how == "clear"} == set(NEEDLES)
        assert {trace.needle for trace in before if trace.how == "sealed, clear"} == set(NEEDLES)
        held = {trace.place.partition(":")[0] for trace in before}
        assert held >= HOLDING
        assert not [trace for trace in before if trace.place.startswith("log")]

        erasure = _erase(own, staff, part.person)
        _nothing_is_left_to_ask(own, staff, part)
        assert staff.get(f"/v1/contacts/{part.contact}").json()["state"] == "closed"
        assert traces(own, NEEDLES) == set()

        gateway = own.pids["gateway"]
        assert CliRunner().invoke(app, ["views", "rebuild", "--data", str(own.data)]).exit_code == 0
        eventually(lambda: own.pids.get("gateway", gateway) != gateway)
        own.wait_until_ready()
        assert traces(own, NEEDLES) == set()
        assert completed(staff, erasure)
    own.stop()
    with Installation(own.data) as again:
        again.start()
        with client(again, "coordinator") as staff:
            eventually(lambda: completed(staff, erasure))
            _nothing_is_left_to_ask(again, staff, part)
            assert staff.get(f"/v1/people/{other}").json()["name"] == "Somebody Else"
        assert traces(again, NEEDLES) == set()
    left = on_disk(own, NEEDLES)
    assert {trace.place.partition("/")[0] for trace in left} <= {"database"}


def _erase(bruecke: Installation, staff: httpx.Client, person: str) -> str:
    """Erases the person and waits for the receipt, which names every store."""
    mails = len(mails_to(bruecke, EMAIL))
    with client(bruecke, "person", person) as mine:
        answer = mine.delete(f"/v1/people/{person}")
        assert answer.status_code == 200, answer.text
        erasure = str(answer.json()["id"])
        assert answer.headers["location"] == f"/v1/erasures/{erasure}"
        eventually(lambda: completed(staff, erasure), within=15)
        told = mine.get(f"/v1/erasures/{erasure}").json()
        assert [each["store"] for each in told["stores"]] == list(STORES)
        assert all(each["confirmed_at"] for each in told["stores"])
        assert mine.delete(f"/v1/people/{person}").json() == told
    assert len(mails_to(bruecke, EMAIL)) == mails + 1
    return erasure


def _nothing_is_left_to_ask(bruecke: Installation, staff: httpx.Client, part: Part) -> None:
    person = part.person
    for answer in (
        staff.get(f"/v1/people/{person}"),
        staff.get(f"/v1/people/{part.duplicate}"),
        staff.get(f"/v1/people/{person}/export"),
        staff.get(f"/v1/people/{person}/history"),
        staff.patch(f"/v1/people/{person}", json={"place": "Wismar"}),
        staff.delete(f"/v1/people/{person}/consents/matching"),
        staff.put(f"/v1/preferences/{person}", json={"email": False}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "profile-is-erased")
    listed = [each["id"] for each in staff.get("/v1/people", params={"limit": 200}).json()["items"]]
    assert not {person, part.duplicate} & set(listed)
    assert staff.get(f"/v1/prospects/{part.prospect}").json()["approaches"] == []
    for referral in part.referrals:
        told = staff.get(f"/v1/referrals/{referral}").json()
        assert [told[field] for field in ("name", "email", "note", "reason")] == [None] * 4
    with client(bruecke, "auditor") as auditor:
        (erasure,) = auditor.get("/v1/erasures").json()["items"]
    assert erasure["owner"] == person
    assert set(erasure["owners"]) == {person, part.duplicate, part.prospect, *part.referrals}
