"""The supervisor, with programs that misbehave."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import orphan
from deploy.embedded.child import Program
from deploy.embedded.supervisor import StartFailed, Supervisor

STUBBORN = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(600)"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path, on_change=lambda: None)
    yield supervisor
    supervisor.hurry()
    supervisor.stop(order=())


def test_a_program_that_keeps_dying_is_given_up_with_its_last_words(supervisor: Supervisor) -> None:
    dies = Program("lamp", (sys.executable, "-c", "raise SystemExit('no bulb')"), lambda: False, lambda: os.environ)
    supervisor.start([dies])
    with pytest.raises(StartFailed, match=r"lamp does not start; see .*lamp\.log: no bulb"):
        supervisor.wait_until_ready(seconds=30)


def test_a_program_that_never_answers_is_given_up(supervisor: Supervisor) -> None:
    sleeps = Program("lamp", (sys.executable, "-c", "import time; time.sleep(600)"), lambda: False, lambda: os.environ)
    supervisor.start([sleeps])
    with pytest.raises(StartFailed, match="lamp does not answer"):
        supervisor.wait_until_ready(seconds=0.3)


def test_a_hurried_stop_does_not_wait_for_a_stubborn_program(tmp_path: Path) -> None:
    running = tmp_path / "running"
    supervisor = Supervisor(tmp_path, on_change=lambda: None)
    supervisor.start([Program("lamp", (sys.executable, "-c", STUBBORN, str(running)), running.exists, lambda: os.environ)])
    supervisor.wait_until_ready(seconds=30)
    started = time.monotonic()
    supervisor.hurry()
    supervisor.stop(order=(("lamp",),))
    assert supervisor.pids == {}
    assert time.monotonic() - started < 5


def test_a_watcher_kills_its_command_when_the_supervisor_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in for Linux's parent-death signal elsewhere."""
    killed: list[int] = []
    monkeypatch.setattr(orphan.os, "kill", lambda pid, _: killed.append(pid))
    monkeypatch.setattr(orphan.os, "getppid", lambda: 0 if killed else 4711)
    monkeypatch.setattr(orphan.os, "_exit", lambda _: None)
    lifeline, held = os.pipe()
    os.close(held)
    orphan.watch(lifeline, watched=4711)
    os.close(lifeline)
    assert killed == [4711]
