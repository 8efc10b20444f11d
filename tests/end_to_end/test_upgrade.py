"""An installation that has run before gets views that it did not have: they hold what they would have held from the beginning,
and nobody is told anything twice. The broker has kept its log and the offsets meanwhile, as Apache Kafka does, or lost both."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from typer.testing import CliRunner

from deploy.embedded.installation import Installation
from services.cli.__main__ import app
from services.cli.views import SERVICES
from tests.integration.test_gateway_http import client, created
from tests.integration.test_words import arranged_contact
from tests.waiting import eventually

pytestmark = pytest.mark.servers

NEW: Mapping[str, Sequence[str]] = {
    "matching": ("busy", "members", "places", "notice_board", "ranking_weights", "weight_trials"),
    "notifications": ("contacts_looked_after", "workshops_known", "notices_known", "searchers_known"),
    "gateway": ("members", "threads", "messages", "reported_messages"),
}
OLD: Mapping[str, Sequence[str]] = {
    "matching": ("people", "companies", "agenda"),
    "notifications": ("recipients", "preferences", "contact_sides", "outbox"),
    "gateway": ("contacts", "mails", "inbox"),
}
MESSAGE = {"body": "Wann passt es Ihnen?", "language": "de"}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Installation]:
    with Installation(tmp_path) as installation:
        installation.start()
        yield installation


def kept(own: Installation, views: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Any]]:
    with MongoClient[dict[str, Any]](own.mongo_url) as databases:
        return {
            f"{service}.{name}": {each["_id"]: each for each in databases[f"bruecke_{service}"][name].find({})}
            for service, names in views.items()
            for name in names
        }


def as_if_they_were_new(own: Installation) -> None:
    with MongoClient[dict[str, Any]](own.mongo_url) as databases:
        for service, names in NEW.items():
            for name in (*names, "views_made"):
                databases[f"bruecke_{service}"][name].drop()


def dead_letters(own: Installation) -> int:
    with MongoClient[dict[str, Any]](own.mongo_url) as databases:
        return sum(databases[f"bruecke_{service}"]["dead_letters"].count_documents({}) for service in SERVICES)


def a_history(own: Installation, staff: httpx.Client) -> str:
    """The path of a contact with a message; returns when all mails are out and every view has seen it."""
    path = arranged_contact(own, staff)
    created(staff.post(f"{path}/messages", json=MESSAGE))
    eventually(lambda: settled(own))
    return path


def settled(own: Installation) -> bool:
    views = kept(own, {"notifications": ("outbox", "contact_sides"), "gateway": ("contacts", "mails")})
    outbox, sides = views["notifications.outbox"], views["notifications.contact_sides"]
    contacts, mails = views["gateway.contacts"], views["gateway.mails"]
    return (
        any(each["template"] == "message_posted" for each in outbox.values())
        and all(each["state"] != "queued" for each in outbox.values())
        and {id: each["version"] for id, each in outbox.items()} == {id: each["version"] for id, each in mails.items()}
        and {id: each["version"] for id, each in sides.items()} == {id: each["version"] for id, each in contacts.items()}
    )


def mailbox(own: Installation) -> set[str]:
    return {each.name for each in (own.data / "mailbox").rglob("*.eml")}


def test_new_views_hold_what_they_would_have_held_from_the_beginning(own: Installation) -> None:
    with client(own, "coordinator") as staff:
        path = a_history(own, staff)
        before, old, mails = kept(own, NEW), kept(own, OLD), mailbox(own)
        assert before["matching.members"]
        assert before["notifications.contacts_looked_after"]
        as_if_they_were_new(own)
        for service in SERVICES:
            own.kill(service)
        own.wait_until_ready()
        assert (kept(own, NEW), kept(own, OLD)) == (before, old)
        created(staff.post(f"{path}/messages", json=MESSAGE))
        eventually(lambda: settled(own))
        assert mailbox(own) >= mails
        assert kept(own, OLD)["notifications.outbox"].keys() >= old["notifications.outbox"].keys()
        assert told_besides_messages(own) == {id for id, each in old["notifications.outbox"].items() if not by_message(each)}
        assert dead_letters(own) == 0


def test_they_do_so_where_the_broker_has_forgotten_everything(own: Installation) -> None:
    with client(own, "coordinator") as staff:
        a_history(own, staff)
        before, mails = (kept(own, NEW), kept(own, OLD)), mailbox(own)
        as_if_they_were_new(own)
    own.stop()
    with Installation(own.data) as again:
        again.start()
        eventually(lambda: (kept(again, NEW), kept(again, OLD)) == before)
        assert mailbox(again) == mails
        assert dead_letters(again) == 0


def test_the_views_of_all_services_are_made_anew_when_that_is_ordered(own: Installation) -> None:
    with client(own, "coordinator") as staff:
        path = a_history(own, staff)
        before, mails = (kept(own, NEW), kept(own, OLD)), mailbox(own)
        pids = own.pids
        ordered = CliRunner().invoke(app, ["views", "rebuild", "--data", str(own.data)])
        assert ordered.exit_code == 0, ordered.output
        eventually(lambda: all(own.pids.get(service, pids[service]) != pids[service] for service in SERVICES))
        own.wait_until_ready()
        assert (kept(own, NEW), kept(own, OLD)) == before
        created(staff.post(f"{path}/messages", json=MESSAGE))
        eventually(lambda: settled(own))
        assert mailbox(own) >= mails
        assert dead_letters(own) == 0
    for service in SERVICES:
        assert "rebuild.done" in (own.data / "logs" / f"{service}.log").read_text()


def by_message(notification: Mapping[str, Any]) -> bool:
    return bool(notification["template"] == "message_posted")


def told_besides_messages(own: Installation) -> set[str]:
    outbox = kept(own, {"notifications": ("outbox",)})["notifications.outbox"]
    return {id for id, each in outbox.items() if not by_message(each)}
