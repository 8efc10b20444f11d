"""GET of one view through the gateway, token checked, against a bare FastAPI + pymongo endpoint on the same document.

Both are asked in turns by the same few connections from a process of its own, on the same database. The better of the rounds
counts on either side.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from benchmarks.latency import PERSON
from benchmarks.result import Result
from benchmarks.servers import installation

ROUNDS = 4
SECONDS = 3.0
CONNECTIONS = 8


def run() -> list[Result]:
    with installation("profiles", "gateway") as servers:
        token = servers.token("coordinator")
        headers = {"Authorization": f"Bearer {token}"}
        person = httpx.post(f"{servers.address}/v1/people", json=PERSON, headers=headers).raise_for_status().json()["id"]
        with _bare_endpoint(servers.mongo_url) as bare_address:
            rounds = [
                (
                    _requests_a_second(f"{servers.address}/v1/people/{person}", token),
                    _requests_a_second(f"{bare_address}/people/{person}", token),
                )
                for _ in range(ROUNDS)
            ]
    ours, bare = (max(side) for side in zip(*rounds, strict=True))
    return [Result("get", ours, "requests/s", bare, 0.8, "least", "bare FastAPI + pymongo")]


@contextmanager
def _bare_endpoint(mongo_url: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.bare_endpoint", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "BENCH_MONGO_URL": mongo_url})
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise RuntimeError("the bare endpoint did not start")


def _requests_a_second(url: str, token: str) -> float:
    command = [sys.executable, "-m", "benchmarks.load", url, token, str(CONNECTIONS), str(SECONDS)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
