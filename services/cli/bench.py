"""``bruecke bench``: how fast it is, beside the same work done bare."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from deploy.embedded.problems import Problem


def bench(
    cases: Annotated[list[str] | None, typer.Argument(metavar="[CASE]...", help="Which to run; else all.")] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also write the results here.")] = None,
) -> None:
    """Measure this machine; each case gets fresh servers."""
    _install_peers()
    from benchmarks.run import UnknownCase, main

    try:
        main(cases or [], json)
    except UnknownCase as unknown:
        raise Problem(str(unknown)) from None


def _install_peers() -> None:
    """What is only measured against, and nothing else needs; without it the cases that ask for it go on without."""
    if find_spec("sklearn") is not None:
        return
    lock = Path(__file__).parents[2] / "requirements-bench.lock"
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-input", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run([*pip, "--only-binary", ":all:", "-r", str(lock)], capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip() or "no reason given").splitlines()[-1]
        typer.echo(f"bruecke: going on without what is only measured against, pip could not install it: {reason}", err=True)
