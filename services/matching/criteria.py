"""What a person is judged by for a need: each criterion has a weight, and says points from 0 to 1 and why, in two languages."""

from collections.abc import Callable
from typing import NamedTuple

from services.matching.facts import NeedFacts, PersonFacts, level_number
from services.vocabulary.places import distance_km

EXPERIENCED_YEARS = 5
"""Years of experience beyond which more of them say nothing more."""


class Opinion(NamedTuple):
    """What one criterion says: points from 0 to 1, and why."""

    points: float
    reason_de: str
    reason_en: str


def skills(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    """The share of the asked skills that the person has; spelling in capitals or not makes no difference."""
    if not need.skills:
        return None
    known = {skill.casefold() for skill in person.skills}
    shared = [skill for skill in need.skills if skill.casefold() in known]
    names = ", ".join(shared) or "–"
    return Opinion(
        len(shared) / len(need.skills),
        f"{len(shared)} von {len(need.skills)} gesuchten Kenntnissen: {names}",
        f"{len(shared)} of {len(need.skills)} skills asked for: {names}",
    )


def occupation(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    """By ISCO-08: the same unit group, the same minor group (three digits), or the same sub-major group (two digits)."""
    if not need.occupation:
        return None
    if person.occupation == need.occupation:
        return Opinion(1.0, "gleicher Beruf", "same occupation")
    if person.occupation[:3] == need.occupation[:3]:
        return Opinion(0.75, "eng verwandter Beruf", "closely related occupation")
    if person.occupation[:2] == need.occupation[:2]:
        return Opinion(0.4, "verwandte Berufsgruppe", "related group of occupations")
    return Opinion(0.0, "anderer Beruf", "another occupation")


def languages(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    """The mean over the asked languages: at the asked level or above, one level below, or farther."""
    if not need.languages:
        return None
    missing = {language: levels_missing(need, person, language) for language in need.languages}
    points = sum({0: 1.0, 1: 0.5}.get(levels, 0.0) for levels in missing.values()) / len(missing)
    short = ", ".join(sorted(language for language, levels in missing.items() if levels))
    if not short:
        return Opinion(
            points, "alle gesuchten Sprachen auf dem gesuchten Niveau", "all languages asked for, at the level asked for"
        )
    return Opinion(points, f"unter dem gesuchten Niveau: {short}", f"below the level asked for: {short}")


def sector(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    if not need.sector:
        return None
    if need.sector in person.sectors:
        return Opinion(1.0, "kennt die Branche", "knows the sector")
    return Opinion(0.0, "andere Branche", "another sector")


def market(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    """Knowledge of the target market, best in the sector of the need."""
    country = need.target_market
    if not country:
        return None
    if (country, need.sector) in person.markets:
        return Opinion(1.0, f"kennt den Zielmarkt {country} in der Branche", f"knows the target market {country} in the sector")
    if any(known == country for known, _ in person.markets):
        return Opinion(0.7, f"kennt den Zielmarkt {country}", f"knows the target market {country}")
    return Opinion(0.0, f"kennt den Zielmarkt {country} nicht", f"does not know the target market {country}")


def place(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    """The same place, within or near the distance the person will travel, or else the same region."""
    if not need.place:
        return None
    if person.place.casefold() == need.place.casefold():
        return Opinion(1.0, "am selben Ort", "in the same place")
    distance = distance_km(person.place, need.place)
    if distance is not None:
        return _by_distance(distance, person.mobility_km)
    if person.region and person.region == need.region:
        return Opinion(0.6, "in derselben Region", "in the same region")
    return Opinion(0.1, "in einer anderen Region", "in another region")


def experience(_: NeedFacts, person: PersonFacts) -> Opinion | None:
    years = person.experience_years
    points = min(max(years, 0), EXPERIENCED_YEARS) / EXPERIENCED_YEARS
    return Opinion(points, f"Berufserfahrung in Jahren: {years}", f"years of experience: {years}")


def levels_missing(need: NeedFacts, person: PersonFacts, language: str) -> int:
    """How many CEFR levels the person is below the asked one."""
    asked, spoken = need.languages.get(language, ""), person.languages.get(language, "")
    return max(0, level_number(asked) - level_number(spoken))


def _by_distance(distance: float, mobility_km: int) -> Opinion:
    reasons = (
        f"{distance:.0f} km entfernt, mobil bis {mobility_km} km",
        f"{distance:.0f} km away, mobile up to {mobility_km} km",
    )
    if distance <= mobility_km:
        return Opinion(0.9, *reasons)
    return Opinion(0.5 if distance <= 2 * mobility_km else 0.2, *reasons)


Criterion = Callable[[NeedFacts, PersonFacts], Opinion | None]
"""None where the need does not ask for it."""

CRITERIA: tuple[tuple[Criterion, float], ...] = (
    (skills, 0.30),
    (occupation, 0.20),
    (languages, 0.15),
    (sector, 0.10),
    (market, 0.10),
    (place, 0.10),
    (experience, 0.05),
)
"""Every criterion with its weight. A criterion's name is its function's."""
