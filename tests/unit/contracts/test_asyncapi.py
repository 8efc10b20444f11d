"""The AsyncAPI document says what the code says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.asyncapi.__main__ import DOCUMENT, main
from deploy.asyncapi.traffic import ROUTES, SERVICES, messages_of
from services.foundation.messages import Command, Event, Message, registered_types

STANDS = json.loads(DOCUMENT.read_text(encoding="utf-8"))


def refs(part: Any) -> Iterator[str]:
    """Every reference in this part of the document."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from refs(each)


def at(ref: str) -> Any:
    """What a reference leads to; raises KeyError where it leads nowhere."""
    place = STANDS
    for step in ref.removeprefix("#/").split("/"):
        place = place[step]
    return place


def test_the_document_is_up_to_date() -> None:
    assert main(["--check"]) == 0, "make it anew with: python -m deploy.asyncapi"


@pytest.mark.parametrize("text", ["", DOCUMENT.read_text(encoding="utf-8").replace("ContactArranged", "ContactHeld")])
def test_a_document_that_says_otherwise_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    changed = tmp_path / "asyncapi.json"
    changed.write_text(text, encoding="utf-8")
    assert main(["--check", "--file", str(changed)]) == 1
    assert capsys.readouterr().err == "bruecke: asyncapi.json is out of date; make it anew with: python -m deploy.asyncapi\n"
    assert changed.read_text(encoding="utf-8") == text


def test_a_document_that_is_missing_is_found_and_made(tmp_path: Path) -> None:
    new = ["--file", str(tmp_path / "asyncapi.json")]
    assert (main(["--check", *new]), main(new), main(["--check", *new])) == (1, 0, 0)


@pytest.mark.parametrize(("kind", "topics"), [(Command, ("commands",)), (Event, ("events", "rankings"))])
def test_every_command_and_event_is_on_a_topic_of_its_service(kind: type[Message], topics: tuple[str, ...]) -> None:
    known = {name: each for name, each in registered_types().items() if each.__module__.startswith("services.")}
    wanted = {name for name, each in known.items() if issubclass(each, kind)}
    found = [
        name
        for service in SERVICES
        for topic in topics
        for name in STANDS["channels"].get(f"{service}.{topic}", {}).get("messages", ())
        if name.startswith(f"{service}.")
    ]
    assert sorted(found) == sorted(wanted)


def test_every_reference_leads_somewhere() -> None:
    assert all(at(ref) for ref in refs(STANDS))


def test_an_operation_speaks_of_messages_of_its_own_channel() -> None:
    for operation in STANDS["operations"].values():
        assert all(ref.startswith(f"{operation['channel']['$ref']}/messages/") for ref in refs(operation.get("messages")))


def test_every_command_of_a_contract_has_a_route() -> None:
    for service, routes in ROUTES.items():
        assert set(messages_of(service.name, Command)) == set(routes)


def test_who_decides_on_a_command_does_not_count_as_its_sender() -> None:
    sent = STANDS["operations"]["matching.send.matching.commands"]["messages"]
    names = {ref.rpartition("/")[2].split(".")[1] for ref in refs(sent)}
    assert names >= {"CloseContact", "LetContactRest", "RemindOfStep", "ReportOverdue"}
    assert names >= {"LapseDates", "ProposeDates", "PlanNextStep"}
    assert names >= {"CancelRegistration", "CloseNotice", "NoteSignOfLife", "ProposeContact", "RecordTrial"}
    assert names.isdisjoint({"ScheduleMeeting", "ChooseDate", "MoveMeeting", "AcceptContact", "ReopenContact", "PostNotice"})


def test_what_matching_follows_is_what_its_entrypoint_says() -> None:
    received = {name.partition(".receive.")[2] for name in STANDS["operations"] if name.startswith("matching.receive.")}
    assert received == {"matching.commands", "matching.events", "profiles.events"}
