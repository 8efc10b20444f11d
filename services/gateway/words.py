"""What people write in their own words: sealed field by field wherever it stands in a body, and opened again for readers."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import structlog

from services.foundation.privacy import PREFIX, KeyVault, SealBroken

log = structlog.get_logger("gateway.words")


def mapped(content: Any, fields: Collection[str], change: Callable[[str, str], str | None], field: str = "") -> Any:
    """A copy of this content in which every text of one of these fields is what ``change`` makes of (field, text)."""
    match content:
        case str() if field in fields:
            return change(field, content)
        case Mapping():
            return {name: mapped(part, fields, change, name) for name, part in content.items()}
        case list() | tuple():
            return [mapped(part, fields, change, field) for part in content]
        case _:
            return content


def opened_words(vault: KeyVault, owner: str, content: Any, field: str = "") -> Any:
    """A copy of this content with all that is sealed in it opened. What was written before words were sealed stays as it is."""
    match content:
        case str() if content.startswith(PREFIX):
            return open_text(vault, owner, field, content)
        case Mapping():
            return {name: opened_words(vault, owner, part, name) for name, part in content.items()}
        case list() | tuple():
            return [opened_words(vault, owner, part, field) for part in content]
        case _:
            return content


def without_words(content: Any) -> Any:
    """A copy of this content with null for all that is sealed in it."""
    match content:
        case str():
            return None if content.startswith(PREFIX) else content
        case Mapping():
            return {name: without_words(part) for name, part in content.items()}
        case list() | tuple():
            return [without_words(part) for part in content]
        case _:
            return content


def open_text(vault: KeyVault, owner: str, field: str, text: str) -> str | None:
    """The text, or None where the key was destroyed or the seal is broken, which is logged."""
    try:
        return vault.open(owner, field, text)
    except SealBroken as broken:
        log.error("seal.broken", stream=owner, field=field, reason=str(broken))
        return None
