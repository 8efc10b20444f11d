"""What stands in a cell, as a value of a form. Each reader takes the text of a cell that is not empty and raises CellWrong."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from services.profiles.contract import LEVELS
from services.vocabulary.industries import IndustryUnknown, section_of

LONGEST_CELL = 20_000
FORMULA = tuple("=+-@\t\r")
"""With these a text begins that a spreadsheet would run as a formula."""

SKILLS = ("listening", "reading", "spoken_interaction", "spoken_production", "writing")
"""The five skills of the CEFR, in the order in which a cell gives them."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NUMBER = re.compile(r"([0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+|[0-9]{1,15})(?:,(0{1,2}|-))?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_GERMAN_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})\s*:\s*(\w+)\s*(?:\(([^)]*)\))?\s*(?::\s*(\w+))?")
_INDUSTRY = re.compile(r"(WZ)\s*(2008|2025)\s+(\S+)|(NACE)\s*(Rev\.\s?2(?:\.1)?)\s+(\S+)", re.IGNORECASE)
_INDUSTRY_NUMBER = re.compile(r"[A-V]?([0-9]{2}(\.[0-9]{1,2}(\.[0-9])?)?)?")

Read = Callable[[str], Any]


class CellWrong(Exception):
    """Why a cell is not taken."""


def plain(cell: str, *, formula_allowed: bool = False, multi_line: bool = False) -> str:
    """The text of a cell without what surrounds it; "" for an empty one. Raises CellWrong.

    An apostrophe before what looks like a formula is taken away: our own exports write it there, as spreadsheets do.
    """
    if len(cell) > LONGEST_CELL:
        raise CellWrong(f"longer than {LONGEST_CELL} characters")
    if _CONTROL.search(cell):
        raise CellWrong("holds a NUL or another control character")
    if cell.startswith("'") and cell[1:2] in FORMULA:
        return cell[1:].strip()
    text = cell.strip()
    if text and not formula_allowed and (cell.startswith(("\t", "\r")) or text.startswith(FORMULA)):
        raise CellWrong("begins like a formula; put an apostrophe before it if it is a text")
    return text.replace("\r\n", "\n").replace("\r", "\n") if multi_line else text


def text(cell: str) -> str:
    """As it stands; the form knows its limits."""
    return cell


def upper(cell: str) -> str:
    return cell.upper()


def number(cell: str) -> int:
    """A whole number, with German thousands and zero cents where it has any."""
    found = _NUMBER.fullmatch(cell)
    if found is None:
        raise CellWrong("must be a whole number like 1200 or 1.200")
    return int(re.sub(r"\D", "", found[1]))


def euros(cell: str) -> int:
    """The same, with or without the word euro."""
    return number(re.sub(r"\s*(€|EUR|Euro)\s*$|^(€|EUR)\s*", "", cell, flags=re.IGNORECASE))


def day(cell: str) -> str:
    """A date in ISO 8601, also from the German order. What may be the American one is refused."""
    iso, german = _ISO_DATE.fullmatch(cell), _GERMAN_DATE.fullmatch(cell)
    if iso is None and german is None:
        ambiguous = "a date with slashes is ambiguous" if "/" in cell else "no date"
        raise CellWrong(f"{ambiguous}: write 2026-12-31 or 31.12.2026")
    year, month, number_of_day = (int(part) for part in (iso.groups() if iso else german.groups()[::-1] if german else ()))
    try:
        return date(year, month, number_of_day).isoformat()
    except ValueError:
        raise CellWrong("there is no such day") from None


def one_of(words: Mapping[str, str], *values: str) -> Read:
    """One of these values, or a word for one of them, in whichever case."""
    known = {_key(each): each for each in values} | {_key(word): value for word, value in words.items()}

    def read(cell: str) -> str:
        value = known.get(_key(cell))
        if value is None:
            raise CellWrong(f"must be one of {', '.join(dict.fromkeys(known.values()))}")
        return value

    return read


def listed(read: Read) -> Read:
    """A list; its items are separated by ``;`` or ``|``."""

    def read_all(cell: str) -> list[Any]:
        return [read(item.strip()) for item in re.split(r"[;|]", cell) if item.strip()]

    return read_all


def language(item: str) -> dict[str, str]:
    """``de:B2``, with all five skills ``de:B1(B2/B2/B1/B1/A2)``, with evidence ``de:B2:certificate``."""
    found = _LANGUAGE.fullmatch(item)
    if found is None:
        raise CellWrong("write a language as code:level, like de:B2 or ar:native")
    spoken = {"language": found[1].lower(), "level": _level(found[2])}
    if found[3] is not None:
        skills = found[3].split("/")
        if len(skills) != len(SKILLS):
            raise CellWrong(f"give all five skills: {', '.join(SKILLS)}")
        spoken |= {
            name: _level(level.strip()) for name, level in zip(SKILLS, skills, strict=True) if level.strip() not in ("", "-")
        }
    return spoken | ({"evidence": found[4].lower()} if found[4] else {})


def _level(word: str) -> str:
    level = next((each for each in LEVELS if each.lower() == word.lower()), None)
    if level is None:
        raise CellWrong(f"a level must be one of {', '.join(LEVELS)}")
    return level


def market(read_sector: Read) -> Read:
    """``SY:construction:7:strong``: country, sector, years there and network; the last two may be left out."""

    def read(item: str) -> dict[str, Any]:
        country, sector, years, network = _parts(
            item, 2, 4, "a market as country:sector:years:network, like SY:construction:7:strong"
        )
        if not re.fullmatch("[A-Za-z]{2}", country):
            raise CellWrong("a country is a code of two letters (ISO 3166-1), like SY")
        known: dict[str, Any] = {"country": country.upper(), "sector": read_sector(sector)}
        return known | ({"years": number(years)} if years else {}) | ({"network": network.lower()} if network else {})

    return read


def experience(read_sector: Read) -> Read:
    """``construction:7``: years in a sector."""

    def read(item: str) -> dict[str, Any]:
        sector, years = _parts(item, 2, 2, "experience as sector:years, like construction:7")
        return {"sector": read_sector(sector), "years": number(years)}

    return read


def site(item: str) -> dict[str, str]:
    """``Wismar/DE-MV``: place and region."""
    place, _, region = item.rpartition("/")
    if not place:
        raise CellWrong("write a site as place/region, like Wismar/DE-MV")
    return {"place": place.strip(), "region": region.strip().upper()}


def industry(cell: str) -> dict[str, str]:
    """``WZ 2008 C28.13`` or ``NACE Rev. 2.1 35.12``: scheme, edition and code."""
    found = _INDUSTRY.fullmatch(cell)
    if found is None:
        raise CellWrong("write an industry with its scheme and edition, like WZ 2008 C28.13 or NACE Rev. 2.1 35.12")
    scheme, edition, code = (found[1] or found[4]).upper(), found[2] or found[5], (found[3] or found[6]).upper()
    edition = re.sub(r"(?i)rev\.\s?", "Rev. ", edition)
    try:
        if not _INDUSTRY_NUMBER.fullmatch(code):
            raise IndustryUnknown("code", f"{scheme} {edition} has no {code[:20]}")
        section_of(scheme, edition, code)
    except IndustryUnknown as unknown:
        raise CellWrong(str(unknown)) from None
    return {"scheme": scheme, "edition": edition, "code": code}


def _parts(item: str, least: int, most: int, form: str) -> list[str]:
    parts = [part.strip() for part in item.split(":")]
    if not least <= len(parts) <= most or not all(parts[:least]):
        raise CellWrong(f"write {form}")
    return parts + [""] * (most - len(parts))


def _key(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.casefold())
