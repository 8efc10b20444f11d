"""External ids that identify someone: what is derived from an e-mail address must not be guessable from the address."""

from services.foundation.privacy import KeyMissing, KeyVault

OWNER = "imports"
"""Whose key makes the digests. It is no person's and stays."""


def opaque(vault: KeyVault, external_id: str) -> str:
    """The external id itself, or a keyed digest of one that holds an address. The same in every run and every gateway."""
    if "@" not in external_id:
        return external_id
    return digest(vault, external_id.strip().casefold())


def digest(vault: KeyVault, text: str) -> str:
    """64 hexadecimal digits that only the vault leads to."""
    try:
        return vault.fingerprint(OWNER, text)
    except KeyMissing:
        vault.create(OWNER)
        return vault.fingerprint(OWNER, text)
