"""All benchmark cases, each on fresh servers: ``./bruecke bench [CASE …] [--json FILE]``. Ratios first, figures beside them."""

import json
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import commands, duplicates, footprint, imports, latency, ranking, reads, search, skills, views, withdrawal
from benchmarks.result import Result
from benchmarks.servers import machine

RESULTS = Path(__file__).parent / "RESULTS.md"

CASES: dict[str, Callable[[], list[Result]]] = {
    "commands": commands.run,
    "latency": latency.run,
    "events": views.run,
    "get": reads.run,
    "withdrawal": withdrawal.run,
    "search": search.run,
    "imports": imports.run,
    "duplicates": duplicates.run,
    "footprint": footprint.run,
    "skills": skills.run,
    "ranking": ranking.run,
}
"""Some cases give several results: ``events`` also ``rebuild``, ``search`` also ``export``, ``duplicates`` also those of one,
``footprint`` both ``start`` and ``memory``, ``skills`` also ``spelling``, ``ranking`` several."""


class UnknownCase(ValueError):
    """There is no benchmark of this name."""


def main(cases: Sequence[str] = (), json_file: Path | None = None) -> bool:
    """Runs these cases, or all; prints a table, writes RESULTS.md after a whole run; says whether every target was met.

    Raises UnknownCase.
    """
    unknown = [case for case in cases if case not in CASES]
    if unknown:
        raise UnknownCase(f"there is no case {unknown[0]!r}; there are {', '.join(CASES)}")
    console = Console()
    results: list[Result] = []
    for case in cases or CASES:
        with console.status(f"{case} …"):
            results += _alone(CASES[case])
    console.print(_table(results))
    if json_file is not None:
        json_file.write_text(json.dumps([result.as_json() for result in results], indent=2) + "\n")
    if not cases:
        RESULTS.write_text(_markdown(results))
    return all(result.met for result in results)


def _alone(case: Callable[[], list[Result]]) -> list[Result]:
    """Runs a case in a process of its own: what another has left behind, threads that look for its servers, would slow it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(case).result()


def _rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    return [
        (
            result.case,
            f"{result.ratio:.2f}",
            f"at {result.at} {result.target:g}",
            "yes" if result.met else "NO",
            f"{result.value:,.1f} {result.unit}",
            f"{result.against:,.1f} ({result.peer})",
        )
        for result in results
    ]


HEAD = ("case", "ratio", "target", "met", "figure", "against")


def _table(results: Sequence[Result]) -> Table:
    table = Table(*HEAD, title="Brücke, measured in one run")
    for row in _rows(results):
        table.add_row(*row, style="" if row[3] == "yes" else "red")
    return table


def _markdown(results: Sequence[Result]) -> str:
    lines = [
        "# Results",
        "",
        f"Written by `./bruecke bench` on {datetime.now(UTC):%Y-%m-%d}, on {machine()}, with the embedded broker and database.",
        "A ratio compares with a peer that ran in the same run; the modules in this folder say what each case does.",
        "",
        "| " + " | ".join(HEAD) + " |",
        "|" + "---|" * len(HEAD),
        *("| " + " | ".join(row) + " |" for row in _rows(results)),
        "",
    ]
    return "\n".join(lines)
