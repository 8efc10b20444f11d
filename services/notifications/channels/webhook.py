"""Signed webhooks: a POST over HTTPS to the system of a recipient, without any personal data but ids.

Whoever receives one verifies ``X-Bruecke-Signature: t=<seconds>,v1=<hex>``: v1 is the HMAC-SHA256, with the secret that was
shown once, of ``<seconds>.<body>``. An address is looked up once and connected to as it was checked, so that a name cannot
lead somewhere else in between. A redirect is not followed.
"""

import hmac
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import eventlet
import orjson

from services.foundation.settings import Settings
from services.notifications.address_book import Webhook
from services.notifications.channels import NotTaken

SIGNATURE = "X-Bruecke-Signature"


class Webhooks:
    """Hands messages over to webhooks."""

    def __init__(self, settings: Settings) -> None:
        self._private = settings.webhook_private
        self._seconds = settings.webhook_timeout_seconds
        self._ca_file = settings.webhook_ca_file
        self.longest = 2 * self._seconds

    def hand_over(self, webhook: Webhook, body: bytes, at: int) -> None:
        """Returns when it was answered with 2xx; raises NotTaken. ``at``: seconds since 1970."""
        parts = urlsplit(webhook.url)
        if parts.scheme != "https" or not parts.hostname:
            raise NotTaken("the webhook is no address with https", for_good=True)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": "application/json", SIGNATURE: signature(webhook.secret, body, at), "Connection": "close"}
        try:
            with eventlet.Timeout(self.longest, TimeoutError("the webhook stalls")):
                connection = _Pinned(
                    parts.hostname, parts.port or 443, self._address(parts.hostname), self._seconds, self._context()
                )
                try:
                    connection.request("POST", target, body, headers)
                    status = connection.getresponse().status
                finally:
                    connection.close()
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise NotTaken(type(fault).__name__, uncertain=True) from None
        if not 200 <= status < 300:
            raise NotTaken(f"HTTP {status}", for_good=status == 410)

    def _address(self, host: str) -> str:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
        if not found:
            raise OSError("no address")
        if not self._private and not all(is_public(each) for each in found):
            raise NotTaken("the webhook leads into a private network", for_good=True)
        return found[0]

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._ca_file or None)


class _Pinned(http.client.HTTPSConnection):
    """A connection to this address, whose certificate must be that of the host."""

    def __init__(self, host: str, port: int, address: str, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._address = address
        self._tls = context

    def connect(self) -> None:
        bare = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(bare, server_hostname=self.host)


def is_public(address: str) -> bool:
    """Whether this address belongs to the public internet, also where an IPv6 address stands for an IPv4 one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed.sixtofour or parsed
    return parsed.is_global and not parsed.is_multicast


def signature(secret: str, body: bytes, at: int) -> str:
    return f"t={at},v1={hmac.digest(secret.encode(), f'{at}.'.encode() + body, 'sha256').hex()}"


def body_of(notification: str, queued: Mapping[str, Any]) -> bytes:
    """What is told: which message, about what. Of the parameters, the ids alone."""
    ids = {name: value for name, value in queued["parameters"].items() if name.endswith("_id")}
    fields = {"id": notification, "type": queued["template"], "recipient": queued["recipient"], "cause": queued["cause"]}
    return orjson.dumps(fields | {"about": ids})
