"""``bruecke bench``: how fast it is, beside the same work done bare."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.embedded.problems import Problem


def bench(
    cases: Annotated[list[str] | None, typer.Argument(metavar="[CASE]...", help="Which to run; else all.")] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also write the results here.")] = None,
) -> None:
    """Measure this machine; each case gets fresh servers."""
    from benchmarks.run import UnknownCase, main

    try:
        main(cases or [], json)
    except UnknownCase as unknown:
        raise Problem(str(unknown)) from None
