"""What runs in a data folder: ``run.lock`` says whether, ``run.json`` says what and where.

The lock is held by the supervisor's process and taken back by the kernel when that ends, however it ends. So a state file that
was left behind is never believed.
"""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from deploy.embedded.problems import Problem

LOCK_TRIES = 5
STATE_TRIES = 40
"""How often to look for the state of an installation that is just starting."""


class AlreadyRunning(Problem):
    """Another supervisor serves from this data folder."""


class NotRunning(Problem):
    """Nothing serves from this data folder."""


@dataclass(frozen=True, slots=True)
class RunState:
    """The running installation: its supervisor, its ports and processes by name, and since when (ISO 8601)."""

    pid: int
    started: str
    ports: dict[str, int]
    processes: dict[str, int] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.ports['http']}"

    @property
    def grpc_address(self) -> str:
        return f"127.0.0.1:{self.ports['grpc']}"

    @property
    def mongo_url(self) -> str:
        return f"mongodb://127.0.0.1:{self.ports['database']}"


class RunFolder:
    """The state of one data folder."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock: IO[Any] | None = None

    def claim(self) -> None:
        """Takes the folder for this process; raises AlreadyRunning."""
        self._data.mkdir(parents=True, exist_ok=True)
        lock = (self._data / "run.lock").open("a")
        if not _lock(lock):
            lock.close()
            raise AlreadyRunning(_where(self._data, _read(self._data)))
        self._lock = lock
        (self._data / "run.json").unlink(missing_ok=True)

    def release(self) -> None:
        """Gives the folder back."""
        if self._lock:
            (self._data / "run.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def write(self, state: RunState) -> None:
        """Replaces the state file; readers see the old or the new one."""
        partial = self._data / f"run.json.{os.getpid()}.partial"
        partial.write_text(json.dumps(asdict(state), indent=2))
        partial.replace(self._data / "run.json")

    def read(self) -> RunState:
        """What runs here; raises NotRunning."""
        for _ in range(STATE_TRIES):
            if not _is_locked(self._data):
                break
            state = _read(self._data)
            if state is not None:
                return state
            time.sleep(0.05)
        raise NotRunning(f"nothing is running in {self._data}")

    def is_running(self) -> bool:
        """Whether a supervisor holds the folder."""
        return _is_locked(self._data)


def _read(data: Path) -> RunState | None:
    try:
        return RunState(**json.loads((data / "run.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _lock(file: IO[Any]) -> bool:
    """Tries a few times: whoever looks at the state holds the lock for a moment."""
    for _ in range(LOCK_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def _is_locked(data: Path) -> bool:
    try:
        with (data / "run.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _where(data: Path, state: RunState | None) -> str:
    if state is None:
        return f"an installation is just starting in {data}"
    return f"already running in {data}: HTTP {state.address}, gRPC {state.grpc_address} (pid {state.pid})"
