"""Running a nameko service as a process of its own. The caller has let eventlet patch the standard library before."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import structlog
from nameko.runners import ServiceRunner

from services.foundation.health import HealthServer
from services.foundation.logs import configure_logs
from services.foundation.settings import Settings, SettingWrong, settings
from services.foundation.status import ProcessStatus

log = structlog.get_logger()


def serve(service: type[Any]) -> None:
    """Runs the service until SIGTERM or SIGINT: readiness fails first, then the batch in hand ends, then the process."""
    chosen = settings()
    refuse_secrets(service, chosen)
    configure_logs(service.name, chosen.log_level)
    status = ProcessStatus(service.name)
    health = HealthServer(status, chosen.host, chosen.health_port)
    health.start()
    told_to_stop = threading.Event()
    _on_signal(_end_at_once)
    runner = ServiceRunner({"settings": chosen, "status": status})
    runner.add_service(service)
    _start(runner)
    _on_signal(told_to_stop.set)
    log.info("service.started", health_port=health.port)
    told_to_stop.wait()
    status.stopping = True
    runner.stop()
    health.stop()
    log.info("service.stopped")


def refuse_secrets(service: type[Any], chosen: Settings) -> None:
    """A service that names settings in ``refuses`` does not run with them. Raises SettingWrong."""
    for name in getattr(service, "refuses", ()):
        if getattr(chosen, name).get_secret_value():
            raise SettingWrong(f"BRUECKE_{name.upper()} must not be given to {service.name}, which works without it")


def _start(runner: ServiceRunner) -> None:
    try:
        runner.start()
    except SettingWrong as wrong:
        print(wrong, file=sys.stderr, flush=True)
        os._exit(1)  # in order, every waiting greenlet would leave a traceback


def _on_signal(act: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: act())


def _end_at_once() -> None:
    """A process that still waits for its database or broker has nothing in hand. Logs nothing: a line that was being written
    when the signal came holds the lock that the next one needs."""
    os._exit(0)
