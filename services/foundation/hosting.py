"""Running a nameko service as a process of its own. The caller has let eventlet patch the standard library before."""

import signal
import threading
from typing import Any

import structlog
from nameko.runners import ServiceRunner

from services.foundation.health import HealthServer
from services.foundation.logs import configure_logs
from services.foundation.settings import settings
from services.foundation.status import ProcessStatus

log = structlog.get_logger()


def serve(service: type[Any]) -> None:
    """Runs the service until SIGTERM or SIGINT: readiness fails first, then the batch in hand ends, then the process."""
    chosen = settings()
    configure_logs(service.name, chosen.log_level)
    status = ProcessStatus(service.name)
    health = HealthServer(status, chosen.host, chosen.health_port)
    health.start()
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    runner = ServiceRunner({"settings": chosen, "status": status})
    runner.add_service(service)
    runner.start()
    log.info("service.started", health_port=health.port)
    told_to_stop.wait()
    status.stopping = True
    runner.stop()
    health.stop()
    log.info("service.stopped")
