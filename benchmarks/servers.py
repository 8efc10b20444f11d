"""Fresh servers for a benchmark case, and the settings under which it runs."""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mongoengine

from deploy.embedded.installation import Installation
from services.foundation.settings import Settings


@contextmanager
def installation(*services: str) -> Iterator[Installation]:
    """An installation of its own with these services; broker and database always run."""
    with tempfile.TemporaryDirectory(prefix="bruecke-bench-") as folder:
        made = Installation(Path(folder))
        made.start(services=services)
        try:
            yield made
        finally:
            mongoengine.disconnect_all()
            made.stop()


@contextmanager
def service_process(made: Installation, name: str) -> Iterator[None]:
    """One service of this installation, started now rather than with the others."""
    with (made.data / "logs" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", f"services.{name}"], env=made.environment(name), stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


def settings_of(made: Installation) -> Settings:
    """The settings that a service of this installation runs under."""
    environment = made.environment("gateway")
    values = {name.removeprefix("BRUECKE_").lower(): text for name, text in environment.items() if name.startswith("BRUECKE_")}
    return Settings(**{name: text for name, text in values.items() if name in Settings.model_fields})  # type: ignore[arg-type]


def machine() -> str:
    """The machine in words: processor, cores, memory, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return os.uname().machine
