"""Opens what the events of profiles hold sealed, so that views can show it to those who may see it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog

from services.foundation.messages import Recorded
from services.foundation.privacy import KeyVault, SealBroken

log = structlog.get_logger("gateway.views")


def prefetch_keys(vault: KeyVault, batch: Sequence[Recorded], categories: Iterable[str]) -> None:
    """Reads the keys of all streams of these categories in the batch at once."""
    prefixes = tuple(f"{category}-" for category in categories)
    vault.prefetch(each.stream for each in batch if each.stream.startswith(prefixes))


def opened(vault: KeyVault, owner: str, fields: Mapping[str, Any], sealed: Iterable[str]) -> dict[str, Any]:
    """The fields, with the sealed ones in the clear; None stands where the key was destroyed or the seal is broken."""
    return {**fields, **{name: _open(vault, owner, name, fields[name]) for name in sealed}}


def _open(vault: KeyVault, owner: str, field: str, text: str) -> str | None:
    try:
        return vault.open(owner, field, text)
    except SealBroken as broken:
        log.error("seal.broken", stream=owner, field=field, reason=str(broken))
        return None
