"""``bruecke doctor``: what runs, what each service last processed, and what is wrong."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from services.cli.diagnosis import Report, diagnose
from services.cli.options import DEFAULT_DATA, Data
from services.cli.promise import examine_promise

if TYPE_CHECKING:
    from rich.table import Table

    from deploy.embedded.state import RunState


def doctor(data: Data = DEFAULT_DATA) -> None:
    """Say what runs, what each service last processed, its lag, and what is wrong, also with the promise that no conversation
    dies unnoticed. Exit status 0 if all is well."""
    from rich.console import Console

    from deploy.embedded.state import RunFolder

    state = RunFolder(data.absolute()).read()
    reports = list(_examine(state))
    console = Console()
    console.print(f"Running since {_time(state.started)}: {state.address}, gRPC {state.grpc_address}\n", highlight=False)
    console.print(_processes(reports), "")
    console.print(_consumers(reports), "")
    problems = diagnose(reports)
    problems += [] if problems else examine_promise(data.absolute(), state)
    for problem in problems or ["All is well."]:
        console.print(f"[{'red' if problems else 'green'}]{problem}[/]", highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)


def _examine(state: "RunState") -> Iterator[Report]:
    from deploy.embedded import broker, database, mail_sink, service

    ports, pids = state.ports, state.processes
    for name, server in (("broker", broker), ("database", database), ("mail", mail_sink)):
        yield Report(name, pids.get(name, 0), server.answers(ports[name]))
    for name in service.SERVICES:
        code, body = service.ask(ports[f"{name}_health"], "/status", seconds=3)
        yield Report(name, pids.get(name, 0), code == 200, json.loads(body) if code == 200 else {})


def _processes(reports: list[Report]) -> "Table":
    from rich.table import Table

    table = Table("process", "pid", "state", "since", "dead letters", box=None, header_style="dim", pad_edge=False)
    for report in reports:
        dead = str(report.dead_letters) if report.status else ""
        table.add_row(report.name, str(report.pid or "-"), _state(report), _time(report.status.get("since")), dead)
    return table


def _state(report: Report) -> str:
    if not report.answers:
        return "[red]does not answer[/]" if report.pid else "[red]not running[/]"
    return "running" if report.status.get("ready", True) else "[yellow]not ready[/]"


def _consumers(reports: list[Report]) -> "Table":
    from rich.table import Column, Table

    name = Column("consumer", no_wrap=True)
    table = Table(name, "state", "lag", "handled", "last message", "at", box=None, header_style="dim", pad_edge=False)
    for report in reports:
        for consumer in report.consumers:
            table.add_row(*_row(consumer))
    return table


def _row(consumer: dict[str, Any]) -> tuple[str, ...]:
    last = consumer["last"] or {}
    counts = (str(consumer["lag"]), str(consumer["handled"]))
    return consumer["group"], consumer["state"], *counts, _name(last.get("type", "nothing yet")), _time(last.get("at"))


def _name(type_name: str) -> str:
    """The type without its service and version, so that narrow terminals show all of it."""
    return type_name.split(".")[1] if type_name.count(".") == 2 else type_name


def _time(text: str | None) -> str:
    """Local time of day; with the date where it is not today's."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text).astimezone()
    today = moment.date() == datetime.now().astimezone().date()
    return f"{moment:%H:%M:%S}" if today else f"{moment:%Y-%m-%d %H:%M:%S}"
