"""One program and the process that runs it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

SHIM = Path(__file__).with_name("orphan.py")
LONGEST_LOG = 10_000_000
"""Bytes after which a log is put aside as ``.log.1`` when its process starts."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, with which environment, and how to see that it does its work by now."""

    name: str
    command: tuple[str, ...]
    answers: Callable[[], bool]
    environment: Callable[[], Mapping[str, str]] = field(default=dict, repr=False)
    """Asked at each start of the process: a secret may be another by then."""


class Child:
    """A program's process. It is the leader of a session of its own, so that the terminal's signals do not reach it."""

    def __init__(self, program: Program, log: Path, lifeline: int) -> None:
        self.program = program
        self.log = log
        self._lifeline = lifeline
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int:
        """0 where no process was started."""
        return self._process.pid if self._process else 0

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def spawn(self) -> None:
        """Starts a process. On Linux it dies with the calling thread, so that thread must be the supervisor's."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_name(self.log.name + ".1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                (sys.executable, "-IS", str(SHIM), str(self._lifeline), *self.program.command),
                env=dict(self.program.environment()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(self._lifeline,),
                start_new_session=True,
            )

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the process; one that has ended gets none."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL to the process, and whatever it has started; returns when it is gone."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def wait(self, seconds: float) -> bool:
        """Whether the process has ended within that time."""
        try:
            if self._process:
                self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self) -> str:
        """The last line of its log that says something."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "")
