"""Inbox, preferences, staff, bounces and unsubscribing, through a whole installation."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.embedded.installation import Installation
from services.cli.mail import mailbox
from services.foundation.privacy import open_vault
from services.foundation.settings import Settings
from services.notifications.contract import UNSUBSCRIBING, unsubscribing_token
from tests.integration.test_gateway_http import COMPANY, client
from tests.waiting import eventually

pytestmark = pytest.mark.servers

HEAD = {"name": "Hanna Haupt", "email": "hanna@example.org", "role": "head", "language": "de"}


@pytest.fixture(scope="module")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with Installation(tmp_path_factory.mktemp("inbox")) as installation:
        installation.start()
        yield installation


@pytest.fixture
def head(bruecke: Installation) -> Iterator[httpx.Client]:
    with client(bruecke, "head") as opened:
        yield opened


def company(head: httpx.Client, email: str) -> str:
    made = head.post("/v1/companies", json=COMPANY | {"contact_email": email})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def mails_to(bruecke: Installation, email: str) -> list[Any]:
    return [each for each in mailbox(bruecke.place.data) if each["To"] == email]


def test_what_somebody_was_told_is_in_their_inbox_until_they_have_read_it(bruecke: Installation, head: httpx.Client) -> None:
    id = company(head, "a@example.org")
    with client(bruecke, "company", id) as own, client(bruecke, "company", company(head, "b@example.org")) as other:
        eventually(lambda: own.get("/v1/inbox").json()["unread"] == 1, within=30)
        (item,) = own.get("/v1/inbox", headers={"accept-language": "de"}).json()["items"]
        assert (item["template"], item["title"], item["read_at"]) == ("welcome", "Willkommen bei Brücke", None)
        assert other.post(f"/v1/inbox/{item['id']}/read").status_code == 404
        read = own.post(f"/v1/inbox/{item['id']}/read")
        assert read.status_code == 200, read.text
        assert read.json()["read_at"]
        assert own.get("/v1/inbox").json()["unread"] == 0
        assert own.get("/v1/inbox?unread=true").json()["items"] == []


def test_preferences_are_kept_and_the_impossible_names_its_field(bruecke: Installation, head: httpx.Client) -> None:
    id = company(head, "c@example.org")
    with client(bruecke, "company", id) as own:
        night = {"digest": "daily", "quiet_from": "22:00", "quiet_until": "07:00", "time_zone": "Asia/Tehran"}
        assert own.put(f"/v1/preferences/{id}", json=night).status_code == 200
        assert own.get(f"/v1/preferences/{id}").json() | night == own.get(f"/v1/preferences/{id}").json()
        wrong = own.put(f"/v1/preferences/{id}", json={"time_zone": "Mars"}, headers={"accept-language": "de"})
        assert (wrong.status_code, wrong.json()["field"], wrong.json()["title"]) == (
            422,
            "time_zone",
            "Diese Zeitzone gibt es nicht",
        )
        for url in ("http://example.org", "https://", "https://u:p@example.org/", "ftp://x", "https://a b/"):
            assert own.put(f"/v1/preferences/{id}/webhook", json={"url": url}).status_code == 422
        key = {"idempotency-key": str(uuid4())}
        hook, again = (
            own.put(f"/v1/preferences/{id}/webhook", json={"url": "https://example.org/in"}, headers=key) for _ in range(2)
        )
        assert len(hook.json()["secret"]) >= 40, hook.text
        assert again.json() == hook.json()
        assert own.get(f"/v1/preferences/{id}").json()["webhook"] is True
        assert own.delete(f"/v1/preferences/{id}/webhook").json()["webhook"] is False
        assert own.get(f"/v1/preferences/{company(head, 'd@example.org')}").status_code == 403


def test_staff_are_in_the_directory_until_they_leave(bruecke: Installation, head: httpx.Client) -> None:
    made = head.put("/v1/staff/me", json=HEAD)
    assert made.status_code == 200, made.text
    assert made.json()["name"] == "Hanna Haupt"
    assert head.put("/v1/staff/me", json=HEAD).json()["version"] == made.json()["version"]
    for email in ("a\r\n@example.org", "a@example.org\nBcc: b@example.org", "a\x00@example.org"):
        refused = head.put("/v1/staff/me", json=HEAD | {"email": email})
        assert (refused.status_code, refused.json()["field"]) == (422, "email")
    with client(bruecke, "coordinator") as coordinator:
        assert coordinator.put("/v1/staff/somebody", json=HEAD).status_code == 403
        assert coordinator.put("/v1/staff/me", json=HEAD).status_code == 403
    assert head.delete("/v1/staff/me").json()["removed"] is True
    assert head.get("/v1/staff/me").status_code == 404


def test_one_click_ends_the_mails_and_a_forged_link_does_not(bruecke: Installation, head: httpx.Client) -> None:
    id = company(head, "e@example.org")
    anybody = httpx.Client(base_url=bruecke.address, headers={"accept-language": "de"})
    forged = anybody.get("/v1/unsubscriptions/Y29tcGFueQ.x")
    assert (forged.status_code, "nicht gültig" in forged.text) == (403, True)
    assert anybody.post("/v1/unsubscriptions/Y29tcGFueQ.x").status_code == 403
    eventually(lambda: mails_to(bruecke, "e@example.org"), within=30)
    (welcome,) = mails_to(bruecke, "e@example.org")
    assert welcome["List-Unsubscribe"] is None  # the law demands it
    link = f"/v1/unsubscriptions/{token(bruecke, id)}"
    assert "Keine E-Mails mehr" in anybody.get(link).text
    assert head.get(f"/v1/preferences/{id}").json()["email"] is True
    done = anybody.post(link, data={"List-Unsubscribe": "One-Click"})
    assert (done.status_code, "keine E-Mails mehr von uns" in done.text) == (200, True)
    assert head.get(f"/v1/preferences/{id}").json()["email"] is False


def token(bruecke: Installation, id: str) -> str:
    """As it stands in the mails to this recipient."""
    told = bruecke.environment("notifications")
    names = {"mongo_url", "mongo_prefix", "master_key"}
    settings = Settings(**{name: told[f"BRUECKE_{name.upper()}"] for name in names if f"BRUECKE_{name.upper()}" in told})
    return unsubscribing_token(open_vault(settings).secret(UNSUBSCRIBING), id)


def test_a_report_of_a_dead_address_is_understood_and_tells_the_heads(bruecke: Installation, head: httpx.Client) -> None:
    id = company(head, "f@example.org")
    eventually(lambda: mails_to(bruecke, "f@example.org"), within=30)
    (mail,) = mails_to(bruecke, "f@example.org")
    eventually(lambda: head.get(f"/v1/preferences/{id}").status_code == 200, within=10)
    nothing = head.post("/v1/bounces", json={"report": "hello"})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "no-bounce")
    told = head.post("/v1/bounces", json={"report": report(mail["Message-ID"])})
    assert told.status_code == 200, told.text
    assert head.get(f"/v1/preferences/{id}").json()["bounced"] is True
    eventually(lambda: "address_bounced" in [each["template"] for each in head.get("/v1/inbox").json()["items"]], within=30)
    sent = re.sub(r"[<>]|@.*", "", mail["Message-ID"])
    again = head.post(f"/v1/mails/{sent}/resending")
    assert (again.status_code, again.json()["code"]) == (409, "notification-not-failed")
    assert head.delete(f"/v1/bounces/{id}").json()["bounced"] is False


def report(message_id: str) -> str:
    return "\r\n".join(
        (
            "From: mailer-daemon@example.org",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            *("", "--b", "Content-Type: text/plain", "", "No such user.", "--b", "Content-Type: message/delivery-status", ""),
            *("Reporting-MTA: dns; mx.example.org", "", "Final-Recipient: rfc822; f@example.org"),
            *("Action: failed", "Status: 5.1.1", "", "--b", "Content-Type: message/rfc822", ""),
            *(f"Message-ID: {message_id}", "Subject: x", "", "y", "--b--", ""),
        )
    )
