"""What each criterion says of a person for a need: the points of grades.py, why in two languages, and what that rests on."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from services.matching import grades
from services.matching.contract import Evidence
from services.matching.facts import AskedSkill, KnownSkill, Market, NeedFacts, PersonFacts
from services.matching.grades import FULL, RELATION_GRADES
from services.vocabulary.places import distance_km, folded


class Opinion(NamedTuple):
    """What one criterion says: points from 0 to 1, why, and the facts that were compared."""

    points: float
    reason_de: str
    reason_en: str
    evidence: tuple[Evidence, ...] = ()


Criterion = Callable[[NeedFacts, PersonFacts], Opinion | None]
"""None where the need does not ask for it."""

RELATION_WORDS: Mapping[str, tuple[str, str]] = {
    "narrower": ("enger gefasst", "more specific"),
    "broader": ("weiter gefasst", "more general"),
    "near": ("verwandt", "near in meaning"),
}
NETWORK_WORDS: Mapping[str, tuple[str, str]] = {
    "none": ("ohne Netzwerk dort", "without a network there"),
    "some": ("mit einigem Netzwerk dort", "with some network there"),
    "strong": ("mit starkem Netzwerk dort", "with a strong network there"),
}
RECOGNITION_WORDS: Mapping[str, tuple[str, str]] = {
    "none": ("Abschluss nicht anerkannt", "qualification not recognised"),
    "not_applied": ("Anerkennung nicht beantragt", "recognition not applied for"),
    "pending": ("Anerkennung beantragt", "recognition pending"),
    "statement_of_comparability": ("Zeugnisbewertung liegt vor", "statement of comparability is there"),
    "partial": ("Abschluss teilweise anerkannt", "qualification partly recognised"),
    "full": ("Abschluss voll anerkannt", "qualification fully recognised"),
    "not_required": ("Anerkennung nicht nötig", "recognition not required"),
}


def skills(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points = grades.skills(need, person)
    if points is None:
        return None
    best = [(asked, *_best_for(asked, person)) for asked in need.skills]
    there = [(asked, known, relation) for asked, known, relation in best if known is not None]
    names_de, names_en = (", ".join(_skill_named(*each, at) for each in there) or "–" for at in (0, 1))
    count, all_of_them = len(there), len(need.skills)
    evidence = tuple(
        Evidence(
            field="skills",
            asked=asked.typed,
            found=known.typed if known else "",
            provenance=known.provenance if known else "",
        )
        for asked, known, _ in best
    )
    return _opinion(
        points,
        f"{count} von {all_of_them} gesuchten Kenntnissen: {names_de}",
        f"{count} of {all_of_them} skills asked for: {names_en}",
        *evidence,
    )


def occupation(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points = grades.occupation(need, person)
    words = {
        FULL: ("gleicher Beruf", "same occupation"),
        7_500: ("eng verwandter Beruf", "closely related occupation"),
        4_000: ("verwandte Berufsgruppe", "related group of occupations"),
    }
    if points is None:
        return None
    reasons = words.get(points, ("anderer Beruf", "another occupation"))
    return _opinion(points, *reasons, _evidence(person, "occupation", need.occupation, person.occupation))


def experience(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points, years = grades.experience(need, person), person.experience_years
    if points is None:
        return None
    evidence = _evidence(person, "experience_years", "", str(years))
    return _opinion(points, f"Berufserfahrung in Jahren: {years}", f"years of experience: {years}", evidence)


def languages(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points = grades.languages(need, person)
    if points is None:
        return None
    short = ", ".join(sorted(each for each in need.languages if grades.levels_missing(need, person, each)))
    reasons = (
        (f"unter dem gesuchten Niveau: {short}", f"below the level asked for: {short}")
        if short
        else ("alle gesuchten Sprachen auf dem gesuchten Niveau", "all languages asked for, at the level asked for")
    )
    evidence = (
        _evidence(person, "languages", f"{language} {level}", _spoken(person, language))
        for language, level in need.languages.items()
    )
    return _opinion(points, *reasons, *evidence)


def sector(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points = grades.sector(need, person)
    if points is None:
        return None
    reasons = ("kennt die Branche", "knows the sector") if points else ("andere Branche", "another sector")
    return _opinion(points, *reasons, _evidence(person, "sectors", need.sector, ", ".join(sorted(person.sectors))))


def market(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points, country = grades.market(need, person), need.target_market
    if points is None:
        return None
    known = [each for each in person.markets if each.country == country]
    if not known:
        reasons = (f"kennt den Zielmarkt {country} nicht", f"does not know the target market {country}")
        return _opinion(points, *reasons, _evidence(person, "markets", country, ""))
    best = max(known, key=lambda each: (grades.market_grade(each, need.sector), each))
    found = f"{best.country} {best.sector}, {best.years}, {best.network}"
    return _opinion(points, *_market_words(best, need), _evidence(person, "markets", f"{country} {need.sector}".strip(), found))


def place(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points = grades.place(need, person)
    if points is None:
        return None
    mobility = f"{person.place or person.region}, {person.mobility_km} km"
    evidence = (
        _evidence(person, "place", need.place, mobility),
        _evidence(person, "mobility_km", "", str(person.mobility_km)),
    )
    return _opinion(points, *_place_words(need, person), *evidence)


def availability(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points = grades.availability(need, person)
    if points is None or need.wanted_from is None:
        return None
    start, hours = person.available_from, person.weekly_hours
    if start is None:
        reasons = ("Verfügbarkeit nicht angegeben", "availability not stated")
    elif start <= need.wanted_from:
        reasons = ("sofort verfügbar", "available at once")
    else:
        reasons = (f"verfügbar ab {start:%d.%m.%Y}", f"available from {start.isoformat()}")
    if hours is not None:
        reasons = (f"{reasons[0]}, {hours} Wochenstunden", f"{reasons[1]}, {hours} hours a week")
    evidence = [_evidence(person, "available_from", need.wanted_from.isoformat(), start.isoformat() if start else "")]
    if hours is not None:
        evidence.append(_evidence(person, "weekly_hours", "", str(hours)))
    return _opinion(points, *reasons, *evidence)


def recognition(need: NeedFacts, person: PersonFacts) -> Opinion | None:
    points = grades.recognition(need, person)
    if points is None:
        return None
    known = [each for each in person.recognitions if each in RECOGNITION_WORDS]
    best = max(known, key=lambda each: (grades.RECOGNITION_GRADES[each], each), default="")
    reasons = RECOGNITION_WORDS.get(best, ("kein Abschluss erfasst", "no qualification recorded"))
    return _opinion(points, *reasons, _evidence(person, "recognition", "", best))


CRITERIA: Mapping[str, Criterion] = {
    each.__name__: each
    for each in (skills, occupation, experience, languages, sector, market, place, availability, recognition)
}
"""Every criterion by its name, in the order in which verdicts are given; what each weighs is in a set of weights."""


def _opinion(points: int, reason_de: str, reason_en: str, *evidence: Evidence) -> Opinion:
    return Opinion(points / FULL, reason_de, reason_en, evidence)


def _evidence(person: PersonFacts, field: str, asked: str, found: str) -> Evidence:
    return Evidence(field=field, asked=asked, found=found, provenance=person.provenance.get(field, ""))


def _best_for(asked: AskedSkill, person: PersonFacts) -> tuple[KnownSkill | None, str]:
    """The skill that counts most for this one, and how it is related; the first by name where several do."""
    related = ((grades.relation(asked, known), known) for known in sorted(person.skills))
    counting = [(RELATION_GRADES[relation], known, relation) for relation, known in related if relation in RELATION_GRADES]
    if not counting:
        return None, ""
    _, known, relation = max(counting, key=lambda each: each[0])
    return known, relation


def _skill_named(asked: AskedSkill, known: KnownSkill, relation: str, at: int) -> str:
    if relation not in RELATION_WORDS:
        return asked.typed
    return f"{asked.typed} ({RELATION_WORDS[relation][at]}: {known.typed})"


def _spoken(person: PersonFacts, language: str) -> str:
    level = person.languages.get(language, "")
    return f"{language} {level}" if level else ""


def _market_words(best: Market, need: NeedFacts) -> tuple[str, str]:
    network_de, network_en = NETWORK_WORDS.get(best.network, NETWORK_WORDS["none"])
    in_sector_de, in_sector_en = (" in der Branche", " in the sector") if best.sector == need.sector else ("", "")
    return (
        f"kennt den Zielmarkt {best.country}{in_sector_de}, Jahre dort: {best.years}, {network_de}",
        f"knows the target market {best.country}{in_sector_en}, years there: {best.years}, {network_en}",
    )


def _place_words(need: NeedFacts, person: PersonFacts) -> tuple[str, str]:
    if folded(person.place) == folded(need.place):
        return "am selben Ort", "in the same place"
    distance = distance_km(person.place, need.place)
    if distance is not None:
        return (
            f"{distance:.0f} km entfernt, mobil bis {person.mobility_km} km",
            f"{distance:.0f} km away, mobile up to {person.mobility_km} km",
        )
    if person.region and person.region == need.region:
        return "in derselben Region", "in the same region"
    return "in einer anderen Region", "in another region"
