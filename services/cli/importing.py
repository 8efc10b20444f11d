"""Sending a file to the gateway and following how it is carried out. A connection that breaks is taken up again."""

import csv
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from deploy.embedded.problems import Problem

TRIES = 6
PAUSE_SECONDS = 2.0
SILENCE_SECONDS = 180.0
"""Longer than the gateway itself waits for a service that is started again."""
SHOWN = 15
FORMULA = tuple("=+-@\t\r")

Line = dict[str, Any]


class Broken(Exception):
    """The answer ended before its last line."""


@dataclass(slots=True)
class Import:
    """A file on its way. ``lines``: what was told of each row; of a row that is told again, the first time it was loaded."""

    path: str
    query: dict[str, Any]
    content: bytes = field(repr=False)
    media_type: str
    lines: dict[int, Line] = field(default_factory=dict, repr=False)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, line: Line) -> None:
        known = self.lines.get(line["line"])
        if known is None or known["status"] == "refused":
            self.lines[line["line"]] = line
            self.counts[line["status"]] += 1
            if known is not None:
                self.counts[known["status"]] -= 1

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines.values() if line["status"] == "refused"]


def run(wanted: Import, address: str, token: str, report: Path | None) -> int:
    """Carries it out, shows how it goes, and gives the exit status: 0 where every row was loaded, 1 where some were refused.

    Raises Problem where the file is refused as a whole, and where the connection keeps breaking.
    """
    client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=SILENCE_SECONDS)
    with client, _progress() as progress:
        bar = progress.add_task("", total=wanted.content.count(b"\n") or None, counts="")

        def show(line: Line) -> None:
            wanted.note(line)
            progress.update(bar, completed=line["line"], counts=_counted(wanted.counts))

        _persist(lambda: _follow(client, wanted, show), wanted)
        progress.update(bar, completed=progress.tasks[0].total)
    summarise(Console(), wanted)
    if report is not None:
        write_report(report, wanted)
    return 1 if wanted.refused else 0


def _persist(attempt: Callable[[], None], wanted: Import) -> None:
    for pause in [PAUSE_SECONDS * (tries + 1) for tries in range(TRIES - 1)] + [0.0]:
        try:
            return attempt()
        except (httpx.TransportError, Broken) as fault:
            if not pause:
                why = str(fault) or type(fault).__name__
                told = f"{len(wanted.lines)} rows are settled and stay so. Run it again, it goes on"
                raise Problem(f"the connection broke {TRIES} times ({why}). {told}") from None
            threading.Event().wait(pause)
    return None


def _follow(client: httpx.Client, wanted: Import, show: Callable[[Line], None]) -> None:
    """Sends the file once and shows each line of the answer; raises Broken where it does not come to its end."""
    query = {name: value for name, value in wanted.query.items() if value is not None}
    headers = {"content-type": wanted.media_type}
    with client.stream("POST", wanted.path, params=query, content=wanted.content, headers=headers) as answer:
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise Broken("the gateway is busy")
        if answer.is_error:
            raise _problem(answer)
        for line in _lines(answer):
            if "totals" not in line:
                show(line)
            elif line["error"]:
                raise _final(line["error"])
            else:
                return
    raise Broken("the answer broke off")


def _lines(answer: httpx.Response) -> Iterator[Line]:
    with closing(answer.iter_lines()) as lines:  # type: ignore[type-var]
        for line in lines:
            if line:
                yield json.loads(line)


def _final(error: dict[str, str]) -> Exception:
    going_on = error["code"] in ("stopped", "temporarily-unavailable", "incomplete-request")
    return Broken(error["detail"]) if going_on else Problem(error["detail"])


def _problem(answer: httpx.Response) -> Problem:
    answer.read()
    content = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    return Problem(f"{answer.status_code} {content.get('title', '')}: {content.get('detail', '')}")


def _progress() -> Progress:
    return Progress(
        BarColumn(), TaskProgressColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[counts]}")
    )


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in sorted(counts.items()) if count)


def summarise(console: Console, wanted: Import) -> None:
    """What came of it, and the first rows that were refused, each with line, column and reason."""
    console.print(f"{len(wanted.lines)} rows: {_counted(wanted.counts) or 'nothing to do'}", highlight=False)
    for line in wanted.refused[:SHOWN]:
        for error in line["errors"]:
            quoted = f" ({error['cell']!r})" if error.get("cell") else ""
            told = f"  line {line['line']}, {error['column'] or 'row'}: {error['reason']}{quoted}"
            console.print(escape(told), style="red", highlight=False, soft_wrap=True)
    if len(wanted.refused) > SHOWN:
        console.print(f"  … and {len(wanted.refused) - SHOWN} further rows; --report FILE.csv writes them all", highlight=False)
    if any("not valid UTF-8" in error["reason"] for line in wanted.refused for error in line["errors"]):
        console.print("  If the file comes from a spreadsheet, try again with --encoding windows-1252.", highlight=False)


def write_report(path: Path, wanted: Import) -> None:
    """A row for each reason, and one for each row that has none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "external_id", "status", "id", "column", "reason", "cell"))
        for number, line in sorted(wanted.lines.items()):
            for error in line["errors"] or [{}]:
                about = (number, line["external_id"], line["status"], line["id"] or "")
                cells = (*about, error.get("column", ""), error.get("reason", ""), error.get("cell", ""))
                writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: object) -> object:
    """A spreadsheet that opens the report must not run what somebody wrote into the file."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
