"""The wordings of consents, by version and purpose, in German and English: a consent cites one that exists.

A version that was ever published stays as it is: somebody has agreed to it. A new wording is a new version.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ConsentText:
    """To what somebody agrees. Who was shown another language was shown a translation of it."""

    version: str
    purpose: str
    valid_from: date
    de: str
    en: str


def _read() -> Iterator[ConsentText]:
    versions = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    for version, said in versions.items():
        for purpose, texts in said["texts"].items():
            yield ConsentText(version, purpose, date.fromisoformat(said["valid_from"]), texts["de"], texts["en"])


CONSENT_TEXTS: Mapping[tuple[str, str], ConsentText] = {(each.version, each.purpose): each for each in _read()}
"""Every wording by version and purpose."""
