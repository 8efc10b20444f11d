"""What the documents say is there: settings, metrics, commands, links, decisions."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from typer.main import get_command

from services.cli.__main__ import app
from services.cli.options import ROOT
from services.foundation import metrics
from services.foundation.settings import Settings
from services.gateway.http import trail
from services.gateway.partner import guard
from services.notifications import templates
from tests.unit.docs.documents import DECISIONS, HANDBOOK, README, anchors, command_lines, documents, links, rows

COMMANDS: Any = get_command(app)
BESIDE_SETTINGS = {
    "BRUECKE_SECRETS_DIR": ROOT / "services/foundation/settings.py",
    "BRUECKE_PYTHON": ROOT / "bruecke",
    "BRUECKE_DATA": ROOT / "services/cli/options.py",
    "BRUECKE_TOKEN": ROOT / "services/cli/imports.py",
}
"""Names that are read in other places, with the place."""


def settings() -> dict[str, str]:
    """Every setting with its default as it is written in the handbook."""
    return {f"BRUECKE_{name.upper()}": _written(field.default) for name, field in Settings.model_fields.items()}


def _written(default: object) -> str:
    text = default.get_secret_value() if isinstance(default, SecretStr) else str(default)
    return f"`{text}`" if text else "none"


def test_the_handbook_tells_every_setting_with_its_default() -> None:
    told = {cells[0].strip("`"): cells[1] for cells in rows(HANDBOOK) if cells[0].startswith("`BRUECKE_") and len(cells) == 5}
    assert told == settings()


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_no_document_names_a_setting_that_is_not_read(document: Path) -> None:
    named = set(re.findall(r"BRUECKE_[A-Z_]*[A-Z]", document.read_text()))
    assert named <= settings().keys() | BESIDE_SETTINGS.keys()


def test_what_is_named_beside_the_settings_is_read() -> None:
    assert all(name in place.read_text() for name, place in BESIDE_SETTINGS.items())


def test_the_handbook_tells_every_metric() -> None:
    assert metrics.LAG
    assert trail.REQUEST_SECONDS
    assert guard.CALL_SECONDS
    assert templates.FALLEN_BACK
    counted = {each.name + ("_total" if each.type == "counter" else "") for each in REGISTRY.collect()}
    told = {cells[0].strip("`") for cells in rows(HANDBOOK) if cells[0].startswith("`bruecke_") and len(cells) == 4}
    assert told == {name for name in counted if name.startswith("bruecke_")}


def test_the_readme_tells_every_command() -> None:
    assert {words[0] for words in command_lines(README)} >= COMMANDS.commands.keys()


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_command_line_is_one_that_the_program_takes(document: Path) -> None:
    for words in command_lines(document):
        _require_taken(words)


@pytest.mark.parametrize(
    "words", [("dance",), ("views", "destroy"), ("up", "--fast"), ("down", "now"), ("mail", "show", "1", "2")]
)
def test_a_command_line_that_is_not_taken_is_noticed(words: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError):
        _require_taken(words)


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in links(document):
        path, _, anchor = target.partition("#")
        place = document.parent / path if path else document
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


def test_decisions_are_numbered_without_a_gap() -> None:
    records = sorted(DECISIONS.glob("*.md"))
    assert [record.name[:5] for record in records] == [f"{number:04}-" for number in range(1, len(records) + 1)]
    assert all(record.read_text().startswith(f"# {number}. ") for number, record in enumerate(records, 1))


def _require_taken(words: tuple[str, ...]) -> None:
    command, rest = COMMANDS, list(words)
    while rest and hasattr(command, "commands") and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    assert command is not COMMANDS, words
    if command.context_settings.get("ignore_unknown_options"):
        return
    arguments = list(_without_options(command, rest))
    takes = [each.nargs for each in command.params if each.param_type_name == "argument"]
    assert -1 in takes or len(arguments) <= len(takes), words


def _without_options(command: Any, words: list[str]) -> Iterator[str]:
    """The arguments; an option that the command does not know fails."""
    options = {name: each for each in command.params for name in each.opts if each.param_type_name == "option"}
    remaining = iter(words)
    for word in remaining:
        if not word.startswith("--"):
            yield word
            continue
        assert word in options, (command.name, word)
        if not options[word].is_flag:
            next(remaining)
