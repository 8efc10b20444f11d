"""Brücke's own services as programs: their environment, and how to see that one is ready."""

import http.client
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import keys
from deploy.embedded.child import Program
from deploy.embedded.ports import HOST

ROOT = Path(__file__).resolve().parents[2]

SERVICES = ("profiles", "matching", "notifications", "gateway")
"""All services; the gateway is the door, so it comes last and goes first."""

HOLDS_MASTER_KEY = frozenset({"gateway", "notifications"})
"""Who reads personal data in the clear. Matching never does."""

DEFAULTS: Mapping[str, str] = {
    "BRUECKE_KAFKA_PARTITIONS": "4",
    "BRUECKE_KAFKA_SESSION_TIMEOUT_MS": "2000",
    "BRUECKE_KAFKA_FETCH_WAIT_MS": "25",
    "BRUECKE_KAFKA_FOLLOW_WAIT_MS": "100",
}
"""What suits the embedded broker; the user's environment may say otherwise."""


@dataclass(frozen=True, slots=True)
class Place:
    """The data folder of an installation and its ports by name."""

    data: Path
    ports: Mapping[str, int]

    @property
    def kafka_servers(self) -> str:
        return f"{HOST}:{self.ports['broker']}"

    @property
    def mongo_url(self) -> str:
        return f"mongodb://{HOST}:{self.ports['database']}"

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.ports['http']}"


def program(name: str, place: Place) -> Program:
    """The service of this name."""
    port = place.ports[f"{name}_health"]
    return Program(
        name, (sys.executable, "-P", "-m", f"services.{name}"), lambda: is_ready(port), lambda: environment(name, place)
    )


def environment(name: str, place: Place) -> dict[str, str]:
    """Everything this service is told. Secrets go to those who need them only."""
    told = {
        "PYTHONPATH": str(ROOT),
        "BRUECKE_HOST": HOST,
        "BRUECKE_KAFKA_SERVERS": place.kafka_servers,
        "BRUECKE_MONGO_URL": place.mongo_url,
        "BRUECKE_SMTP_HOST": HOST,
        "BRUECKE_SMTP_PORT": str(place.ports["mail"]),
        "BRUECKE_HTTP_PORT": str(place.ports["http"]),
        "BRUECKE_PUBLIC_URL": f"http://{HOST}:{place.ports['http']}",
        "BRUECKE_GRPC_PORT": str(place.ports["grpc"]),
        "BRUECKE_HEALTH_PORT": str(place.ports[f"{name}_health"]),
    }
    usual = {**DEFAULTS, "BRUECKE_VOCABULARY": str(place.data / "vocabulary")}
    return {**usual, **keys.environment_without_secrets(), **told, **_secrets(name, place)}


def _secrets(name: str, place: Place) -> dict[str, str]:
    held: dict[str, str] = {}
    if name in HOLDS_MASTER_KEY:
        held[keys.MASTER_KEY] = keys.master_key(place.data)
        held |= keys.previous_master_key(place.data)
    if name == "gateway":
        held[keys.TOKEN_SECRET] = keys.token_secret(place.data)
    return held


def is_ready(port: int) -> bool:
    """Whether the service says that it takes work."""
    return ask(port, "/ready")[0] == 200


def ask(port: int, path: str, seconds: float = 1.0) -> tuple[int, bytes]:
    """Status and body of a GET on the loopback interface; 0 where nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
