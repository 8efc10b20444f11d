"""Opens what the events of profiles hold sealed, so that views can show it to those who may see it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.foundation.messages import Recorded
from services.foundation.privacy import KeyVault
from services.gateway.words import open_text


def prefetch_keys(vault: KeyVault, batch: Sequence[Recorded], categories: Iterable[str]) -> None:
    """Reads the keys of all streams of these categories in the batch at once."""
    prefixes = tuple(f"{category}-" for category in categories)
    vault.prefetch(each.stream for each in batch if each.stream.startswith(prefixes))


def opened(vault: KeyVault, owner: str, fields: Mapping[str, Any], sealed: Iterable[str]) -> dict[str, Any]:
    """The fields, with the sealed ones in the clear; None stands where the key was destroyed or the seal is broken."""
    return {**fields, **{name: open_text(vault, owner, name, fields[name]) for name in sealed}}
