"""What a process says about itself: ready or not, and what each of its consumers last did."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.foundation.messages import now


@dataclass(slots=True)
class ConsumerStatus:
    """One consumer, as ``/status`` shows it and ``bruecke doctor`` explains it."""

    group: str
    topics: tuple[str, ...]
    partitions: tuple[str, ...] = ()
    lag: int = 0
    handled: int = 0
    last: dict[str, Any] | None = None
    state: str = "waiting"
    problem: str = "not started yet"
    dead_letters: int = 0

    def runs(self) -> None:
        self.state, self.problem = "running", ""

    def waits(self, problem: str) -> None:
        self.state, self.problem = "waiting", problem

    def as_json(self) -> dict[str, Any]:
        names = ("group", "topics", "partitions", "lag", "handled", "last", "state", "problem")
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class ProcessStatus:
    """The whole process. It is ready once it has consumers that all run, and no longer as soon as it is told to stop."""

    service: str
    since: datetime = field(default_factory=now)
    consumers: list[ConsumerStatus] = field(default_factory=list)
    stopping: bool = False

    def consumer(self, group: str, topics: tuple[str, ...]) -> ConsumerStatus:
        """Registers a consumer of this process."""
        status = ConsumerStatus(group, topics)
        self.consumers.append(status)
        return status

    @property
    def ready(self) -> bool:
        return not self.stopping and bool(self.consumers) and all(each.state == "running" for each in self.consumers)

    def as_json(self) -> dict[str, Any]:
        return {
            "service": self.service,
            "ready": self.ready,
            "since": self.since.isoformat(),
            "consumers": [each.as_json() for each in self.consumers],
            "dead_letters": sum(each.dead_letters for each in self.consumers),
        }
