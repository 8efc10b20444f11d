"""The parameters of a search, in one table for each resource: what each may say, and the clause that it becomes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from services.gateway.search.clauses import All, AvailableBy, Begins, Between, Clause, Holds, Reaches, Says
from services.gateway.search.concepts import with_narrower
from services.gateway.search.entries import lettered
from services.gateway.search.folding import folded, words
from services.profiles.contract import LEVELS, ConsentPurpose, Purpose, RecognitionStatus, Sector, SizeClass
from services.vocabulary.industries import IndustryUnknown, section_of
from services.vocabulary.places import coordinates, within
from services.vocabulary.places import folded as folded_place

LONGEST = 200
MOST_WORDS = 10
FARTHEST_KM = 2_000

Join = Literal["any", "all", "once"]
"""What several values of a parameter mean: one of them, all of them, or that only one may be given."""


class Unfit(ValueError):
    """A value that a parameter does not take; the message says what it takes."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """``read`` makes a clause of a value and raises Unfit."""

    read: Callable[[str], Clause]
    join: Join
    about: str
    example: str
    schema: Mapping[str, Any]


def _text(pattern: str = "", **schema: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": LONGEST} | ({"pattern": pattern} if pattern else {}) | schema


def _one_of(field: str, literal: Any, about: str) -> Parameter:
    values: tuple[str, ...] = get_args(literal)

    def read(value: str) -> Clause:
        if value not in values:
            raise Unfit(f"must be one of {', '.join(values)}")
        return Holds((f"{field}={value}",))

    return Parameter(read, "any", about, values[0], {"type": "string", "enum": list(values)})


def _shaped(field: str, pattern: str, about: str, example: str) -> Parameter:
    def read(value: str) -> Clause:
        _require(pattern, value, example)
        return Holds((f"{field}={value}",))

    return Parameter(read, "any", about, example, _text(pattern))


def _truth(field: str, about: str) -> Parameter:
    return _one_of(field, Literal["true", "false"], about)


def _require(pattern: str, value: str, example: str) -> None:
    if not re.fullmatch(pattern, value):
        raise Unfit(f"must look like {example}")


def say(names: bool) -> Callable[[str], Clause]:
    """Reads the words of ``q``."""

    def read(value: str) -> Clause:
        found = words(value)
        if not found:
            raise Unfit("must hold a letter or digit")
        if len(found) > MOST_WORDS:
            raise Unfit(f"may have {MOST_WORDS} words at most")
        return All(tuple(Says(word, names) for word in found))

    return read


def _occupation(value: str) -> Clause:
    _require("[0-9]{1,4}", value, "2144 or 21")
    return Begins(f"occupation={value}")


def _skill(value: str) -> Clause:
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", value):
        return Holds(tuple(f"concept={each}" for each in sorted(with_narrower(value))))
    if not folded(value):
        raise Unfit("must hold a letter or digit")
    return Holds((f"skill={folded(value)}",))


def _language(value: str) -> Clause:
    levels = "|".join(LEVELS)
    _require(rf"[a-z]{{2,3}}(:({levels}))?", value, "de:B2")
    return Holds((f"language={value if ':' in value else value + ':A1'}",))


def _market(value: str) -> Clause:
    _require("[A-Z]{2}(:[a-z_]+)?", value, "SY or SY:construction")
    return Holds((f"market={value}",))


def _industry(value: str) -> Clause:
    scheme, _, rest = value.partition(":")
    edition, _, code = rest.partition(":")
    _require("[A-V]?([0-9]{2}([.][0-9]{0,2}([.][0-9]?)?)?)?", code, "WZ:2008:C28")
    try:
        section_of(scheme, edition, code or "A")
    except IndustryUnknown as unknown:
        raise Unfit(str(unknown)) from None
    return Begins(f"industry={scheme}:{edition}:{lettered(scheme, edition, code) if code else ''}")


def _place(value: str) -> Clause:
    return Holds((f"place={folded_place(value)}",))


def near(place: str, km: str) -> Clause:
    """The clause of ``place`` with ``within_km``; raises Unfit for a distance that is none, or a place that is nowhere."""
    try:
        distance = float(km)
    except ValueError:
        raise Unfit("must be a number of kilometres like 30") from None
    if not 0 <= distance <= FARTHEST_KM:
        raise Unfit(f"must lie between 0 and {FARTHEST_KM}")
    if coordinates(place) is None:
        raise Unfit("needs a place that is on the map of Mecklenburg-Vorpommern")
    return Holds(tuple(sorted(f"place={each}" for each in within(place, distance))))


def _reaches(value: str) -> Clause:
    if coordinates(value) is None:
        raise Unfit("must be a place that is on the map of Mecklenburg-Vorpommern")
    return Reaches(folded_place(value))


def _available(value: str) -> Clause:
    try:
        return AvailableBy(date.fromisoformat(value).isoformat())
    except ValueError:
        raise Unfit("must be a day like 2027-01-01") from None


def moment(value: str) -> float:
    """Seconds since 1970 of a time or, at midnight UTC, a day; raises Unfit."""
    try:
        given = datetime.fromisoformat(value.replace(" ", "+"))
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise Unfit("must be a time like 2026-11-01T00:00:00Z, or a day") from None


_DAY = _text(format="date")
_TIME = _text(format="date-time")
COUNTRY, REGION = "[A-Z]{2}", "[A-Z]{2}-[A-Z0-9]{1,3}"

_SECTOR = _one_of("sector", Sector, "Sector; several: one of them")
_REGION = _shaped("region", REGION, "Region (ISO 3166-2); several: one of them", "DE-MV")
_PLACE = Parameter(_place, "any", "Place, however it is written; with `within_km` all places so near", "Rostock", _text())
_PURPOSE = _one_of("purpose", Purpose, "Purpose of cooperation; several: one of them")
_OCCUPATION = Parameter(
    _occupation, "any", "Occupation (ISCO-08) or the first digits of one; several: one of them", "214", _text("^[0-9]{1,4}$")
)
_SKILL = Parameter(
    _skill, "all", "Skill: a concept's id, which includes narrower ones, or as it was typed; several: all", "CAD", _text()
)
_LANGUAGE = Parameter(_language, "all", "Language, at this CEFR level or a higher one; several: all", "de:B2", _text())
_CONSENT = _one_of("consent", ConsentPurpose, "An active consent to this; several: one of them")
_SINCE = Parameter(
    lambda value: Between("updated", low=moment(value)), "once", "Last changed at this time or later", "2026-11-01", _TIME
)
_OLDER = Parameter(
    lambda value: Between("updated", high=moment(value)), "once", "Last changed before this time", "2026-11-01", _TIME
)
_FRESHNESS = {"updated_since": _SINCE, "older_than": _OLDER}

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "people": {
        "sector": _SECTOR,
        "occupation": _OCCUPATION,
        "skill": _SKILL,
        "language": _LANGUAGE,
        "place": _PLACE,
        "reaches": Parameter(_reaches, "any", "A place within the person's own mobility", "Wismar", _text()),
        "region": _REGION,
        "recognition": _one_of("recognition", RecognitionStatus, "A qualification with this recognition; several: one of them"),
        "purpose": _PURPOSE,
        "market": Parameter(
            _market, "any", "Market knowledge: country (ISO 3166-1), or country and sector; several: one of them",
            "SY:construction", _text(),
        ),
        "consent": _CONSENT,
        "available_by": Parameter(
            _available, "once", "Available on this day; who named no day is", "2027-01-01", _DAY
        ),
        **_FRESHNESS,
    },
    "companies": {
        "sector": _SECTOR,
        "place": _PLACE,
        "region": _REGION,
        "size_class": _one_of("size_class", SizeClass, "Size class (2003/361/EC); several: one of them"),
        "industry": Parameter(
            _industry, "any", "Industry as scheme:edition:code, or the beginning of a code; several: one of them",
            "WZ:2008:C28", _text(),
        ),
        "has_open_need": _truth("has_open_need", "Whether the company looks for someone"),
        "consent": _CONSENT,
        **_FRESHNESS,
    },
    "needs": {
        "sector": _SECTOR,
        "occupation": _OCCUPATION,
        "skill": _SKILL,
        "language": _LANGUAGE,
        "place": _PLACE,
        "region": _REGION,
        "purpose": _PURPOSE,
        "open": _truth("open", "Whether it is still open"),
        "company_id": _shaped(
            "company_id", "company-[0-9a-f-]{36}", "Of this company; several: one of them",
            "company-6f0b8f0e-5a44-4d0b-9a53-1f6d1d0c7a10",
        ),
        "target_market": _shaped("target_market", COUNTRY, "Target market (ISO 3166-1); several: one of them", "PL"),
        **_FRESHNESS,
    },
}  # fmt: skip
"""By resource. ``q`` and ``within_km`` are read beside them, see queries.py."""

FACETS: Mapping[str, Sequence[str]] = {
    "people": (
        "sector", "occupation", "skill", "concept", "language", "place", "region", "recognition", "purpose", "market",
        "consent",
    ),
    "companies": ("sector", "place", "region", "size_class", "industry", "has_open_need", "consent"),
    "needs": (
        "sector", "occupation", "skill", "concept", "language", "place", "region", "purpose", "open", "company_id",
        "target_market",
    ),
}  # fmt: skip
"""What can be counted."""

SORTS: Mapping[str, Sequence[str]] = {
    "people": ("id", "updated", "created", "name", "distance", "relevance"),
    "companies": ("id", "updated", "created", "name", "distance", "relevance"),
    "needs": ("id", "updated", "name", "distance", "relevance"),
}
