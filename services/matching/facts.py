"""What ranking may know of a need and of a person. Origin, religion, sex, age, disability and family have no field here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from services.profiles.contract import LEVELS, NeedStated

NOT_SPOKEN = -1
_NUMBERS: Mapping[str, int] = {level: number for number, level in enumerate(LEVELS)}


class KnownSkill(NamedTuple):
    """A skill of a person as it was typed, the concept it was confirmed to mean (or empty), and who confirmed it."""

    typed: str
    concept: str = ""
    provenance: str = "staff"

    @property
    def text(self) -> str:
        """One spelling for all uses of capitals and spaces."""
        return folded_text(self.typed)


class Market(NamedTuple):
    """What a person knows of a market: ISO 3166-1 country, sector, years there, strength of their network there."""

    country: str
    sector: str
    years: int = 0
    network: str = "none"


class AskedSkill(NamedTuple):
    """A skill that a need asks for. ``related``: how each concept that counts for it is related to it, itself as ``same``."""

    typed: str
    concept: str = ""
    related: Mapping[str, str] = {}

    @property
    def text(self) -> str:
        return folded_text(self.typed)


Related = Callable[[str], Mapping[str, str]]
"""Gives to a concept those that count for it, each with ``same``, ``narrower``, ``broader`` or ``near``."""


def only_itself(concept: str) -> Mapping[str, str]:
    """Where there is no vocabulary."""
    return {concept: "same"}


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What a need asks for. ``languages``: the asked level by language; ``target_market``: ISO 3166-1, or empty.

    ``wanted_from``: from when somebody is wanted; None where availability is not to be judged.
    """

    need_id: str
    purpose: str
    occupation: str = ""
    skills: tuple[AskedSkill, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    sector: str = ""
    target_market: str = ""
    place: str = ""
    region: str = ""
    wanted_from: date | None = None

    @classmethod
    def of(cls, need: NeedStated, related: Related = only_itself, wanted_from: date | None = None) -> "NeedFacts":
        concepts = {each.typed: each.concept or "" for each in need.concepts}
        return cls(
            need_id=need.need_id,
            purpose=need.purpose,
            occupation=need.occupation or "",
            skills=tuple(_asked(typed, concepts.get(typed, ""), related) for typed in need.skills),
            languages=best_levels((each.language, each.level) for each in need.languages),
            sector=need.sector,
            target_market=need.target_market or "",
            place=need.place,
            region=need.region,
            wanted_from=wanted_from,
        )

    @property
    def is_for_market(self) -> bool:
        """A wish for knowledge of a market: there is no vacancy, so nothing is asked that belongs to a workplace."""
        return self.purpose == "market_expertise"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What may count for someone. ``languages``: the level by language; ``recognitions``: of each qualification.

    ``provenance``: by the name of a field of the profile, where the statement that counts comes from. No rule reads it; a
    verdict names it.
    """

    person_id: str
    consent_to_matching: bool
    purposes: frozenset[str] = frozenset()
    occupation: str = ""
    experience_years: int = 0
    sectors: frozenset[str] = frozenset()
    skills: frozenset[KnownSkill] = frozenset()
    languages: Mapping[str, str] = field(default_factory=dict)
    markets: frozenset[Market] = frozenset()
    place: str = ""
    region: str = ""
    mobility_km: int = 0
    available_from: date | None = None
    weekly_hours: int | None = None
    recognitions: frozenset[str] = frozenset()
    provenance: Mapping[str, str] = field(default_factory=dict)


def folded_text(typed: str) -> str:
    return " ".join(typed.casefold().split())


def level_number(level: str) -> int:
    """The place of a CEFR level in its order: A1 is 0; a language that is not spoken, or an unknown level, is one below."""
    return _NUMBERS.get(level, NOT_SPOKEN)


def best_levels(languages: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The level by language, from pairs of both; of a language stated twice, the higher."""
    best: dict[str, str] = {}
    for language, level in languages:
        if language not in best or level_number(level) > level_number(best[language]):
            best[language] = level
    return best


def _asked(typed: str, concept: str, related: Related) -> AskedSkill:
    return AskedSkill(typed, concept, related(concept) if concept else {})
