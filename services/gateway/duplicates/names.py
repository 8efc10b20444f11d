"""Names in one form, however they are written: word order, diacritics, umlauts, Arabic, Persian and Cyrillic letters.

``spelled`` keeps the letters, in the Latin script where letters can be told one by one. ``sounded`` keeps the consonants as
they sound, in which a name written in Arabic letters, which leave vowels out, meets its Latin forms.
"""

import re
import unicodedata

_DECOMPOSED_BY_NOBODY = str.maketrans(
    {"ß": "ss", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n", "ə": "e", "ʻ": ""}
)
_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгґдезийклмнопрстуфыэієї", "abvhgdezyyklmnoprstufyeiei", strict=True)),
        **{"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"},
        **{"ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", **dict.fromkeys("ъь’ʼ", "")},
    }
)
_ARABIC_FORMS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیئې", "ي"),
        "ک": "ك",
        "ة": "ه",
        "ۀ": "ه",
        "ؤ": "و",
        "ـ": "",
        "ء": "",
        "\u200c": " ",
    }
)
_ARABIC_SOUNDS = str.maketrans(
    {
        **dict.fromkeys("اويهحعء", ""),
        **{"ب": "p", "پ": "p", "ت": "t", "ط": "t", "د": "t", "ض": "t", "ث": "t", "ج": "j", "چ": "k", "خ": "k", "ك": "k"},
        **{"گ": "k", "غ": "k", "ق": "k", "ذ": "s", "ز": "s", "ژ": "s", "س": "s", "ش": "s", "ص": "s", "ظ": "s", "ر": "r"},
        **{"ف": "f", "ڤ": "f", "ل": "l", "م": "m", "ن": "n"},
    }
)
_GROUPS = (
    ("tsch", "k"),
    ("sch", "s"),
    ("sh", "s"),
    ("zh", "s"),
    ("ph", "f"),
    ("ch", "k"),
    ("ck", "k"),
    ("dj", "j"),
    ("ts", "s"),
)
_SOUNDS = str.maketrans(
    {**dict.fromkeys("aeiouyhw'", ""), "b": "p", "d": "t", "g": "k", "q": "k", "c": "k", "x": "ks", "z": "s", "v": "f"}
)
_PARTICLES = frozenset({"al", "el", "ul", "ad", "as", "ash", "an", "ar", "at"})
_TITLES = frozenset({"dr", "prof", "herr", "frau", "ing", "dipl", "mr", "mrs", "ms"})
_UMLAUT_PAIRS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_REPEATED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")


def spelled(name: str) -> tuple[str, ...]:
    """The words of a name, sorted: lower case, without diacritics, Cyrillic in Latin letters, articles joined to their word."""
    return tuple(sorted(_joined(_words(name))))


def sounded(words: tuple[str, ...]) -> tuple[str, ...]:
    """The consonants of each word as they sound; a word without any is left out."""
    return tuple(sound for sound in map(_sound, words) if sound)


def is_latin(words: tuple[str, ...]) -> bool:
    """Whether these words are in Latin letters by now."""
    return all(word.isascii() for word in words)


def _words(name: str) -> list[str]:
    lower = name.casefold().translate(_CYRILLIC)
    plain = "".join(each for each in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(each))
    plain = plain.translate(_DECOMPOSED_BY_NOBODY).translate(_ARABIC_FORMS)
    words = [re.sub("['’ʼ`]", "", word) for word in _WORD.findall(plain)]
    return [_without_umlaut_pairs(word) for word in words if word not in _TITLES]


def _without_umlaut_pairs(word: str) -> str:
    """Müller, Mueller and Muller are one name."""
    for pair, letter in _UMLAUT_PAIRS:
        word = word.replace(pair, letter)
    return word


def _joined(words: list[str]) -> list[str]:
    """ "al-Khatib" and "Al Khatib" are "Alkhatib"."""
    joined: list[str] = []
    prefix = ""
    for word in words:
        if word in _PARTICLES and len(words) > 1:
            prefix = "al"
        else:
            joined.append(prefix + word)
            prefix = ""
    return [*joined, prefix] if prefix else joined


def _sound(word: str) -> str:
    if not word.isascii():
        bare = word.removeprefix("ال") if len(word) > 4 else word
        return _REPEATED.sub(r"\1", bare.translate(_ARABIC_SOUNDS))
    bare = word[2:] if word[:2] in ("al", "el") and len(word) > 5 else word
    for group, sound in _GROUPS:
        bare = bare.replace(group, sound)
    return _REPEATED.sub(r"\1", bare.translate(_SOUNDS)) or word[:1]
