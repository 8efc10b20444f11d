"""Ways to write the same: what is left of a text when case, accents, punctuation and variants of letters are set aside."""

import re
import unicodedata

LONGEST = 300
"""Characters of a typed text that are looked at. Nobody names a skill in more."""

_VARIANTS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ة": "ه",
        "ؤ": "و",
        "\u0640": "",
        "\u200d": "",
        "ё": "е",
        "ґ": "г",
        "ʼ": "",
        "’": "",
        "'": "",
        "`": "",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
    }
)
"""Letters that keyboards and habits exchange: Arabic and Persian forms, apostrophes, letters without a decomposition."""

_SEPARATORS = re.compile(r"[^\w+#]+|_+")
_DIGRAPHS = re.compile("([aou])e")


def plain(text: str) -> str:
    """The text without what nobody means: compatibility forms, case, punctuation, spaces at the ends."""
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return " ".join(_SEPARATORS.sub(" ", _unmarked(lower).translate(_VARIANTS)).split())


def bare(text: str) -> str:
    """Further without accents, and with one form for "ä", "ae" and "a": "Kälte", "Kaelte" and "Kalte" are the same."""
    return _DIGRAPHS.sub(r"\1", _unmarked(unicodedata.normalize("NFD", plain(text))))


def _unmarked(text: str) -> str:
    """Without marks that are letters of their own, such as the vowel signs of Arabic."""
    return text if text.isascii() else "".join(letter for letter in text if not unicodedata.combining(letter))
