"""What a webhook is told, how it is signed, and where it may not lead."""

import hmac
import json

import pytest

from services.notifications.channels.webhook import body_of, is_public, signature


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "ff02::1"),
    ],
)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


def test_the_signature_is_over_time_and_body() -> None:
    expected = hmac.new(b"secret", b'17.{"a":1}', "sha256").hexdigest()
    assert signature("secret", b'{"a":1}', 17) == f"t=17,v1={expected}"


def test_nothing_but_ids_is_told() -> None:
    parameters = {"contact_id": "contact-1", "place": "Kitchen", "title": "Export"}
    queued = {"parameters": parameters, "template": "meeting_moved", "recipient": "company-1", "cause": "event-1"}
    assert json.loads(body_of("notification-1", queued)) == {
        "id": "notification-1",
        "type": "meeting_moved",
        "recipient": "company-1",
        "cause": "event-1",
        "about": {"contact_id": "contact-1"},
    }
