"""Ports on the loopback interface: finding free ones, and saying plainly which one is taken."""

import errno
import random
import socket
from collections.abc import Iterator

from deploy.embedded.problems import Problem

HOST = "127.0.0.1"

CHOSEN_FROM = range(20_000, 32_000)
"""Below the ports that systems give to outgoing connections, so that a port stays free while its owner restarts."""


class PortTaken(Problem):
    """The port that was asked for cannot be had; the message names it and the option that changes it."""


def require_free(port: int, option: str) -> None:
    """Raises PortTaken where another process listens on this port, or where this user may not."""
    fault = _fault(port)
    if fault == errno.EADDRINUSE:
        raise PortTaken(f"port {port} is taken by another process; choose another with {option}")
    if fault:
        raise PortTaken(f"port {port} may not be used here; choose another with {option}")


def free_ports() -> Iterator[int]:
    """Ports that nobody listens on, each of them once, in no order."""
    for port in random.sample(CHOSEN_FROM, len(CHOSEN_FROM)):
        if not _fault(port):
            yield port
    raise PortTaken("no free port was found")


def _fault(port: int) -> int:
    """Why binding fails, as an errno; 0 where it works."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as fault:
            return fault.errno or errno.EINVAL
    return 0
