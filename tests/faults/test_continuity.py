"""``kill -9`` of matching while steps stay undone: every stage of each comes, once and in order."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.embedded.installation import Installation
from tests.integration.test_continuity import SHORT, STAGES, plan, stages
from tests.integration.test_gateway_http import client
from tests.integration.test_words import arranged_contact
from tests.waiting import eventually

pytestmark = [pytest.mark.servers, pytest.mark.faults]

CONTACTS = 8


@pytest.fixture
def bruecke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    for name, value in SHORT.items():
        monkeypatch.setenv(name, value)
    with Installation(tmp_path) as installation:
        installation.start()
        yield installation


@pytest.mark.parametrize("first_seen", ["reminded", "overdue", "escalated to coordinator"])
def test_a_kill_between_the_stages_neither_loses_nor_doubles_one(bruecke: Installation, first_seen: str) -> None:
    with client(bruecke, "coordinator") as staff:
        paths = [arranged_contact(bruecke, staff) for _ in range(CONTACTS)]
        steps = {path: str(plan(staff, path, 2)["next_step"]["step_id"]) for path in paths}
        eventually(lambda: any(first_seen in stages(staff, path, step) for path, step in steps.items()))
        bruecke.kill("matching")
        bruecke.wait_until_ready()
        eventually(lambda: all(_done(staff, path, step) for path, step in steps.items()), within=60)
        for path, step in steps.items():
            told = stages(staff, path, step)
            assert told in (STAGES, STAGES[1:]), "only a reminder is not made up for once the step is due"
        assert staff.get("/v1/promise").json()["kept"]


def _done(staff: httpx.Client, path: str, step_id: str) -> bool:
    return STAGES[-1] in stages(staff, path, step_id)
