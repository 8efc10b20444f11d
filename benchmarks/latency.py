"""From POST to a view that can be read, when nothing else goes on. The answer to a POST waits for the view."""

import statistics
import threading
import time

import httpx

from benchmarks.result import Result
from benchmarks.servers import installation

SAMPLES = 50
IDLE_SECONDS = 0.75
"""Until what the last POST led to beside its view, a mail and a ranking, is done."""
LIMIT_MS = 50.0
PERSON = {
    "name": "Oleksandra Kovalenko",
    "email": "oleksandra@example.org",
    "occupation": "2144",
    "sectors": ["mechanical_engineering"],
    "skills": ["CAD", "FEM"],
    "place": "Rostock",
    "region": "DE-MV",
}


def run() -> list[Result]:
    with installation("profiles", "matching", "notifications", "gateway") as servers:
        headers = {"Authorization": f"Bearer {servers.token('coordinator')}"}
        with httpx.Client(base_url=servers.address, headers=headers) as client:
            times = [_post_and_read(client) for _ in range(SAMPLES)]
    return [Result("latency", statistics.median(times[10:]), "ms", LIMIT_MS, 1.0, "most", "the limit")]


def _post_and_read(client: httpx.Client) -> float:
    """Milliseconds until what was posted could be read."""
    threading.Event().wait(IDLE_SECONDS)
    started = time.perf_counter()
    posted = client.post("/v1/people", json=PERSON).raise_for_status()
    elapsed = (time.perf_counter() - started) * 1000
    client.get(f"/v1/people/{posted.json()['id']}").raise_for_status()
    return elapsed
