"""The sample: people, companies with needs, partner organisations, and whom staff want to win. All of them are made up."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def people() -> list[dict[str, Any]]:
    """{profile, consents}; the first one is the person of the story."""
    return _read("people")


def companies() -> list[dict[str, Any]]:
    """{profile, needs}; the first one is the company of the story."""
    return _read("companies")


def partners() -> list[dict[str, Any]]:
    """{profile}"""
    return _read("partners")


def prospects() -> list[dict[str, Any]]:
    """{prospect, approaches}; the days in an approach count from the moment of loading."""
    return _read("prospects")


def _read(name: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content
