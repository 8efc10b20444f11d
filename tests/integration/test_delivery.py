"""Mails and webhooks over real servers: TLS, passwords, servers that stall or reject, repeats, digests, dead addresses."""

import asyncio
import base64
import hmac
import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from services.foundation.command_sender import SendingFailed
from services.foundation.database import open_database
from services.foundation.messages import Command, Envelope
from services.foundation.privacy import open_vault
from services.foundation.settings import Settings
from services.notifications.address_book import AddressBook, PreferencesView, Recipients
from services.notifications.claims import RECORD_AGAIN
from services.notifications.contract import (
    AddressBounced,
    PreferencesChanged,
    QueueNotification,
    RecordBounce,
    RecordFailed,
    RecordSent,
    WebhookSet,
    notification_stream,
    preferences_stream,
)
from services.notifications.delivering import Outbox
from services.notifications.late import MOST_TRIES, Latecomers
from services.profiles.contract import CompanyDetails, ProfileCreated
from tests.integration.test_merged_recipients import keep

pytestmark = pytest.mark.servers

HOST = "127.0.0.1"
LONG_AGO = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Server:
    """A mail server that keeps what it takes; ``answers`` are given to RCPT before it takes anything."""

    def __init__(self, *answers: str, stalls: bool = False) -> None:
        self.mails: list[Any] = []
        self._answers = list(answers)
        self._stalls = stalls

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self._answers:
            return self._answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self._stalls:
            await asyncio.sleep(3)
        return "250 kept"


@contextmanager
def listening(handler: Server, **options: Any) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname=HOST, port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class Recorded:
    """What the outbox wanted to have recorded."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.ids: list[str] = []

    def send_all(self, commands: Iterable[tuple[Envelope, Command]]) -> None:
        for envelope, command in commands:
            self.commands.append(command)
            self.ids.append(envelope.id)


class House:
    """A database with a company in its address book and an outbox to deliver."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings.model_copy(update={"master_key": SecretStr(base64.b64encode(b"k" * 32).decode())})
        self.database = open_database(self.settings, "notifications")
        self.vault = open_vault(self.settings)
        self.company = f"company-{uuid4()}"
        self.vault.create(self.company)
        self.live_at("j@example.org")
        self.recorded = Recorded()

    def live_at(self, email: str) -> None:
        sealed = self.vault.seal(self.company, "contact_email", email)
        name = self.vault.seal(self.company, "contact_name", "Jürgen")
        details = CompanyDetails(name="Bau", sector="construction", contact_name=name, contact_email=sealed)
        keep(self.database, Recipients(), self.company, [ProfileCreated(kind="company", details=details)])

    def prefer(self, *events: Any) -> None:
        keep(self.database, PreferencesView(), preferences_stream(self.company), events)

    def queue(self, template: str = "contact_arranged", **fields: Any) -> str:
        cause = str(uuid4())
        id = notification_stream(cause, self.company)
        document = {"_id": id, "version": 1, "recipient": self.company, "cause": cause, "template": template}
        document |= {"parameters": {"contact_id": f"contact-{uuid4()}"}, "urgency": "at_once", "queued_at": LONG_AGO}
        document |= {"state": "queued", "webhook": "none", "round": 1, "correlation_id": "c"}
        self.database["outbox"].insert_one(document | fields)
        return id

    def outbox(self, **told: Any) -> Outbox:
        settings = self.settings.model_copy(update={"smtp_host": HOST, "smtp_timeout_seconds": 0.5, **told})
        book = AddressBook(self.database, self.vault)
        return Outbox(self.database, book, self.recorded, settings)  # type: ignore[arg-type]

    def make_due(self) -> None:
        """As if time had passed."""
        self.database["deliveries"].update_many({}, {"$set": {"not_before": LONG_AGO}})


@pytest.fixture
def house(settings: Settings) -> House:
    return House(settings)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this host that signs itself, and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST)), x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoding = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(*encoding))
    return chain, secret


def served(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_a_mail_goes_out_once_with_a_link_for_unsubscribing(house: House) -> None:
    id, server = house.queue(), Server()
    with listening(server) as port:
        outbox = house.outbox(smtp_port=port, public_url="https://bruecke.example")
        outbox.deliver_mails()
        house.make_due()
        outbox.deliver_mails()
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{id}@localhost>"]
    assert server.mails[0]["List-Unsubscribe"].startswith("<https://bruecke.example/v1/unsubscriptions/")
    assert server.mails[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert {type(each) for each in house.recorded.commands} == {RecordSent}
    assert len(set(house.recorded.ids)) == 1


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_mail_goes_out_over_tls_with_a_password(house: House, certificate: tuple[Path, Path], tls: str) -> None:
    house.queue()
    server, seen = Server(), []

    def authenticate(_: Any, __: Any, ___: Any, ____: str, data: Any) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"right")

    context = served(certificate)
    options: dict[str, Any] = {"authenticator": authenticate, "auth_required": True}
    how = {"ssl_context": context, "auth_require_tls": False} if tls == "implicit" else {"tls_context": context}
    with listening(server, **options, **how) as port:
        told = {"smtp_port": port, "smtp_tls": tls, "smtp_user": "u", "smtp_ca_file": str(certificate[0])}
        house.outbox(**told, smtp_password=SecretStr("wrong")).deliver_mails()
        assert server.mails == []
        assert house.recorded.commands == []
        house.make_due()
        house.outbox(**told | {"smtp_ca_file": ""}, smtp_password=SecretStr("right")).deliver_mails()
        assert server.mails == []
        house.make_due()
        house.outbox(**told, smtp_password=SecretStr("right")).deliver_mails()
    assert len(server.mails) == 1
    assert seen == [(b"u", b"wrong"), (b"u", b"right")]


def test_a_server_that_stalls_leads_to_a_marked_repeat_and_is_given_up_in_the_end(house: House) -> None:
    id, server = house.queue(), Server(stalls=True)
    with listening(server) as port:
        outbox = house.outbox(smtp_port=port, delivery_tries=2)
        outbox.deliver_mails()
        assert house.recorded.commands == []
        house.make_due()
        outbox.deliver_mails()
    assert [mail["Message-ID"] for mail in server.mails] == [f"<{id}@localhost>"] * 2
    assert [mail["X-Bruecke-Repeat"] for mail in server.mails] == [None, "yes"]
    (failed,) = house.recorded.commands
    assert isinstance(failed, RecordFailed)
    assert failed.given_up
    assert not failed.bounced


def test_a_passing_rejection_is_tried_again_without_being_marked(house: House) -> None:
    house.queue()
    server = Server("450 greylisted")
    with listening(server) as port:
        outbox = house.outbox(smtp_port=port)
        outbox.deliver_mails()
        house.make_due()
        outbox.deliver_mails()
    assert [mail["X-Bruecke-Repeat"] for mail in server.mails] == [None]
    assert [type(each) for each in house.recorded.commands] == [RecordSent]


@pytest.mark.parametrize(("answer", "bounces"), [("550 5.1.1 no such user", True), ("550 5.7.1 not from you", False)])
def test_a_mailbox_that_does_not_exist_bounces_and_a_policy_does_not(house: House, answer: str, bounces: bool) -> None:
    house.queue()
    with listening(Server(answer)) as port:
        house.outbox(smtp_port=port).deliver_mails()
    kinds = [type(each) for each in house.recorded.commands]
    assert kinds == ([RecordBounce, RecordFailed] if bounces else [RecordFailed])
    assert house.recorded.commands[-1].given_up  # type: ignore[attr-defined]


def test_a_dead_address_is_not_written_to_until_another_is_stated(house: House) -> None:
    dead = house.vault.fingerprint(house.company, "j@example.org")
    house.prefer(AddressBounced(recipient=house.company, address=dead, reason="550"))
    house.queue()
    server = Server()
    with listening(server) as port:
        house.outbox(smtp_port=port).deliver_mails()
        assert server.mails == []
        assert [type(each) for each in house.recorded.commands] == [RecordFailed]
        house.live_at("new@example.org")
        house.queue()
        house.make_due()
        house.outbox(smtp_port=port).deliver_mails()
    assert [mail["To"] for mail in server.mails if mail] == ["new@example.org"] * len(server.mails)
    assert server.mails


def test_what_is_known_to_be_sent_is_only_recorded_again(house: House) -> None:
    id, server = house.queue(), Server()
    house.database["deliveries"].insert_one({"_id": id, "attempt": 1, "not_before": LONG_AGO, "open": True, "sent": "de"})
    with listening(server) as port:
        house.outbox(smtp_port=port).deliver_mails()
    assert server.mails == []
    assert [type(each) for each in house.recorded.commands] == [RecordSent]


def test_what_was_sent_while_the_broker_was_away_is_recorded_soon(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise SendingFailed("away")

    id, server = house.queue(), Server()
    with listening(server) as port:
        outbox = house.outbox(smtp_port=port)
        monkeypatch.setattr(house.recorded, "send_all", away)
        with pytest.raises(SendingFailed):
            outbox.deliver_mails()
        known = house.database["deliveries"].find_one({"_id": id})
    assert known is not None
    assert known["sent"] == "de"
    assert known["not_before"].replace(tzinfo=UTC) <= datetime.now(UTC) + RECORD_AGAIN


def test_what_may_wait_comes_in_one_digest_and_the_urgent_passes(house: House) -> None:
    house.prefer(PreferencesChanged(recipient=house.company, email=True, digest="daily"))
    waiting = [house.queue("contact_closed", urgency="may_wait") for _ in range(3)]
    fresh = house.queue("contact_closed", urgency="may_wait", queued_at=datetime.now(UTC))
    urgent, server = house.queue(), Server()
    with listening(server) as port:
        house.outbox(smtp_port=port).deliver_mails()
        assert [mail["Message-ID"] for mail in server.mails] == [f"<{urgent}@localhost>"]
        queued = [each for each in house.recorded.commands if isinstance(each, QueueNotification)]
        assert {each.template for each in queued} == {"digest"}
        assert len({each.cause for each in queued}) == 1
        members = queued[0].parameters["members"].split()
        assert set(waiting) <= set(members) <= {*waiting, fresh}
        house.database["outbox"].delete_many({})
        for id in members:
            house.queue("contact_closed", _id=id, state="collected")
        house.queue("digest", parameters=queued[0].parameters, cause=queued[0].cause)
        house.outbox(smtp_port=port).deliver_mails()
    assert len(server.mails) == 2
    text = server.mails[1].get_body(("plain",)).get_content()
    assert text.count("\n- ") >= len(members)


def test_what_is_held_back_keeps_nothing_behind_it(house: House) -> None:
    house.prefer(PreferencesChanged(recipient=house.company, email=True, digest="weekly"))
    for _ in range(260):
        house.queue("contact_closed", urgency="may_wait", queued_at=datetime.now(UTC))
    house.queue()
    server = Server()
    with listening(server) as port:
        outbox = house.outbox(smtp_port=port)
        for _ in range(7):
            outbox.deliver_mails()
    assert len(server.mails) == 1


def test_mails_go_out_in_the_order_in_which_their_causes_happened(house: House) -> None:
    minutes = [7, 3, 9, 1, 8, 2, 6, 0, 5, 4]
    ids = {minute: house.queue(queued_at=LONG_AGO + timedelta(minutes=minute)) for minute in minutes}
    server = Server()
    with listening(server) as port:
        house.outbox(smtp_port=port).deliver_mails()
    ours = [mail["Message-ID"] for mail in server.mails if mail["Message-ID"][1:].partition("@")[0] in ids.values()]
    assert ours == [f"<{ids[minute]}@localhost>" for minute in sorted(minutes)]


def test_how_often_a_mail_was_tried_is_forgotten_once_its_outcome_is_long_recorded(house: House) -> None:
    sent, webhook = house.queue(state="sent"), house.queue(state="sent", webhook="queued")
    queued, again = house.queue(), house.queue(round=5)
    fresh = house.queue(state="sent")
    keys = [sent, f"{sent}/webhook", webhook, f"{webhook}/webhook", queued, again, f"{again}/5"]
    house.database["deliveries"].insert_many({"_id": each, "attempt": 1, "not_before": LONG_AGO} for each in keys)
    house.database["deliveries"].insert_one({"_id": fresh, "attempt": 1, "not_before": datetime.now(UTC)})
    house.outbox().forget_claims()
    kept = {each["_id"] for each in house.database["deliveries"].find({"_id": {"$in": [*keys, fresh]}})}
    assert kept == {f"{webhook}/webhook", queued, f"{again}/5", fresh}


def test_only_what_came_before_its_beginning_is_tried_again_by_itself_and_not_for_ever(house: House) -> None:
    letters, known = house.database["dead_letters"], {"replay": False, "key": str(uuid4())}
    early, bug = {"error": "PartiesUnknown: x has no known sides"}, {"error": "KeyError: PartiesUnknown: x"}
    letters.insert_many(
        {"_id": f"{known['key']}/{number}", **known, **each, "tries": tries}
        for number, (each, tries) in enumerate([(early, 1), (early, MOST_TRIES), (bug, 1)])
    )
    Latecomers(house.database).try_again()
    found = letters.find({"key": known["key"]}).sort("_id", 1)
    assert [each["replay"] for each in found] == [True, False, False]
    letters.delete_many({"key": known["key"]})


@contextmanager
def receiving(certificate: tuple[Path, Path], status: int, got: list[tuple[Any, bytes]]) -> Iterator[int]:
    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.headers, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            self.send_header("location", "https://localhost/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is logged in a test."""

    with http.server.ThreadingHTTPServer((HOST, 0), Receiver) as server:
        server.socket = served(certificate).wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


def hook(house: House, port: int) -> Callable[..., Outbox]:
    sealed = {
        "url": house.vault.seal(house.company, "webhook_url", f"https://localhost:{port}/in?x=1"),
        "secret": house.vault.seal(house.company, "webhook_secret", "shown once"),
    }
    house.prefer(WebhookSet(recipient=house.company, **sealed))
    house.queue(state="none", webhook="queued")
    return house.outbox


def test_a_webhook_is_told_over_tls_and_signed(house: House, certificate: tuple[Path, Path]) -> None:
    got: list[tuple[Any, bytes]] = []
    with receiving(certificate, 204, got) as port:
        hook(house, port)(webhook_private=True, webhook_ca_file=str(certificate[0])).tell_webhooks()
    ((headers, body),) = got
    stamp, _, signed = headers["X-Bruecke-Signature"].partition(",v1=")
    assert hmac.new(b"shown once", stamp[2:].encode() + b"." + body, "sha256").hexdigest() == signed
    assert b"example.org" not in body
    assert "Jürgen".encode() not in body
    assert [(type(each), each.channel) for each in house.recorded.commands] == [(RecordSent, "webhook")]  # type: ignore[attr-defined]


def test_a_webhook_follows_no_redirect_and_is_tried_again(house: House, certificate: tuple[Path, Path]) -> None:
    got: list[tuple[Any, bytes]] = []
    with receiving(certificate, 307, got) as port:
        hook(house, port)(webhook_private=True, webhook_ca_file=str(certificate[0])).tell_webhooks()
    assert len(got) == 1
    assert house.recorded.commands == []


def test_a_webhook_whose_address_cannot_be_read_keeps_no_other_behind_it(house: House, certificate: tuple[Path, Path]) -> None:
    got: list[tuple[Any, bytes]] = []
    with receiving(certificate, 204, got) as port:
        broken = House(house.settings)
        hook(broken, port)
        url = broken.vault.seal(broken.company, "webhook_url", "https://[::1/in")
        secret = broken.vault.seal(broken.company, "webhook_secret", "shown once")
        broken.prefer(WebhookSet(recipient=broken.company, url=url, secret=secret))
        hook(house, port)
        house.database["outbox"].update_many({"recipient": broken.company}, {"$set": {"queued_at": LONG_AGO - timedelta(1)}})
        house.outbox(webhook_private=True, webhook_ca_file=str(certificate[0])).tell_webhooks()
    assert len(got) == 1


def test_a_webhook_leads_into_no_private_network(house: House, certificate: tuple[Path, Path]) -> None:
    got: list[tuple[Any, bytes]] = []
    with receiving(certificate, 204, got) as port:
        hook(house, port)(webhook_ca_file=str(certificate[0])).tell_webhooks()
    (failed,) = house.recorded.commands
    assert got == []
    assert isinstance(failed, RecordFailed)
    assert failed.given_up
