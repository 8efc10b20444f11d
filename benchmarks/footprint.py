"""How long ``./bruecke up`` takes until it serves, once installed, and how much memory all its processes hold together."""

import socket
import subprocess
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from benchmarks.result import Result

LAUNCHER = Path(__file__).resolve().parents[1] / "bruecke"
LIMIT_SECONDS = 10.0
LIMIT_MB = 900.0


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bruecke-bench-") as folder:
        port = _free_port()
        options = ["--data", folder, "--http-port", str(port), "--grpc-port", str(_free_port())]
        started = time.perf_counter()
        process = subprocess.Popen([LAUNCHER, "up", *options], stdout=subprocess.DEVNULL)
        try:
            _wait_until_ready(port)
            seconds = time.perf_counter() - started
            megabytes = _resident_megabytes(process.pid)
        finally:
            process.terminate()
            process.wait(30)
    return [
        Result("start", seconds, "s", LIMIT_SECONDS, 1.0, "most", "the limit"),
        Result("memory", megabytes, "MB", LIMIT_MB, 1.0, "most", "the limit"),
    ]


def _free_port() -> int:

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/ready", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise RuntimeError("it did not serve within a minute")


def _resident_megabytes(pid: int) -> float:
    """The resident memory of the process and all below it; shared pages count for each."""
    parent = psutil.Process(pid)
    family = (parent, *parent.children(recursive=True))
    return float(sum(each.memory_info().rss for each in family)) / 1e6
