"""Recognising who has declined before, without keeping who they are.

A mark is a digest of a name, an e-mail address or a phone number under a key that is kept for this alone: the prospects' own
keys are destroyed, and without a key anybody could try names out. Kept of who declines, compared with who is identified anew.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from services.foundation.privacy import KeyMissing, KeyVault

OWNER = "prospects"
"""The name under which the vault keeps the key of the marks. No stream is called like this, so no erasure destroys it."""

LEGAL_FORMS = frozenset(
    {"gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "ug", "gbr", "eg", "ek", "ev", "co", "e", "v", "k", "u", "se"}
)
"""Left out of the names of organisations: what follows the name differs from list to list."""


def marks(vault: KeyVault, prospect: Mapping[str, Any]) -> list[str]:
    """The marks of a prospect in the clear, as a request or the view has it."""
    return [f"{kind}:{_digest(vault, f'{kind}/{text}')}" for kind, text in recognisable(prospect)]


def recognisable(prospect: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a prospect may be recognised by, in one spelling. A name counts within its kind and region."""
    if name := _name(prospect.get("name") or "", organisation=prospect["kind"] != "person"):
        yield "name", f"{prospect['kind']}/{prospect['region']}/{name}"
    if email := (prospect.get("email") or "").casefold().strip():
        yield "email", email
    if phone := _phone(prospect.get("phone") or ""):
        yield "phone", phone


def words_of_name(text: str) -> set[str]:
    """The words of a name, in one spelling."""
    return set(_words(text))


def _words(text: str) -> list[str]:
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each)).casefold()
    return re.findall(r"\w+", plain)


def _name(text: str, *, organisation: bool) -> str:
    words = _words(text) or [text.strip()]
    if organisation:
        words = [word for word in words if word not in LEGAL_FORMS] or words
    return " ".join(sorted(words))


def _phone(text: str) -> str:
    """Digits with the country's number, Germany's where none is given."""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if digits.startswith("00"):
        return digits[2:]
    return f"49{digits[1:]}" if digits.startswith("0") else digits


def _digest(vault: KeyVault, text: str) -> str:
    try:
        return vault.fingerprint(OWNER, text)
    except KeyMissing:
        vault.create(OWNER)
        return vault.fingerprint(OWNER, text)
