"""Keeps programs running: starts them, starts them again when they die, and stops them in order."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.child import Child, Program
from deploy.embedded.problems import Problem

LOOK_SECONDS = 0.05
FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 5.0
SETTLED_SECONDS = 10.0
"""A program that ran for so long starts again soon; one that dies earlier waits twice as long each time."""
GRACE_SECONDS = 10.0
"""Between SIGTERM and SIGKILL."""
DEATHS_BEFORE_GIVING_UP = 3


class StartFailed(Problem):
    """A program does not come up; the message says which, and where to read why."""


@dataclass(slots=True)
class _Watched:
    """A child and when to start it (again)."""

    child: Child
    due: float = 0.0
    wait: float = FIRST_WAIT_SECONDS
    started: float = 0.0
    deaths: int = 0
    running: bool = False


class Supervisor:
    """Starts every process from one thread of its own that lives as long as they do (see orphan.py).

    ``on_change`` is told, on that thread, whenever a process was started.
    """

    def __init__(self, logs: Path, on_change: Callable[[], None]) -> None:
        self._logs = logs
        self._on_change = on_change
        self._watched: dict[str, _Watched] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._hurried = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._lifeline, self._held = os.pipe()

    @property
    def pids(self) -> dict[str, int]:
        """The ids of the processes that live, by name."""
        with self._lock:
            return {name: each.child.pid for name, each in self._watched.items() if each.child.is_alive()}

    def start(self, programs: Iterable[Program]) -> None:
        """Has these programs run from now on; returns at once."""
        with self._lock:
            for program in programs:
                log = self._logs / f"{program.name}.log"
                self._watched[program.name] = _Watched(Child(program, log, self._lifeline))
        if not self._thread.is_alive():
            self._thread.start()
        self._wake.set()

    def wait_until_ready(self, seconds: float) -> None:
        """Returns when every program answers; raises StartFailed."""
        deadline = time.monotonic() + seconds
        for watched in tuple(self._watched.values()):
            deaths = watched.deaths
            while not (watched.running and watched.child.program.answers()):
                _require_hope(watched.child, watched.deaths - deaths, deadline)
                time.sleep(LOOK_SECONDS)

    def kill(self, name: str) -> None:
        """Kills the process of this program, as a fault would; it is started again. Returns when the process is gone."""
        self._watched[name].child.kill()

    def hurry(self) -> None:
        """Whatever is being stopped is killed at once."""
        self._hurried.set()

    def stop(self, order: Sequence[Sequence[str]]) -> None:
        """Stops the programs for good, one group after the other; those not named come last."""
        with self._lock:
            self._ending.set()
        self._wake.set()
        if self._thread.is_alive():
            named = {name for group in order for name in group}
            for group in (*order, tuple(self._watched.keys() - named)):
                self._stop_group([self._watched[name].child for name in group if name in self._watched])
            self._wake.set()
            self._thread.join()
        for end in (self._lifeline, self._held):
            os.close(end)

    def _stop_group(self, children: list[Child]) -> None:
        for child in children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in children:
            while not child.wait(LOOK_SECONDS):
                if self._hurried.is_set() or time.monotonic() > deadline:
                    break
            child.kill()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            started = [each for each in tuple(self._watched.values()) if self._look_after(each)]
            if started:
                self._on_change()
        while any(each.child.is_alive() for each in self._watched.values()):
            self._wake.wait(LOOK_SECONDS)

    def _look_after(self, watched: _Watched) -> bool:
        """Notes if the process died, starts it if that is due; says whether it was started."""
        moment = time.monotonic()
        if watched.running and not watched.child.is_alive():
            _note_death(watched, moment)
        with self._lock:
            if watched.running or moment < watched.due or self._ending.is_set():
                return False
            watched.child.spawn()
            watched.started, watched.running = moment, True
        return True


def _note_death(watched: _Watched, moment: float) -> None:
    watched.running = False
    watched.deaths += 1
    if moment - watched.started > SETTLED_SECONDS:
        watched.wait = FIRST_WAIT_SECONDS
    watched.due = moment + watched.wait
    watched.wait = min(2 * watched.wait, LONGEST_WAIT_SECONDS)


def _require_hope(child: Child, deaths: int, deadline: float) -> None:
    """Raises StartFailed for a program that keeps dying, or when the time is over."""
    dies = deaths >= DEATHS_BEFORE_GIVING_UP
    if dies or time.monotonic() > deadline:
        how = "does not start" if dies else "does not answer"
        raise StartFailed(f"{child.name} {how}; see {child.log}: {child.last_words()[:300]}")
