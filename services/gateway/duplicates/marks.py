"""By what duplicates are found: marks in one form, and the keys that profiles which may be the same have in common.

Two profiles are compared only where they share a key. A key is rare enough for few profiles to share it: a whole e-mail
address, the end of a phone number, two words of a name as they sound.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

from services.gateway.duplicates.names import sounded, spelled

MOST_WORDS = 5
PHONE_DIGITS = 8
FREE_MAIL = frozenset(
    {
        *("gmail.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "outlook.com", "outlook.de", "hotmail.com", "hotmail.de"),
        *("yahoo.com", "yahoo.de", "icloud.com", "freenet.de", "posteo.de", "mail.ru", "ukr.net", "proton.me", "aol.com"),
    }
)
"""Domains under which everybody has an address: they say nothing of a company."""
LEGAL_FORMS = frozenset(
    {
        *("gmbh", "ug", "ag", "kg", "kgaa", "ohg", "gbr", "ek", "ev", "eg", "se", "mbh", "co", "partg", "partgmbb"),
        *("ltd", "inc", "llc", "ggmbh", "stiftung"),
    }
)

_NOT_A_WORD = re.compile(r"[^\w]+")
_DOTTED = re.compile(r"\b(\w)\.\s*(?=\w\b)")
_LIMITED = re.compile(r"\(?haftungsbeschr(ä|ae)nkt\)?")
_NUMBER = re.compile(r"\d+\w?")
_DIGITS = re.compile(r"\D+")

Document = Mapping[str, Any]
Marks = dict[str, Any]
"""Fields of a profile in the form in which they are compared; names as words."""


def email_mark(email: str | None) -> str:
    """An address as its mailbox: lower case, without what follows a plus sign."""
    local, at, domain = (email or "").casefold().strip().partition("@")
    domain = "gmail.com" if domain == "googlemail.com" else domain
    return f"{local.partition('+')[0]}@{domain}" if at else ""


def phone_mark(phone: str | None) -> str:
    """A number with its country code, of Germany where none is given; empty for what is too short to tell anybody apart."""
    text = (phone or "").strip().replace("(0)", "")
    digits = _DIGITS.sub("", text)
    if text.startswith("+"):
        number = digits
    elif digits.startswith("00"):
        number = digits[2:]
    else:
        number = "49" + digits.removeprefix("0")
    number = re.sub("^490+", "49", number)
    return number if len(number) >= PHONE_DIGITS else ""


def company_words(name: str | None) -> tuple[str, ...]:
    """A company's name without its legal form, as sorted words."""
    text = _DOTTED.sub(r"\1", _LIMITED.sub(" ", (name or "").casefold()))
    kept = [word for word in _NOT_A_WORD.split(text) if word and word not in LEGAL_FORMS]
    numbers = [word for word in kept if word.isdigit()]
    return tuple(sorted((*spelled(" ".join(kept)), *numbers))) if kept else ()


def code_mark(code: str | None) -> str:
    """A register entry or VAT id by its letters and digits."""
    return _NOT_A_WORD.sub("", (code or "").casefold())


def website_mark(website: str | None) -> str:
    """The host of a website."""
    return (urlsplit(website or "").hostname or "").removeprefix("www.")


def mail_domain(email: str | None) -> str:
    """The domain of an address, unless everybody has an address there."""
    domain = email_mark(email).rpartition("@")[2]
    return "" if domain in FREE_MAIL else domain


def place_mark(text: str | None) -> str:
    """A place, an address or a code as its words."""
    return " ".join((*spelled(text or ""), *_NUMBER.findall(text or "")))


def marks_of_person(document: Document) -> Marks:
    """By what people are compared; nothing of one who was erased."""
    return {
        "name": spelled(document.get("name") or ""),
        "own_script_name": spelled(document.get("own_script_name") or ""),
        "email": email_mark(document.get("email")),
        "phone": phone_mark(document.get("phone")),
        "address": place_mark(document.get("address")),
        "place": place_mark(document.get("place")),
        "occupation": document.get("occupation") or "",
    }


def marks_of_company(document: Document) -> Marks:
    """By what companies are compared."""
    return {
        "name": company_words(document.get("name")),
        "register_entry": code_mark(document.get("register_entry")),
        "vat_id": code_mark(document.get("vat_id")),
        "website": website_mark(document.get("website")),
        "contact_email": email_mark(document.get("contact_email")),
        "contact_phone": phone_mark(document.get("contact_phone")),
        "domain": mail_domain(document.get("contact_email")),
        "place": place_mark(document.get("place")),
    }


def keys_of_person(document: Document) -> list[str]:
    """The keys of a person's document; none once it was erased."""
    keys = set(_reached_by(document.get("email"), document.get("phone")))
    for name in (document.get("name"), document.get("own_script_name")):
        if name:
            keys.update(_keys_of_name(spelled(name)))
    return sorted(keys)


def keys_of_company(document: Document) -> list[str]:
    """The keys of a company's document."""
    marks = {
        "r": code_mark(document.get("register_entry")),
        "v": code_mark(document.get("vat_id")),
        "w": website_mark(document.get("website")),
        "d": mail_domain(document.get("contact_email")),
    }
    keys = {f"{kind}:{mark}" for kind, mark in marks.items() if mark}
    keys.update(_reached_by(document.get("contact_email"), document.get("contact_phone")))
    keys.update(_keys_of_name(company_words(document.get("name"))))
    return sorted(keys)


def _reached_by(email: str | None, phone: str | None) -> Iterator[str]:
    if mark := email_mark(email):
        yield f"e:{mark}"
    if mark := phone_mark(phone):
        yield f"p:{mark[-PHONE_DIGITS:]}"


def _keys_of_name(words: tuple[str, ...]) -> Iterator[str]:
    """Any two words as they sound, so that neither their order nor a further name matters."""
    sounds = sorted(set(sounded(words)))[:MOST_WORDS]
    if len(sounds) == 1:
        yield f"n:{words[0] if len(words) == 1 else ' '.join(sounds)}"
    yield from (f"n:{first} {second}" for first, second in combinations(sounds, 2))
