"""A whole Brücke on this machine: for the command line, for tests, and for benchmarks.

with Installation(Path("data"), http_port=8080) as bruecke:
    bruecke.start()
    bruecke.kill("profiles")
    bruecke.wait_until_ready()
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from os import getpid
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded import broker, database, mail_sink, service
from deploy.embedded.child import Program
from deploy.embedded.ports import free_ports, require_free
from deploy.embedded.service import SERVICES, Place
from deploy.embedded.state import RunFolder, RunState
from deploy.embedded.supervisor import Supervisor
from deploy.embedded.tokens import issue_token

START_SECONDS = 60.0

STOP_ORDER = (("gateway",), ("profiles", "matching", "notifications"), ("mail",), ("broker",), ("database",))


class Installation:
    """Broker, database, mail sink and services, supervised by this process.

    Port 0 stands for any free port. Raises AlreadyRunning, PortTaken or StartFailed from ``start``; nothing runs then.
    """

    def __init__(self, data: Path, http_port: int = 0, grpc_port: int = 0) -> None:
        self.data = data.absolute()
        self._asked = {"http": http_port, "grpc": grpc_port}
        self._run = RunFolder(self.data)
        self._place: Place | None = None
        self._supervisor: Supervisor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self, services: Sequence[str] = SERVICES) -> None:
        """Starts the servers and these services, all at once; returns when each of them answers."""
        self.launch(services)
        self.wait_until_ready()

    def launch(self, services: Sequence[str] = SERVICES) -> None:
        """The same without waiting."""
        self._run.claim()
        try:
            self._place = Place(self.data, self._choose_ports())
            programs = [*self._servers(), *(service.program(name, self._place) for name in services)]
            self._supervisor = Supervisor(self.data / "logs", self._state_writer())
        except BaseException:
            self._run.release()
            raise
        self._supervisor.start(programs)

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Returns when everything answers, also after something was killed; raises StartFailed."""
        self._running.wait_until_ready(seconds)

    def kill(self, name: str) -> None:
        """SIGKILL to the process of this name: ``broker``, ``database``, ``mail`` or a service. It comes back by itself."""
        self._running.kill(name)

    def hurry(self) -> None:
        """From now on, stopping grants nobody any time."""
        if self._supervisor is not None:
            self._supervisor.hurry()

    def stop(self) -> None:
        """Stops everything in order; returns when no process is left. Does nothing where nothing runs."""
        if self._supervisor is not None:
            self._supervisor.stop(STOP_ORDER)
            self._run.release()
            self._supervisor = self._place = None

    @property
    def place(self) -> Place:
        """The data folder and the ports; only while it runs."""
        if self._place is None:
            raise RuntimeError("the installation was not started")
        return self._place

    @property
    def _running(self) -> Supervisor:
        if self._supervisor is None:
            raise RuntimeError("the installation was not started")
        return self._supervisor

    @property
    def address(self) -> str:
        return self.place.address

    @property
    def grpc_address(self) -> str:
        return f"127.0.0.1:{self.place.ports['grpc']}"

    @property
    def kafka_servers(self) -> str:
        return self.place.kafka_servers

    @property
    def mongo_url(self) -> str:
        return self.place.mongo_url

    @property
    def pids(self) -> dict[str, int]:
        """The process ids by name."""
        return self._running.pids

    def environment(self, name: str) -> dict[str, str]:
        """The environment in which the service of this name runs, for another process like it."""
        return service.environment(name, self.place)

    def token(self, role: str, stream: str | None = None) -> str:
        """A token for this role; ``stream``: the company, person or partner that it speaks for."""
        return issue_token(self.data, role, stream)

    def _servers(self) -> Iterator[Program]:
        ports = self.place.ports
        yield broker.program(ports["broker"])
        yield database.program(ports["database"], self.data / "database")
        yield mail_sink.program(ports["mail"], self.data / "mailbox")

    def _choose_ports(self) -> dict[str, int]:
        for name, port in self._asked.items():
            if port:
                require_free(port, f"--{name}-port or BRUECKE_{name.upper()}_PORT")
        names = ("broker", "database", "mail", *(f"{each}_health" for each in SERVICES))
        free = (port for port in free_ports() if port not in self._asked.values())
        return {name: port or next(free) for name, port in (*self._asked.items(), *((name, 0) for name in names))}

    def _state_writer(self) -> Callable[[], None]:
        ports, started = dict(self.place.ports), datetime.now(UTC).isoformat(timespec="seconds")
        return lambda: self._run.write(RunState(getpid(), started, ports, self.pids))
