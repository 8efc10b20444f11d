"""The demo as a newcomer meets it: it tells its story, serves, ends with its terminal, and finds its data again."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from services.cli.options import ROOT

pytestmark = pytest.mark.servers

LAST_LINE = "Ctrl-C stops it"
STORY = (
    "ContactProposed",
    "ContactAccepted",
    "ContactArranged",
    "MeetingHeld",
    "MeetingFollowedUp",
    "ParticipantWaitlisted",
    "ParticipantPromoted",
)
ROLES = ("coordinator", "head", "auditor", "operator", "company", "person", "partner")


@contextmanager
def demo(data: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-P", "-m", "services.cli", "demo", "--data", str(data), *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "1000"}
    environment |= {"BRUECKE_HTTP_PORT": "0", "BRUECKE_GRPC_PORT": "0"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until_it_serves(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    while LAST_LINE not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def test_the_demo_tells_its_story_serves_and_finds_its_data_again(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        said = read_until_it_serves(process)
        for told in STORY:
            assert told in said
        address = re.search(r"HTTP +(\S+)", said)
        tokens = dict(re.findall(r"(\w+) .*?(eyJ\S+)", said))
        assert address
        assert set(tokens) >= set(ROLES)
        for role in ROLES:
            answer = httpx.get(f"{address[1]}/v1/contacts", headers={"Authorization": f"Bearer {tokens[role]}"})
            assert answer.status_code == (403 if role == "partner" else 200), (role, answer.text)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGHUP)
        assert process.wait(60) == 0
        assert not [child for child in children if child.is_running()]
    with demo(tmp_path, "--once") as process:
        said = process.communicate(timeout=120)[0]
        assert process.returncode == 0
        assert "Found again: 14 people, 8 companies" in said
        assert said.count("MeetingHeld") == 1
