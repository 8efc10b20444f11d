"""The embedded servers: they come up, come back, and leave nothing behind."""

import os
import signal
import smtplib
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import psutil
import pymongo
import pytest

from deploy.embedded import broker, database, mail_sink
from deploy.embedded.installation import Installation
from deploy.embedded.ports import PortTaken, free_ports
from deploy.embedded.state import AlreadyRunning, NotRunning, RunFolder
from services.cli.mail import mailbox
from services.cli.options import ROOT
from services.foundation.database import DURABLE
from tests.waiting import eventually

pytestmark = pytest.mark.servers


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path / "data") as installation:
        installation.start(services=())
        yield installation


def test_servers_answer_once_started(running: Installation) -> None:
    ports = running.place.ports
    assert broker.answers(ports["broker"])
    assert database.answers(ports["database"])
    assert mail_sink.answers(ports["mail"])


@pytest.mark.parametrize("name", ["broker", "database", "mail"])
def test_a_killed_server_comes_back_on_its_port(running: Installation, name: str) -> None:
    before, ports = running.pids[name], dict(running.place.ports)
    running.kill(name)
    running.wait_until_ready()
    assert running.pids[name] != before
    assert running.place.ports == ports
    assert RunFolder(running.data).read().processes[name] == running.pids[name]


def test_the_database_keeps_what_it_acknowledged_when_it_is_killed(running: Installation) -> None:
    with pymongo.MongoClient[dict[str, object]](running.mongo_url) as client:
        things = client["kept"].get_collection("things", write_concern=DURABLE)
        things.insert_many([{"_id": number} for number in range(100)])
        running.kill("database")
        running.wait_until_ready()
        assert things.count_documents({}) == 100


def test_stopping_leaves_no_process_and_no_state(tmp_path: Path) -> None:
    with Installation(tmp_path / "data") as installation:
        installation.start(services=())
        pids = installation.pids.values()
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    with pytest.raises(NotRunning):
        RunFolder(tmp_path / "data").read()


def test_an_installation_starts_again_with_its_data(tmp_path: Path) -> None:
    for start in range(2):
        with Installation(tmp_path / "data") as installation:
            installation.start(services=())
            with pymongo.MongoClient[dict[str, object]](installation.mongo_url) as client:
                assert client["kept"]["starts"].count_documents({}) == start
                client["kept"]["starts"].insert_one({"_id": start})


def test_a_taken_port_is_named_with_its_option_and_nothing_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port} is taken .*--grpc-port") as refused:
            Installation(tmp_path / "data", grpc_port=port).start(services=())
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "data" / "logs").exists()


def test_a_data_folder_in_use_is_said_with_its_addresses(running: Installation) -> None:
    with pytest.raises(AlreadyRunning, match=running.address):
        Installation(running.data).start(services=())


def test_a_state_file_left_behind_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"pid": 1, "started": "", "ports": {}, "processes": {}}')
    with pytest.raises(NotRunning):
        RunFolder(tmp_path).read()


def test_two_installations_run_side_by_side(running: Installation, tmp_path: Path) -> None:
    with Installation(tmp_path / "other") as other:
        other.start(services=())
        assert set(other.place.ports.values()).isdisjoint(running.place.ports.values())


def test_secrets_are_made_once_and_for_their_owner_only(running: Installation) -> None:
    first = running.environment("gateway")
    folder = running.data / "secrets"
    assert first == running.environment("gateway")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_matching_is_never_given_the_master_key(running: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRUECKE_MASTER_KEY", "from outside")
    assert running.environment("gateway")["BRUECKE_MASTER_KEY"] == "from outside"
    assert "BRUECKE_MASTER_KEY" not in running.environment("matching")


def test_the_mail_sink_keeps_what_it_is_given(running: Installation) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = "rima@example.org", "Grüße, تحيات, привіт"
    message.set_content("Bis bald!")
    with smtplib.SMTP("127.0.0.1", running.place.ports["mail"]) as sink:
        sink.send_message(message, from_addr="bruecke@localhost")
    (kept,) = mailbox(running.data)
    assert kept["Subject"] == "Grüße, تحيات, привіт"
    assert kept.get_content().strip() == "Bis bald!"


HOLDER = """
import sys, time
from pathlib import Path
from deploy.embedded.installation import Installation
installation = Installation(Path(sys.argv[1]))
installation.start(services=())
print(*installation.pids.values(), flush=True)
time.sleep(600)
"""


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    command = (sys.executable, "-P", "-c", HOLDER, str(tmp_path / "data"))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as supervisor:
        assert supervisor.stdout
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        supervisor.send_signal(signal.SIGKILL)
    assert len(pids) == 3
    eventually(lambda: not any(map(_lives, pids)))


def _lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_free_ports_are_free_and_differ() -> None:
    found = free_ports()
    ports = [next(found) for _ in range(20)]
    assert len(set(ports)) == 20
