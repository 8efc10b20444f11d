"""Commands that need no running installation."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.embedded.problems import Problem
from deploy.embedded.state import NotRunning
from deploy.embedded.tokens import TokenImpossible, issue_token
from services.cli.__main__ import app
from services.gateway.security import Verifier

MAIL = b"Date: Mon, 23 Nov 2026 10:00:00 +0100\r\nFrom: b@x.example\r\nTo: %b\r\nSubject: %b\r\n\r\nBis bald!\r\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "mailbox"
    folder.mkdir()
    (folder / "20261123T100001.eml").write_bytes(MAIL % (b"second@x.example", b"Later"))
    (folder / "20261123T100000.eml").write_bytes(MAIL % (b"first@x.example", "Grüße".encode()))
    return tmp_path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("way", [("mail", "--data"), ("mail", "list", "--data")])
def test_mail_is_listed_oldest_first(data: Path, way: tuple[str, ...]) -> None:
    lines = run(*way, data).splitlines()
    assert [line.split()[2] for line in lines[1:]] == ["first@x.example", "second@x.example"]


def test_one_mail_is_shown(data: Path) -> None:
    shown = run("mail", "show", 1, "--data", data)
    assert "Subject: Grüße" in shown
    assert shown.endswith("Bis bald!\n")


def test_an_empty_mailbox_is_said(tmp_path: Path) -> None:
    assert run("mail", "--data", tmp_path) == "No message has gone out yet.\n"


def test_a_token_speaks_for_whom_it_was_made(tmp_path: Path) -> None:
    person = "person-2f1c6d3a-0000-4000-8000-000000000001"
    token = run("token", "person", "--for", person, "--data", tmp_path).strip()
    caller = Verifier((tmp_path / "secrets" / "token_secret").read_text()).verify(token)
    assert (caller.role, caller.stream) == ("person", person)


@pytest.mark.parametrize(("role", "stream"), [("king", None), ("person", None), ("person", "company-1"), ("head", "person-1")])
def test_a_token_that_makes_no_sense_is_refused(tmp_path: Path, role: str, stream: str | None) -> None:
    with pytest.raises(TokenImpossible):
        issue_token(tmp_path, role, stream)


def test_stopping_nothing_is_no_fault(tmp_path: Path) -> None:
    assert run("down", "--data", tmp_path).startswith("Nothing is running in ")


@pytest.mark.parametrize("command", [("doctor",), ("dead-letters", "list")])
def test_asking_where_nothing_runs_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(NotRunning, match="nothing is running in"):
        run(*command, "--data", tmp_path)


def test_a_benchmark_that_does_not_exist_is_said_with_those_that_do() -> None:
    with pytest.raises(Problem, match="there is no case 'nope'; there are commands, "):
        run("bench", "nope")
