"""What is wrong with an installation, in plain sentences, from what its processes say about themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

LAG_WORTH_SAYING = 100
"""Messages; a consumer in the middle of traffic is always a few behind."""


@dataclass(frozen=True, slots=True)
class Report:
    """One process: its id (0 where there is none), whether it answers, and what /status says of a service."""

    name: str
    pid: int
    answers: bool
    status: dict[str, Any] = field(default_factory=dict)

    @property
    def consumers(self) -> list[dict[str, Any]]:
        return list(self.status.get("consumers", ()))

    @property
    def dead_letters(self) -> int:
        return int(self.status.get("dead_letters", 0))


def diagnose(reports: Iterable[Report]) -> list[str]:
    """Nothing where all is well."""
    found = list(reports)
    problems = [sentence for report in found for sentence in _problems_of(report)]
    dead = sum(report.dead_letters for report in found)
    if dead:
        wait = "dead letter waits" if dead == 1 else "dead letters wait"
        problems.append(f"{dead} {wait}: ./bruecke dead-letters list")
    return problems


def _problems_of(report: Report) -> Iterator[str]:
    if not report.pid:
        yield f"{report.name} is not running"
    elif not report.answers:
        yield f"{report.name} does not answer"
    elif report.status and not report.status.get("ready"):
        yield f"{report.name} is not ready"
    for consumer in report.consumers:
        yield from _problems_of_consumer(consumer)


def _problems_of_consumer(consumer: dict[str, Any]) -> Iterator[str]:
    if consumer["state"] != "running":
        yield f"{consumer['group']} waits: {consumer['problem'] or 'no reason given'}"
    if consumer["lag"] >= LAG_WORTH_SAYING:
        yield f"{consumer['group']} is {consumer['lag']} messages behind"
