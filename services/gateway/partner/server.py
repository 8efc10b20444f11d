"""The gRPC server beside HTTP, on the same event loop: referrals, the feed, health and reflection."""

from functools import partial

import grpc
from bruecke.partner.v1 import partner_pb2 as messages
from bruecke.partner.v1 import partner_pb2_grpc as stubs
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from pymongo.asynchronous.database import AsyncDatabase

from services.foundation.database import Document
from services.gateway.disclosing import recorded
from services.gateway.house import Gateway
from services.gateway.partner.feed import Feed
from services.gateway.partner.guard import Guard
from services.gateway.partner.referrals import Referrals

SERVICES = tuple(service.full_name for service in messages.DESCRIPTOR.services_by_name.values())
OPTIONS = (
    ("grpc.so_reuseport", 0),
    ("grpc.max_receive_message_length", 256 * 1024),
    ("grpc.max_metadata_size", 16 * 1024),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
)


class PartnerServer:
    """Belongs to the gateway's event loop."""

    def __init__(self, gateway: Gateway, database: AsyncDatabase[Document]) -> None:
        self._address = f"{gateway.settings.host}:{gateway.settings.grpc_port}"
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(interceptors=[Guard()], options=OPTIONS)
        stubs.add_ReferralServiceServicer_to_server(Referrals(gateway, database), self._server)
        stubs.add_FeedServiceServicer_to_server(Feed(gateway, database, partial(recorded, gateway.commander)), self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        reflection.enable_server_reflection((*SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME), self._server)

    async def start(self) -> None:
        """Serves from now on; raises RuntimeError where the port is taken."""
        self._server.add_insecure_port(self._address)
        await self._server.start()
        for name in ("", *SERVICES):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)

    async def stop(self, grace_seconds: float) -> None:
        """Says so to whoever asks for its health, and gives the calls in hand this time to end."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(grace_seconds)
