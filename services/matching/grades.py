"""The arithmetic of the criteria: how well a person meets what a need asks, in whole ten-thousandths.

Each function gives 0 to FULL, or None where the need does not ask: that depends on the need alone, so that the people for one
need are all measured by the same criteria. The small rules are functions of their own: index.py looks them up in tables.
"""

from collections.abc import Callable, Mapping
from datetime import date

from services.matching.facts import AskedSkill, KnownSkill, Market, NeedFacts, PersonFacts, level_number
from services.vocabulary.places import distance_km, folded

FULL = 10_000
EXPERIENCED_YEARS = 5
"""Years of experience beyond which more of them say nothing more."""
WELL_KNOWN_YEARS = 10
"""Years in a market beyond which more of them say nothing more."""
FAR_BELOW = 2
"""So many CEFR levels below the asked one rule someone out; a language not spoken at all is one level below A1."""
SOON_DAYS = 90

RELATION_GRADES: Mapping[str, int] = {"near": 4_000, "broader": 5_000, "narrower": 9_000, "same": FULL}
"""What a skill counts by how it is related to the asked one: somebody with a narrower skill can mostly do what is asked."""
NETWORK_GRADES: Mapping[str, int] = {"none": 0, "some": 1_500, "strong": 3_000}
RECOGNITION_GRADES: Mapping[str, int] = {
    "none": 1_000,
    "not_applied": 3_000,
    "pending": 5_000,
    "statement_of_comparability": 7_000,
    "partial": 7_000,
    "full": FULL,
    "not_required": FULL,
}
UNRECORDED = 2_000
"""No qualification is recorded."""

JOBS = frozenset({"employment", "internship"})


def skills(need: NeedFacts, person: PersonFacts) -> int | None:
    """The mean over the asked skills of the best that the person has for each."""
    if not need.skills:
        return None
    return sum(skill_grade(asked, person) for asked in need.skills) // len(need.skills)


def skill_grade(asked: AskedSkill, person: PersonFacts) -> int:
    return max((RELATION_GRADES.get(relation(asked, known), 0) for known in person.skills), default=0)


def relation(asked: AskedSkill, known: KnownSkill) -> str:
    """By concepts where both have one, else by what was typed; empty where they have nothing to do with each other."""
    if asked.concept and known.concept:
        return asked.related.get(known.concept, "")
    return "same" if asked.text == known.text else ""


def occupation(need: NeedFacts, person: PersonFacts) -> int | None:
    return occupation_grade(need.occupation, person.occupation) if need.occupation else None


def occupation_grade(asked: str, own: str) -> int:
    """By ISCO-08: the same unit group, the same minor group (three digits), or the same sub-major group (two digits)."""
    if own == asked:
        return FULL
    if own[:3] == asked[:3]:
        return 7_500
    return 4_000 if own[:2] == asked[:2] else 0


def experience(need: NeedFacts, person: PersonFacts) -> int | None:
    return None if need.is_for_market else experience_grade(person.experience_years)


def experience_grade(years: int) -> int:
    return min(max(years, 0), EXPERIENCED_YEARS) * FULL // EXPERIENCED_YEARS


def languages(need: NeedFacts, person: PersonFacts) -> int | None:
    """The mean over the asked languages: at the asked level or above, one level below, or farther."""
    if not need.languages:
        return None
    return sum(language_grade(levels_missing(need, person, each)) for each in need.languages) // len(need.languages)


def language_grade(missing: int) -> int:
    return {0: FULL, 1: FULL // 2}.get(missing, 0)


def levels_missing(need: NeedFacts, person: PersonFacts, language: str) -> int:
    """How many CEFR levels the person is below the asked one."""
    asked, spoken = need.languages.get(language, ""), person.languages.get(language, "")
    return max(0, level_number(asked) - level_number(spoken))


def sector(need: NeedFacts, person: PersonFacts) -> int | None:
    if not need.sector:
        return None
    return FULL if need.sector in person.sectors else 0


def market(need: NeedFacts, person: PersonFacts) -> int | None:
    """The best that the person knows of the target market."""
    if not need.target_market:
        return None
    known = (each for each in person.markets if each.country == need.target_market)
    return max((market_grade(each, need.sector) for each in known), default=0)


def market_grade(known: Market, sector: str) -> int:
    """Knowing the market, the years there, and the network there; in another sector seven tenths of it."""
    years = min(max(known.years, 0), WELL_KNOWN_YEARS)
    grade = 4_000 + 3_000 * years // WELL_KNOWN_YEARS + NETWORK_GRADES.get(known.network, 0)
    return grade if known.sector == sector else grade * 7 // 10


def place(need: NeedFacts, person: PersonFacts) -> int | None:
    """The same place, within or near the distance the person will travel, or else the same region."""
    if not need.place or need.is_for_market:
        return None
    if folded(person.place) == folded(need.place):
        return FULL
    distance = distance_km(person.place, need.place)
    if distance is not None:
        return distance_grade(distance, person.mobility_km)
    return region_grade(bool(person.region) and person.region == need.region)


def distance_grade(distance: float, mobility_km: int) -> int:
    if distance <= mobility_km:
        return 9_000
    return 5_000 if distance <= 2 * mobility_km else 2_000


def region_grade(same: bool) -> int:
    return 6_000 if same else 1_000


def availability(need: NeedFacts, person: PersonFacts) -> int | None:
    if need.purpose not in JOBS or need.wanted_from is None:
        return None
    return availability_grade(need.wanted_from, person.available_from, person.weekly_hours)


def availability_grade(wanted_from: date, available_from: date | None, weekly_hours: int | None) -> int:
    """From when, and less for few hours a week. Whoever has not said from when stands in the middle."""
    if available_from is None:
        grade = 5_000
    else:
        days = (available_from - wanted_from).days
        grade = FULL if days <= 0 else 7_000 if days <= SOON_DAYS else 3_000
    if weekly_hours is None or weekly_hours >= 30:
        return grade
    return grade * 3 // 4 if weekly_hours >= 15 else grade // 2


def recognition(need: NeedFacts, person: PersonFacts) -> int | None:
    return recognition_grade(person.recognitions) if need.purpose == "employment" else None


def recognition_grade(statuses: frozenset[str]) -> int:
    """That of the qualification which is recognised best."""
    return max((RECOGNITION_GRADES.get(each, UNRECORDED) for each in statuses), default=UNRECORDED)


Grade = Callable[[NeedFacts, PersonFacts], int | None]

GRADES: Mapping[str, Grade] = {
    each.__name__: each
    for each in (skills, occupation, experience, languages, sector, market, place, availability, recognition)
}
"""Every criterion by its name."""


def is_ruled_out(need: NeedFacts, person: PersonFacts) -> bool:
    """Whether something rules this person out that no weight makes up for; ``ranking.hindrances`` says what."""
    return (
        not person.consent_to_matching
        or need.purpose not in person.purposes
        or lacks_the_market(need, person)
        or any(levels_missing(need, person, language) >= FAR_BELOW for language in need.languages)
    )


def lacks_the_market(need: NeedFacts, person: PersonFacts) -> bool:
    """Who wants to help with markets can do so for those that they know."""
    return need.is_for_market and bool(need.target_market) and not market(need, person)
