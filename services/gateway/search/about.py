"""Saved searches that are about somebody: which go when that one is erased."""

import asyncio
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl

from services.foundation.privacy import KeyVault
from services.gateway.house import Document, Gateway
from services.gateway.search.folding import every_spelling
from services.gateway.words import open_text

NAMES = ("name", "own_script_name", "contact_name")
"""The fields of profiles that hold names; what is typed of an e-mail address mostly holds them too."""
SHORTEST = 3
"""Words of fewer letters say nothing about who is meant."""


async def searches_about(gateway: Gateway, document: Document) -> list[str]:
    """The searches that a profile has saved, and those in which somebody typed a part of its name."""
    kept = await gateway.views["searches"].find({"deleted": False}).to_list()
    named = {word for field in NAMES for word in every_spelling(document.get(field) or "") if len(word) >= SHORTEST}
    return await asyncio.to_thread(_about, gateway.vault, kept, str(document["_id"]), named)


def _about(vault: KeyVault, kept: Iterable[Document], id: str, named: set[str]) -> list[str]:
    return [each["_id"] for each in kept if each["keeper"].endswith(f"/{id}") or not named.isdisjoint(_asked(vault, each))]


def _asked(vault: KeyVault, saved: Document) -> Iterator[str]:
    """The words that somebody typed into this search."""
    title, query = (open_text(vault, saved["_id"], field, saved[field]) or "" for field in ("title", "query"))
    yield from every_spelling(title)
    for name, value in parse_qsl(query):
        if name == "q":
            yield from every_spelling(value)
