"""Rows of a CSV file imported over HTTP a second, from the first byte sent to the last line told, and the same file once more.

The limit is what staff were promised, thousands of rows a minute: 50 a second of new people, each with their own key and five
sealed fields, and ten times as many that are there already.
"""

import time
from collections.abc import Iterator

import httpx

from benchmarks.result import Result
from benchmarks.servers import installation

ROWS = 2_000
NEW_ROWS_LIMIT = 50.0
KNOWN_ROWS_LIMIT = 500.0
HEADER = "external_id,name,email,phone,occupation,sectors,skills,languages,place,region\n"


def run() -> list[Result]:
    with installation("profiles", "gateway") as servers:
        headers = {"authorization": f"Bearer {servers.token('coordinator')}", "content-type": "text/csv"}
        with httpx.Client(base_url=servers.address, headers=headers, timeout=300) as client:
            new, known = _rows_a_second(client, "created"), _rows_a_second(client, "unchanged")
    return [
        Result("import", new, "rows/s", NEW_ROWS_LIMIT, 1.0, "least", "the limit, new people"),
        Result("import again", known, "rows/s", KNOWN_ROWS_LIMIT, 1.0, "least", "the limit, nothing new"),
    ]


def _rows_a_second(client: httpx.Client, status: str) -> float:
    """Raises RuntimeError where a row does not end like this."""
    content = (HEADER + "".join(_rows())).encode()
    started = time.perf_counter()
    answer = client.post("/v1/imports/people?source=bench", content=content).raise_for_status()
    elapsed = time.perf_counter() - started
    if answer.text.count(f'"status":"{status}"') != ROWS:
        raise RuntimeError(answer.text[-300:])
    return ROWS / elapsed


def _rows() -> Iterator[str]:
    for number in range(ROWS):
        said = f"A-{number},Anna Nr. {number},a{number}@example.org,+49 381 {number},2144"
        yield f"{said},Maschinenbau;construction,CAD;FEM,de:B2;uk:native,Rostock,DE-MV\n"
