"""What ranking may know of a need and of a person. Origin, religion, sex, age, disability and family have no field here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.profiles.contract import LEVELS, NeedStated, PersonDetails, SpokenLanguage

NOT_SPOKEN = -1


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What a need asks for. ``languages``: the asked level by language; ``target_market``: ISO 3166-1, or empty."""

    need_id: str
    purpose: str
    occupation: str = ""
    skills: tuple[str, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    sector: str = ""
    target_market: str = ""
    place: str = ""
    region: str = ""

    @classmethod
    def of(cls, need: NeedStated) -> "NeedFacts":
        return cls(
            need_id=need.need_id,
            purpose=need.purpose,
            occupation=need.occupation or "",
            skills=need.skills,
            languages=best_levels(need.languages),
            sector=need.sector,
            target_market=need.target_market or "",
            place=need.place,
            region=need.region,
        )


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What may count for someone. ``languages``: the level by language; ``markets``: pairs of country and sector."""

    person_id: str
    consent_to_matching: bool
    purposes: frozenset[str] = frozenset()
    occupation: str = ""
    experience_years: int = 0
    sectors: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    languages: Mapping[str, str] = field(default_factory=dict)
    markets: frozenset[tuple[str, str]] = frozenset()
    place: str = ""
    region: str = ""
    mobility_km: int = 0

    @classmethod
    def of(cls, person_id: str, details: PersonDetails, consent_to_matching: bool) -> "PersonFacts":
        return cls(
            person_id=person_id,
            consent_to_matching=consent_to_matching,
            purposes=frozenset(details.purposes),
            occupation=details.occupation,
            experience_years=details.experience_years,
            sectors=frozenset(details.sectors),
            skills=frozenset(details.skills),
            languages=best_levels(details.languages),
            markets=frozenset((market.country, market.sector) for market in details.markets),
            place=details.place,
            region=details.region,
            mobility_km=details.mobility_km,
        )


def level_number(level: str) -> int:
    """The place of a CEFR level in its order: A1 is 0; a language that is not spoken, or an unknown level, is one below."""
    return LEVELS.index(level) if level in LEVELS else NOT_SPOKEN


def best_levels(languages: Iterable[SpokenLanguage]) -> dict[str, str]:
    """The level by language; of a language stated twice, the higher."""
    return {each.language: each.level for each in sorted(languages, key=lambda spoken: level_number(spoken.level))}
