"""Reading the repository's documents: their links, headings, tables and command lines."""

import re
from collections.abc import Iterator
from pathlib import Path

from services.cli.options import ROOT

README = ROOT / "README.md"
HANDBOOK = ROOT / "docs" / "handbook.md"
DECISIONS = ROOT / "docs" / "decisions"

_FENCED = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LAUNCHED = re.compile(r"\./bruecke( [^\n)#]*)?")


def documents() -> list[Path]:
    """All that a reader is given."""
    return [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "benchmarks").glob("*.md"))]


def links(document: Path) -> list[str]:
    """Where its links lead, but those to other sites."""
    targets: list[str] = _LINK.findall(_FENCED.sub("", document.read_text()))
    return [target for target in targets if not target.startswith(("https://", "http://"))]


def anchors(document: Path) -> set[str]:
    """What a link may name behind ``#``: headings in small letters, with hyphens for spaces."""
    headings: list[str] = _HEADING.findall(_FENCED.sub("", document.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows(document: Path) -> Iterator[list[str]]:
    """The cells of each row of its tables."""
    for line in document.read_text().splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]


def command_lines(document: Path) -> set[tuple[str, ...]]:
    """The words behind every ``./bruecke`` in its code; of alternatives (``list\\|show ID``) each by itself."""
    text = document.read_text()
    code = [*_FENCED.findall(text), *_SPAN.findall(_FENCED.sub("", text))]
    found = (match[1] or "" for piece in code for match in _LAUNCHED.finditer(piece))
    return {tuple(words.split()) for line in found for words in _alternatives(line) if words.strip()}


def _alternatives(line: str) -> list[str]:
    plain = re.sub(r"[\[\]…]", " ", line.replace("\\|", "|"))
    command, _, rest = plain.strip().partition(" ")
    return [f"{command} {each}" for each in rest.split("|")]
