"""``bruecke test``: everything that has to hold, in the order from quick to slow."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import ROOT

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "--strict", "services"),
    ("lint-imports",),
)
"""Programs of the virtual environment, with their arguments."""


def run_checks(
    context: typer.Context, fast: Annotated[bool, typer.Option("--fast", help="Unit tests only: no server is started.")] = False
) -> None:
    """Run the linters and all tests. Further arguments go to pytest, and then only pytest runs."""
    asked = tuple(context.args)
    failed = [] if asked else [" ".join(command) for command in CHECKS if not _passes(*command)]
    tests = ("tests/unit",) if fast and not asked else ()
    if not _passes("pytest", *tests, *asked):
        failed.append("pytest")
    if failed:
        print(f"bruecke: failed: {', '.join(failed)}", file=sys.stderr)
        raise typer.Exit(1)


def _passes(program: str, *arguments: str) -> bool:
    print(f"--- {' '.join((program, *arguments))}", flush=True)
    return subprocess.run((Path(sys.executable).with_name(program), *arguments), cwd=ROOT).returncode == 0
