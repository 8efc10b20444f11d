"""``python -m deploy.asyncapi`` writes docs/asyncapi.json; with ``--check`` it only says whether the file is up to date."""

import argparse
import sys
from pathlib import Path

from deploy.asyncapi.document import render

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "asyncapi.json"


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 1 where ``--check`` finds a file that is missing or differs from what the code says now."""
    parser = argparse.ArgumentParser(prog="python -m deploy.asyncapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the file is out of date")
    parser.add_argument("--file", type=Path, default=DOCUMENT, help="another file than docs/asyncapi.json")
    asked = parser.parse_args(arguments)
    if not asked.check:
        asked.file.write_text(render(), encoding="utf-8")
        return 0
    if asked.file.exists() and asked.file.read_text(encoding="utf-8") == render():
        return 0
    print(f"bruecke: {asked.file.name} is out of date; make it anew with: python -m deploy.asyncapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
