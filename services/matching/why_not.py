"""Why not? What rules a person out for a need or costs most, and the smallest change that would turn it.

A change is of what the person states or consents to. Where only another life would help (another occupation, another place to
live), nothing is named.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

from services.matching import grades
from services.matching.code_words import english, german
from services.matching.facts import KnownSkill, Market, NeedFacts, PersonFacts, level_number
from services.matching.grades import EXPERIENCED_YEARS, FAR_BELOW, FULL, SOON_DAYS, WELL_KNOWN_YEARS
from services.matching.ranking import Hindrance, hindrances, judge, most
from services.matching.weights import Weights
from services.profiles.contract import LEVELS
from services.vocabulary.places import distance_km, folded


@dataclass(frozen=True, slots=True)
class Change:
    """What would have to become different. ``person``: the same person with it."""

    field: str
    de: str
    en: str
    person: PersonFacts


@dataclass(frozen=True, slots=True)
class Cost:
    """What a criterion costs: ``lost`` of the score. ``change``: the smallest by which its points rise; None if none would."""

    criterion: str
    lost: float
    de: str
    en: str
    change: Change | None


def turning(need: NeedFacts, person: PersonFacts) -> Iterator[tuple[Hindrance, Change]]:
    """Everything that rules the person out, each with the smallest change that removes it. All of them together rank them."""
    short = (language for language in need.languages if grades.levels_missing(need, person, language) >= FAR_BELOW)
    for hindrance in hindrances(need, person):
        match hindrance.condition:
            case "consent":
                changed = replace(person, consent_to_matching=True)
                yield hindrance, Change("consents", "Einwilligung in die Vermittlung", "consent to matching", changed)
            case "purpose":
                changed = replace(person, purposes=person.purposes | {need.purpose})
                de, en = f"Zweck „{german(need.purpose)}“", f"purpose “{english(need.purpose)}”"
                yield hindrance, Change("purposes", de, en, changed)
            case "market":
                yield hindrance, _new_market(need, person)
            case "languages":
                language = next(short)
                lowest = LEVELS[level_number(need.languages[language]) - FAR_BELOW + 1]
                yield hindrance, _level(person, language, lowest)


def after_all(need: NeedFacts, person: PersonFacts) -> PersonFacts:
    """The person after the changes of ``turning``, one after the other."""
    while (first := next(turning(need, person), None)) is not None:
        person = first[1].person
    return person


def costs(need: NeedFacts, person: PersonFacts, weights: Weights) -> tuple[Cost, ...]:
    """What the criteria cost this person, the most first; without those that cost nothing."""
    parts = weights.all_parts()
    all_of_it = most(need, parts)
    found = []
    for name, opinion in judge(need, person, weights).opinions.items():
        missing = FULL - (grades.GRADES[name](need, person) or 0)
        if missing and parts.get(name) and all_of_it:
            lost = missing * parts[name] / all_of_it
            found.append(Cost(name, lost, opinion.reason_de, opinion.reason_en, smallest_change(name, need, person)))
    return tuple(sorted(found, key=lambda cost: -cost.lost))


def smallest_change(criterion: str, need: NeedFacts, person: PersonFacts) -> Change | None:
    """The smallest change by which the points of this criterion rise; None where nobody can change it."""
    grade = grades.GRADES[criterion]
    before = grade(need, person)
    change = CHANGES[criterion](need, person) if criterion in CHANGES and before is not None else None
    return change if change is not None and (grade(need, change.person) or 0) > (before or 0) else None


def _skills(need: NeedFacts, person: PersonFacts) -> Change | None:
    """One skill more: the one that is farthest from being there."""
    asked = min(need.skills, key=lambda each: grades.skill_grade(each, person))
    skills = person.skills | {KnownSkill(asked.typed, asked.concept)}
    return Change("skills", f"Kenntnis „{asked.typed}“", f"skill “{asked.typed}”", replace(person, skills=skills))


def _experience(_: NeedFacts, person: PersonFacts) -> Change | None:
    years = max(person.experience_years, 0) + 1
    if years > EXPERIENCED_YEARS:
        return None
    de, en = f"Berufserfahrung in Jahren: {years}", f"years of experience: {years}"
    return Change("experience_years", de, en, replace(person, experience_years=years))


def _languages(need: NeedFacts, person: PersonFacts) -> Change | None:
    """The fewest levels more by which a language counts more: that which lacks least."""
    lacking = {each: grades.levels_missing(need, person, each) for each in need.languages}
    short = sorted((levels, language) for language, levels in lacking.items() if levels)
    if not short:
        return None
    levels, language = short[0]
    asked = level_number(need.languages[language])
    return _level(person, language, LEVELS[asked if levels < FAR_BELOW else asked - FAR_BELOW + 1])


def _sector(need: NeedFacts, person: PersonFacts) -> Change | None:
    changed = replace(person, sectors=person.sectors | {need.sector})
    de, en = f"Kenntnis der Branche „{german(need.sector)}“", f"knowledge of the sector “{english(need.sector)}”"
    return Change("sectors", de, en, changed)


def _market(need: NeedFacts, person: PersonFacts) -> Change | None:
    """A year more, then a wider network, then the sector; of the knowledge that counts most."""
    known = [each for each in person.markets if each.country == need.target_market]
    if not known:
        return _new_market(need, person)
    best = max(known, key=lambda each: (grades.market_grade(each, need.sector), each))
    country = need.target_market
    wider = {"none": "some", "some": "strong"}
    if best.years < WELL_KNOWN_YEARS:
        better = best._replace(years=max(best.years, 0) + 1)
        words = (f"Jahre im Zielmarkt {country}: {better.years}", f"years in the target market {country}: {better.years}")
    elif best.network in wider:
        better = best._replace(network=wider[best.network])
        words = (f"ein stärkeres Netzwerk im Zielmarkt {country}", f"a stronger network in the target market {country}")
    elif need.sector and best.sector != need.sector:
        better = best._replace(sector=need.sector)
        words = (
            f"den Zielmarkt {country} in der Branche „{german(need.sector)}“ kennen",
            f"knowing the target market {country} in the sector “{english(need.sector)}”",
        )
    else:
        return None
    return Change("markets", *words, replace(person, markets=person.markets | {better}))


def _place(need: NeedFacts, person: PersonFacts) -> Change | None:
    """The fewest kilometres more of mobility. Where mobility does not count, only moving would help."""
    distance = distance_km(person.place, need.place)
    if distance is None or distance <= person.mobility_km or folded(person.place) == folded(need.place):
        return None
    km = ceil(distance) if distance <= 2 * person.mobility_km else ceil(distance / 2)
    more = km - person.mobility_km
    de, en = f"{more} km mehr Mobilität (bis {km} km)", f"{more} km more mobility (up to {km} km)"
    return Change("mobility_km", de, en, replace(person, mobility_km=km))


def _availability(need: NeedFacts, person: PersonFacts) -> Change | None:
    if need.wanted_from is None:
        return None
    start, hours = person.available_from, person.weekly_hours
    soon = need.wanted_from + timedelta(days=SOON_DAYS)
    if start is None or start > need.wanted_from:
        day = soon if start is None or start > soon else need.wanted_from
        de, en = f"verfügbar ab {day:%d.%m.%Y}", f"available from {day.isoformat()}"
        return Change("available_from", de, en, replace(person, available_from=day))
    if hours is None or hours >= 30:
        return None
    more = 15 if hours < 15 else 30
    return Change("weekly_hours", f"{more} Wochenstunden", f"{more} hours a week", replace(person, weekly_hours=more))


NEXT_RECOGNITION: Mapping[str, tuple[str, str, str]] = {
    "": ("not_applied", "einen Abschluss angeben", "a qualification in the profile"),
    "none": ("statement_of_comparability", "eine Zeugnisbewertung", "a statement of comparability"),
    "not_applied": ("pending", "die Anerkennung beantragen", "applying for recognition"),
    "pending": ("partial", "eine teilweise Anerkennung", "a partial recognition"),
    "statement_of_comparability": ("full", "die volle Anerkennung", "full recognition"),
    "partial": ("full", "die volle Anerkennung", "full recognition"),
}


def _recognition(_: NeedFacts, person: PersonFacts) -> Change | None:
    known = (each for each in person.recognitions if each in grades.RECOGNITION_GRADES)
    best = max(known, key=lambda each: (grades.RECOGNITION_GRADES[each], each), default="")
    if best not in NEXT_RECOGNITION:
        return None
    status, de, en = NEXT_RECOGNITION[best]
    return Change("qualifications", de, en, replace(person, recognitions=person.recognitions | {status}))


CHANGES: Mapping[str, Callable[[NeedFacts, PersonFacts], Change | None]] = {
    "skills": _skills,
    "experience": _experience,
    "languages": _languages,
    "sector": _sector,
    "market": _market,
    "place": _place,
    "availability": _availability,
    "recognition": _recognition,
}
"""By criterion. An occupation is what somebody has learnt: no small change makes it another."""


def _level(person: PersonFacts, language: str, level: str) -> Change:
    spoken = person.languages.get(language)
    de = f"{language}: von {spoken} auf {level}" if spoken else f"{language}: {level}"
    en = f"{language}: from {spoken} to {level}" if spoken else f"{language}: {level}"
    return Change("languages", de, en, replace(person, languages={**person.languages, language: level}))


def _new_market(need: NeedFacts, person: PersonFacts) -> Change:
    known = Market(need.target_market, need.sector)
    de, en = f"Kenntnis des Zielmarkts {need.target_market}", f"knowledge of the target market {need.target_market}"
    return Change("markets", de, en, replace(person, markets=person.markets | {known}))
