"""Services as processes: what they say when they cannot start, and that they end when they are told to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SERVICES = ("profiles", "matching", "notifications", "gateway")


@contextmanager
def started(service: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    own = {name: text for name, text in os.environ.items() if not name.startswith("BRUECKE_")}
    given = {f"BRUECKE_{name.upper()}": text for name, text in settings.items()}
    command = [sys.executable, "-m", f"services.{service}"]
    process = subprocess.Popen(command, env=own | given, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("service", SERVICES)
def test_a_setting_that_cannot_be_is_one_line_that_names_it(service: str) -> None:
    with started(service, kafka_partitions="none") as process:
        said, status = process.communicate(timeout=30)[1], process.returncode
    assert status == 1
    assert said.splitlines()[-1].startswith("BRUECKE_KAFKA_PARTITIONS: ")
    assert "Traceback" not in said


def test_a_missing_master_key_is_one_line_that_names_it() -> None:
    with started("notifications", mongo_url="mongodb://127.0.0.1:1") as process:
        said, status = process.communicate(timeout=30)[1], process.returncode
    assert (status, said.splitlines()[-1]) == (1, "BRUECKE_MASTER_KEY must be 32 bytes in base64")
    assert "Traceback" not in said


@pytest.mark.parametrize("service", ["profiles", "matching"])
def test_a_service_that_waits_for_its_database_ends_when_it_is_told_to(service: str) -> None:
    with started(service, mongo_url="mongodb://127.0.0.1:1") as process:
        assert process.stderr is not None
        while "database.away" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.parametrize("service", ["profiles", "matching"])
@pytest.mark.parametrize("secret", ["master_key", "master_key_previous", "token_secret"])
def test_a_service_that_needs_no_secret_does_not_run_with_one(service: str, secret: str) -> None:
    with started(service, mongo_url="mongodb://127.0.0.1:1", **{secret: "a" * 43 + "="}) as process:
        said, status = process.communicate(timeout=30)[1], process.returncode
    assert (status, said.strip()) == (1, f"BRUECKE_{secret.upper()} must not be given to {service}, which works without it")
