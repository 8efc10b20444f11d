"""The gRPC server beside HTTP, on the same event loop: referrals, the feed, health and reflection."""

import grpc
from bruecke.partner.v1 import partner_pb2 as messages
from bruecke.partner.v1 import partner_pb2_grpc as stubs
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from pymongo.asynchronous.database import AsyncDatabase

from services.foundation.database import Document
from services.foundation.privacy import KeyVault
from services.foundation.settings import Settings
from services.gateway.commander import Commander
from services.gateway.partner.feed import Feed
from services.gateway.partner.referrals import Referrals
from services.gateway.security import Verifier

OPTIONS = (
    ("grpc.so_reuseport", 0),
    ("grpc.max_receive_message_length", 256 * 1024),
    ("grpc.max_metadata_size", 16 * 1024),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
)


async def start_partner_server(
    commander: Commander, database: AsyncDatabase[Document], vault: KeyVault, settings: Settings
) -> grpc.aio.Server:
    """The started server on ``settings.grpc_port``; raises RuntimeError where the port is taken."""
    server = grpc.aio.server(options=OPTIONS)
    verifier = Verifier(settings.token_secret.get_secret_value())
    stubs.add_ReferralServiceServicer_to_server(Referrals(commander, database, vault, verifier), server)
    stubs.add_FeedServiceServicer_to_server(Feed(database, verifier, settings.kafka_partitions), server)
    names = [service.full_name for service in messages.DESCRIPTOR.services_by_name.values()]
    checks = health.aio.HealthServicer()
    for name in ("", *names):
        await checks.set(name, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection((*names, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    server.add_insecure_port(f"{settings.host}:{settings.grpc_port}")
    await server.start()
    return server
