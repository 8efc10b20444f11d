"""After an upgrade: what was told before there was a row for it in the table is not told again when the events come again."""

from collections.abc import Iterable, Iterator
from typing import Any

from services.foundation.consumer import Batch
from services.foundation.messages import Command, Envelope, Event, Recorded
from services.foundation.process_manager import ProcessManager
from services.foundation.reaction import React
from services.matching.contract import ContactAccepted, ContactArranged, ContactProposed, CooperationAgreed
from services.matching.service import Matching
from services.notifications.contract import QueueNotification
from services.notifications.examples import ExampleLookups
from services.notifications.process_managers import notify
from services.notifications.service import Notifications
from tests.lamps import envelope

CONTACT = "contact-3f0e1c86-6b0e-5ad1-9a3e-6a3d6c6a7f01"
PERSON = "person-3f0e1c86-6b0e-4ad1-9a3e-6a3d6c6a7f02"
COMPANY = "company-3f0e1c86-6b0e-4ad1-9a3e-6a3d6c6a7f03"


class Followed:
    """Stands for the collection in which a process manager remembers what it has seen."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}

    def find(self, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        return ({"_id": id, "version": self.versions[id]} for id in query["_id"]["$in"] if id in self.versions)

    def bulk_write(self, writes: Iterable[Any], ordered: bool) -> None:
        for each in writes:
            id, version = each._filter["_id"], each._doc["$max"]["version"]
            self.versions[id] = max(version, self.versions.get(id, 0))


class Sent:
    """Stands where the commands go to, and keeps them."""

    def __init__(self) -> None:
        self.commands: list[Command] = []

    def send_all(self, commands: Iterable[tuple[Envelope, Command]]) -> None:
        self.commands += [command for _, command in commands]


class Sides(ExampleLookups):
    def sides(self, contact: str) -> tuple[str, str]:
        return PERSON, COMPANY


def notices(followed: Followed, sent: Sent, *reactions: React) -> ProcessManager:
    return ProcessManager("notices", "notifications", reactions, {"followed": followed}, sent)  # type: ignore[arg-type]


def happened(version: int, event: Event) -> Recorded:
    return Recorded(event, envelope(CONTACT, version=version))


TOLD_LONG_AGO = (
    happened(1, ContactProposed(person_id=PERSON, company_id=COMPANY, need_id="n", coordinator="k")),
    happened(2, ContactAccepted(side="person")),
    happened(3, ContactAccepted(side="company")),
    happened(4, ContactArranged()),
)


def test_events_that_come_again_after_new_rows_were_added_queue_nothing() -> None:
    followed, sent = Followed(), Sent()
    before = notices(followed, sent)
    before.handle(Batch(TOLD_LONG_AGO))
    upgraded = notices(followed, sent, notify(Sides()))
    upgraded.handle(Batch(fresh=frozenset({0})))
    for each in TOLD_LONG_AGO:
        upgraded.handle(Batch((each,)))
    upgraded.handle(Batch(TOLD_LONG_AGO))
    assert sent.commands == []


def test_what_happens_after_the_upgrade_is_told() -> None:
    followed, sent = Followed(), Sent()
    notices(followed, sent).handle(Batch(TOLD_LONG_AGO))
    agreed = happened(5, CooperationAgreed())
    notices(followed, sent, notify(Sides())).handle(Batch((*TOLD_LONG_AGO, agreed)))
    told = [each for each in sent.commands if isinstance(each, QueueNotification)]
    assert {each.cause for each in told} == {agreed.envelope.id}
    assert {PERSON, COMPANY} <= {each.recipient for each in told}


def test_without_that_memory_they_would_be_told() -> None:
    sent = Sent()
    notices(Followed(), sent, notify(Sides())).handle(Batch(TOLD_LONG_AGO))
    assert sent.commands


def test_what_was_followed_is_remembered_under_names_that_stay() -> None:
    """The names are those of the first release; under another one every old event would be followed from the beginning."""
    assert (Matching.processes.name, Notifications.notices.name) == ("withdrawal", "notices")
