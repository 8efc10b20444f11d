"""Makes the virtual environment and the generated stubs. Needs the standard library only: nothing is installed yet.

Run by the launcher when something is missing or out of date, with the Python that the environment is to be made with. What was
installed is noted last, so an interrupted run is done again; a lock lets a second launch wait for the first.
"""

import fcntl
import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
LOCK = ROOT / "requirements.lock"
OPTIONAL_LOCK = ROOT / "requirements-optional.lock"
"""What Brücke also works without, where no wheel can be had for this platform."""
INSTALLED_LOCK = VENV / "installed.lock"
INSTALLED_WITH = VENV / "installed.with"
GENERATED = ROOT / "build" / "stubs.generated"


class CannotPrepare(Exception):
    """Says in one line what is missing on this machine."""


def main() -> int:
    try:
        with _alone():
            if not _is_installed():
                _make_environment()
                _install()
            if not _is_generated():
                _generate_stubs()
    except CannotPrepare as problem:
        print(f"bruecke: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bruecke: interrupted; the next start goes on from here", file=sys.stderr)
        return 130
    return 0


@contextmanager
def _alone() -> Iterator[None]:
    """Holds a lock that the kernel takes back when this process ends, however it ends."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "prepare.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("bruecke: waiting for another start that is installing ...", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_installed() -> bool:
    if not (Path(PYTHON).exists() and INSTALLED_LOCK.exists() and INSTALLED_LOCK.read_bytes() == _wanted()):
        return False
    asked = os.environ.get("BRUECKE_PYTHON")
    return not asked or (INSTALLED_WITH.exists() and INSTALLED_WITH.read_text() == asked)


def _wanted() -> bytes:
    return LOCK.read_bytes() + OPTIONAL_LOCK.read_bytes()


def _make_environment() -> None:
    INSTALLED_LOCK.unlink(missing_ok=True)
    try:
        venv.EnvBuilder(clear=not _is_usable(), symlinks=True, with_pip=True).create(VENV)
    except subprocess.CalledProcessError:
        raise CannotPrepare("this Python cannot make virtual environments; on Debian and Ubuntu install python3-venv") from None
    except OSError as problem:
        raise CannotPrepare(f"cannot make {VENV}: {problem.strerror}") from None


def _is_usable() -> bool:
    """Whether the environment that is there has this Python's version, so that installing can go on from it."""
    question = "import sys; print(*sys.version_info[:3])"
    try:
        answer = subprocess.run([PYTHON, "-I", "-c", question], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.split() == [str(part) for part in sys.version_info[:3]]


def _install() -> None:
    """Installs what is needed, then what is optional; that is tried once for each version of its lock."""
    progress = _Progress(sum(1 for line in _wanted().decode().splitlines() if "==" in line))
    if not _pip(progress, "-r", str(LOCK)):
        progress.end()
        raise CannotPrepare("pip could not install the dependencies: " + progress.last_error)
    optional = _pip(progress, "--only-binary", ":all:", "-r", str(OPTIONAL_LOCK))
    progress.end()
    if not optional:
        print(f"bruecke: going on without what is optional, pip could not install it: {progress.last_error}", file=sys.stderr)
    GENERATED.unlink(missing_ok=True)
    INSTALLED_WITH.write_text(os.environ.get("BRUECKE_PYTHON", ""))
    _write_whole(INSTALLED_LOCK, _wanted())


def _pip(progress: "_Progress", *what: str) -> bool:
    command = [PYTHON, "-m", "pip", "install", "--no-deps", "--no-input", "--disable-pip-version-check", *what]
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PIP_QUIET", "PIP_USER")}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        for line in pip.stdout or ():
            progress.see(line)
    return pip.returncode == 0


class _Progress:
    """One line on standard error that says how far pip is; on a terminal it is rewritten in place."""

    TEXT = "bruecke: installing into .venv, once ..."

    def __init__(self, total: int) -> None:
        self._total = total
        self._seen = 0
        self._live = sys.stderr.isatty()
        self.last_error = "no reason given"
        print(f"{self.TEXT} ({total} packages)", end="" if self._live else "\n", file=sys.stderr, flush=True)

    def see(self, line: str) -> None:
        if line.startswith("ERROR:"):
            self.last_error = line.removeprefix("ERROR:").strip()
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            self._seen += 1
            name = re.split(r"[=<>~ :;]", line.partition("satisfied: ")[2] or line.removeprefix("Collecting "))[0]
            self._show(f"{self._seen}/{self._total} {name}")
        elif line.startswith("Installing collected"):
            self._show("unpacking")

    def _show(self, what: str) -> None:
        if self._live:
            print(f"\r{self.TEXT} {what}\x1b[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _is_generated() -> bool:
    if not GENERATED.exists():
        return False
    made = GENERATED.stat().st_mtime_ns
    return all(proto.stat().st_mtime_ns <= made for proto in (ROOT / "proto").rglob("*.proto"))


def _generate_stubs() -> None:
    """The time that is noted is the one before generating, so that a file saved meanwhile is seen next time."""
    started = GENERATED.with_suffix(".started")
    started.touch()
    command = [PYTHON, "-P", "-m", "deploy.stubs"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise CannotPrepare(f"the gRPC stubs could not be generated: {reason}")
    started.replace(GENERATED)


def _write_whole(path: Path, data: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)


if __name__ == "__main__":
    sys.exit(main())
