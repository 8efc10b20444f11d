"""Views can be dropped and made again at any time: afterwards they say what they said before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from deploy.embedded.installation import Installation
from services.cli.__main__ import app
from tests.integration.test_gateway_http import client, created
from tests.integration.test_words import arranged_contact
from tests.waiting import eventually

pytestmark = pytest.mark.servers

PERSON = {
    "name": "Данило Кравець",
    "email": "danylo@example.org",
    "occupation": "7411",
    "sectors": ["construction"],
    "place": "Güstrow",
    "region": "DE-MV",
}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        installation.start()
        yield installation


def test_rebuilt_views_say_what_they_said_before(own: Installation) -> None:
    headers = {"Authorization": f"Bearer {own.token('coordinator')}"}
    with httpx.Client(base_url=own.address, headers=headers, timeout=20) as staff:
        people = [staff.post("/v1/people", json=PERSON).raise_for_status().json()["id"] for _ in range(12)]
        before = _everybody(staff)
        gateway = own.pids["gateway"]
        ordered = CliRunner().invoke(app, ["views", "rebuild", "--data", str(own.data)])
        assert ordered.exit_code == 0, ordered.output
        eventually(lambda: own.pids.get("gateway", gateway) != gateway)
        own.wait_until_ready()
        assert _everybody(staff) == before
        assert set(before) == set(people)
        changed = staff.patch(f"/v1/people/{people[0]}", json={"place": "Wismar"}).raise_for_status().json()
        assert (changed["version"], changed["place"]) == (2, "Wismar")
    log = (own.data / "logs" / "gateway.log").read_text()
    assert "rebuild.done" in log


def test_files_beside_messages_are_no_view_and_stay(own: Installation) -> None:
    with client(own, "coordinator") as staff:
        path = arranged_contact(own, staff)
        file = created(staff.post(f"{path}/attachments", params={"name": "a.txt"}, content=b"Anlage"))["id"]
        message = {"body": "Anbei", "language": "de", "attachments": [file]}
        created(staff.post(f"{path}/messages", json=message))
        before = staff.get(f"{path}/messages").json()
        gateway = own.pids["gateway"]
        assert CliRunner().invoke(app, ["views", "rebuild", "--data", str(own.data)]).exit_code == 0
        eventually(lambda: own.pids.get("gateway", gateway) != gateway)
        own.wait_until_ready()
        assert staff.get(f"{path}/messages").json() == before
        assert staff.get(f"{path}/attachments/{file}").content == b"Anlage"


def _everybody(staff: httpx.Client) -> dict[str, Any]:
    return {person["id"]: person for person in staff.get("/v1/people", params={"limit": 100}).json()["items"]}
