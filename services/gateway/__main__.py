"""``python -m services.gateway``: HTTP and gRPC on one event loop, the views' consumers on threads beside it."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator

import structlog
import uvicorn
import uvloop

from services.foundation.health import HealthServer
from services.foundation.logs import configure_logs
from services.foundation.settings import Settings, settings
from services.foundation.status import ProcessStatus
from services.gateway.bootstrap import SERVICE, build
from services.gateway.http.access_log import AccessLog
from services.gateway.http.app import create_app
from services.gateway.partner.server import PartnerServer

GRACE_SECONDS = 5.0
"""Beyond the answer's deadline: for how long a request that is being answered may keep the process from ending."""

log = structlog.get_logger()


class HttpServer(uvicorn.Server):
    """Leaves signals to the process, which has more to stop than HTTP."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(chosen: Settings) -> None:
    """Serves until SIGTERM or SIGINT: readiness fails first, then requests finish, then the consumers."""
    status = ProcessStatus(SERVICE)
    health = HealthServer(status, chosen.host, chosen.health_port)
    parts = build(chosen, status)
    access_log = AccessLog(SERVICE, chosen.log_level)
    http = HttpServer(_http_config(chosen, create_app(parts.gateway, access_log)))

    def stop() -> None:
        status.stopping = True
        http.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    health.start()
    parts.start()
    partners = PartnerServer(parts.gateway, parts.database)
    await partners.start()
    log.info("service.started", http_port=chosen.http_port, grpc_port=chosen.grpc_port, health_port=health.port)
    await http.serve()
    access_log.flush()
    await partners.stop(GRACE_SECONDS)
    await parts.stop()
    health.stop()
    log.info("service.stopped")


def _http_config(chosen: Settings, app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=chosen.host,
        port=chosen.http_port,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=round(chosen.answer_deadline_seconds + GRACE_SECONDS),
    )


def main() -> None:
    chosen = settings()
    configure_logs(SERVICE, chosen.log_level)
    uvloop.run(serve(chosen))


if __name__ == "__main__":
    main()
