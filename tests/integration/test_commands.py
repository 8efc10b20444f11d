"""The commands for operators, on a whole Brücke that runs."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from pymongo import MongoClient
from typer.testing import CliRunner

from deploy.embedded.installation import Installation
from deploy.embedded.state import RunFolder
from services.cli.__main__ import app
from services.cli.options import ROOT
from services.foundation.broker import Broker
from services.foundation.settings import Settings
from tests.waiting import eventually

pytestmark = pytest.mark.servers

TOPIC = "notifications.commands"
SHOWN = ("error: message type 'notifications.Dance.v1' is not known here", "ce_correlationid: trace-7", '{"steps":3}')


def run(installation: Installation, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--data", str(installation.data)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def doctor(installation: Installation) -> tuple[int, str]:
    """The exit status and the last line."""
    result = CliRunner().invoke(app, ["doctor", "--data", str(installation.data)], catch_exceptions=False)
    return result.exit_code, result.output.splitlines()[-1]


def send_what_nobody_knows(installation: Installation) -> str:
    """A command that notifications cannot read, for a stream that nobody else uses; gives the stream."""
    stream = f"notification-{uuid4()}"
    headers = {"ce_id": str(uuid4()), "ce_type": "notifications.Dance.v1", "ce_source": "tests", "ce_subject": stream}
    headers |= {"ce_time": "2026-11-24T09:00:00+00:00", "ce_actor": "coordinator:c", "ce_correlationid": "trace-7"}
    producer = Broker(Settings(kafka_servers=installation.kafka_servers)).producer()
    encoded = [(name, text.encode()) for name, text in headers.items()]
    producer.send(TOPIC, SHOWN[-1].encode(), stream.encode(), encoded).get(10)
    producer.close()
    return stream


def test_the_doctor_finds_a_fresh_installation_well(bruecke: Installation) -> None:
    bruecke.wait_until_ready()
    eventually(lambda: doctor(bruecke) == (0, "All is well."))
    assert "notifications.commands" in run(bruecke, "doctor")  # names stay whole where the terminal is narrow


def test_a_dead_letter_is_listed_shown_and_tried_again(bruecke: Installation) -> None:
    assert run(bruecke, "dead-letters", "list") == "No dead letters.\n"
    stream = send_what_nobody_knows(bruecke)
    with MongoClient[dict[str, object]](bruecke.mongo_url) as client:
        letters = client["bruecke_notifications"]["dead_letters"]
        eventually(lambda: letters.count_documents({"key": stream}) == 1)
        try:
            _go_through(bruecke, str(letters.distinct("_id", {"key": stream})[0]))
            eventually(lambda: letters.count_documents({"key": stream, "tries": 3, "replay": False}) == 1)
        finally:
            letters.delete_many({"key": stream})
    eventually(lambda: doctor(bruecke) == (0, "All is well."))


def _go_through(bruecke: Installation, id: str) -> None:
    assert id in run(bruecke, "dead-letters", "list")
    shown = run(bruecke, "dead-letters", "show", id)
    assert all(line in shown for line in SHOWN)
    eventually(lambda: doctor(bruecke) == (1, "1 dead letter waits: ./bruecke dead-letters list"))
    assert run(bruecke, "dead-letters", "replay", id).startswith("Asked for 1 to be tried again")
    eventually(lambda: "tried 2 times" in run(bruecke, "dead-letters", "show", id))
    assert run(bruecke, "dead-letters", "replay", "--all").startswith("Asked for 1 to be tried again")


def test_it_is_started_and_stopped_from_the_command_line(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = (
        sys.executable,
        "-P",
        "-m",
        "services.cli",
        "up",
        "--http-port",
        "0",
        "--grpc-port",
        "0",
        "--data",
        str(tmp_path),
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as serving:
        assert serving.stdout
        assert any("Brücke is serving" in line for line in serving.stdout)
        state = RunFolder(tmp_path).read()
        assert state.pid == serving.pid
        stopped = CliRunner().invoke(app, ["down", "--data", str(tmp_path)], catch_exceptions=False)
        assert stopped.output == "Stopped.\n"
    assert serving.returncode == 0
