"""The launcher, in a small repository that needs nothing from a package index."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.options import ROOT

SAYS = "import os, sys; print(os.environ['PYTHONPATH'], *sys.argv[1:])"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    for folder in ("deploy", "services/cli", "proto", "elsewhere"):
        (root / folder).mkdir(parents=True)
    for file in ("bruecke", "deploy/prepare.py"):
        shutil.copy(ROOT / file, root / file)
    (root / "deploy" / "stubs.py").write_text("open('build/count', 'a').write('x')")
    (root / "services" / "cli" / "__main__.py").write_text(SAYS)
    (root / "requirements.lock").write_text("# nothing\n")
    (root / "requirements-optional.lock").write_text("# nothing either\n")
    (root / "proto" / "a.proto").touch()
    return root


def launch(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = os.environ | {"BRUECKE_PYTHON": sys.executable} | environment
    command = [root / "bruecke", *arguments]
    return subprocess.run(command, cwd=root, env=told, capture_output=True, text=True)


def generated(root: Path) -> int:
    return len((root / "build" / "count").read_text())


def test_it_prepares_once_and_is_quiet_afterwards(repository: Path) -> None:
    first, second = launch(repository, "a", "b"), launch(repository, "c")
    assert first.stdout.split() == [str(repository), "a", "b"]
    assert "installing into .venv" in first.stderr
    assert (second.stdout.split(), second.stderr) == ([str(repository), "c"], "")
    assert generated(repository) == 1


def test_a_changed_lock_installs_again(repository: Path) -> None:
    launch(repository)
    (repository / "requirements.lock").write_text("# still nothing\n")
    assert "installing into .venv" in launch(repository).stderr
    assert launch(repository).stderr == ""


def test_a_changed_interface_generates_again(repository: Path) -> None:
    launch(repository)
    later = (repository / "build" / "stubs.generated").stat().st_mtime + 10
    os.utime(repository / "proto" / "a.proto", (later, later))
    launch(repository)
    assert generated(repository) == 2


def test_what_cannot_be_installed_is_one_line_and_tried_again(repository: Path) -> None:
    (repository / "requirements.lock").write_text("no-such-thing==1.0\n")
    for _ in range(2):
        failed = launch(repository, PIP_NO_INDEX="1", PIP_FIND_LINKS="")
        assert failed.returncode == 1
        assert failed.stderr.splitlines()[-1].startswith("bruecke: pip could not install the dependencies: ")


def test_what_is_optional_may_be_missing_and_is_tried_once(repository: Path) -> None:
    (repository / "requirements-optional.lock").write_text("no-such-thing==1.0\n")
    first, second = (launch(repository, "a", PIP_NO_INDEX="1", PIP_FIND_LINKS="") for _ in range(2))
    assert first.returncode == 0
    assert "bruecke: going on without what is optional, pip could not install it: " in first.stderr
    assert (second.stdout.split(), second.stderr) == ([str(repository), "a"], "")


def test_what_is_optional_and_for_another_platform_is_left_out(repository: Path) -> None:
    (repository / "requirements-optional.lock").write_text('no-such-thing==1.0 ; sys_platform == "amiga"\n')
    assert "going on without" not in launch(repository, PIP_NO_INDEX="1", PIP_FIND_LINKS="").stderr


def test_no_suitable_python_is_one_line(repository: Path) -> None:
    failed = launch(repository, BRUECKE_PYTHON="/nowhere/python")
    assert (failed.returncode, failed.stderr) == (1, "bruecke: no Python 3.11 or newer found; tried: /nowhere/python\n")


def test_two_first_starts_at_once_do_not_disturb_each_other(repository: Path) -> None:
    told = os.environ | {"BRUECKE_PYTHON": sys.executable}
    starts = [
        subprocess.Popen([repository / "bruecke"], env=told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _ in range(2)
    ]
    assert [start.communicate()[0].strip() for start in starts] == [str(repository)] * 2
    assert generated(repository) == 1
