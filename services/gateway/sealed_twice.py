"""What two people have a right to have forgotten: sealed with the key of one, and that with the key of the other.

``owners`` stand in the order of sealing. As soon as one of their keys is destroyed nothing can be read any more.
"""

from collections.abc import Sequence

from services.foundation.privacy import KeyVault, SealBroken
from services.gateway.security import STREAM_ROLES
from services.gateway.words import log, open_text


def owners_of(subject: str, person_id: str | None, author: str, role: str) -> tuple[str, ...]:
    """With whose keys a message is sealed: its author's and that of the contact's person. In a workshop that is the author's
    alone; staff have no key, there it is the workshop's."""
    own = (author,) if role in STREAM_ROLES else ()
    if person_id:
        return tuple(dict.fromkeys((*own, person_id)))
    return own or (subject,)


def seal_twice(vault: KeyVault, owners: Sequence[str], field: str, text: str) -> str:
    """Raises KeyMissing."""
    for owner in owners:
        text = vault.seal(owner, field, text)
    return text


def open_twice(vault: KeyVault, owners: Sequence[str], field: str, sealed: str) -> str | None:
    """The text; None where a key was destroyed or the seal is broken, which is logged."""
    text: str | None = sealed
    for owner in reversed(owners):
        text = open_text(vault, owner, field, text) if text else None
    return text


def seal_part_twice(vault: KeyVault, owners: Sequence[str], field: str, data: bytes) -> bytes:
    """The same for a part of a file. Raises KeyMissing."""
    for owner in owners:
        data = vault.seal_bytes(owner, field, data)
    return data


def open_part_twice(vault: KeyVault, owners: Sequence[str], field: str, sealed: bytes) -> bytes | None:
    """The part; None where a key was destroyed or the seal is broken, which is logged."""
    data: bytes | None = sealed
    try:
        for owner in reversed(owners):
            data = vault.open_bytes(owner, field, data) if data is not None else None
    except SealBroken as broken:
        log.error("seal.broken", stream=owners[-1], field=field, reason=str(broken))
        return None
    return data
