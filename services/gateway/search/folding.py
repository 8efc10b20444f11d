"""One spelling for all ways to write a word: case, diacritics and umlauts are folded."""

import re
from collections.abc import Iterator
from unicodedata import category, normalize

_WORD = re.compile(r"\w+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa"})


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded, umlauts written out: "Müller, René" is ("mueller", "rene")."""
    return tuple(_WORD.findall(_bare(normalize("NFC", normalize("NFKC", text).casefold()).translate(_UMLAUTS))))


def every_spelling(text: str) -> Iterator[str]:
    """The folded words, and of those with umlauts also how they are written without their dots."""
    yield from words(text)
    if not text.isascii():
        yield from _WORD.findall(_bare(normalize("NFKC", text).casefold()))


def folded(text: str) -> str:
    """The whole text in one spelling."""
    return " ".join(words(text))


def _bare(text: str) -> str:
    return "".join(character for character in normalize("NFKD", text) if category(character) != "Mn")
