"""People: what may be asked of their profiles, and what they hold."""

from typing import Annotated, Literal

from pydantic import Field

from services.foundation.messages import Command
from services.profiles.contract.values import (
    Isco,
    KnownMarket,
    LanguageSkill,
    MarketKnowledge,
    Purpose,
    Region,
    Sealed,
    Sector,
    Skill,
    SpokenLanguage,
    Text,
    UiLanguage,
    Value,
)


class CreatePerson(Command, type="profiles.CreatePerson.v1"):
    name: Annotated[Sealed, Field(min_length=1)]
    email: Annotated[Sealed, Field(min_length=1)]
    phone: Sealed = ""
    preferred_language: UiLanguage = "de"
    occupation: Isco
    experience_years: Annotated[int, Field(ge=0, le=80)] = 0
    sectors: Annotated[tuple[Sector, ...], Field(min_length=1, max_length=10)]
    skills: Annotated[tuple[Skill, ...], Field(max_length=100)] = ()
    languages: Annotated[tuple[LanguageSkill, ...], Field(max_length=30)] = ()
    markets: Annotated[tuple[MarketKnowledge, ...], Field(max_length=30)] = ()
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=10)] = ("employment",)
    place: Text
    region: Region
    mobility_km: Annotated[int, Field(ge=0, le=20_000)] = 50


class UpdatePerson(Command, type="profiles.UpdatePerson.v1"):
    """Replaces the fields that are given; the others stay."""

    name: Annotated[Sealed, Field(min_length=1)] | None = None
    email: Annotated[Sealed, Field(min_length=1)] | None = None
    phone: Sealed | None = None
    preferred_language: UiLanguage | None = None
    occupation: Isco | None = None
    experience_years: Annotated[int, Field(ge=0, le=80)] | None = None
    sectors: Annotated[tuple[Sector, ...], Field(min_length=1, max_length=10)] | None = None
    skills: Annotated[tuple[Skill, ...], Field(max_length=100)] | None = None
    languages: Annotated[tuple[LanguageSkill, ...], Field(max_length=30)] | None = None
    markets: Annotated[tuple[MarketKnowledge, ...], Field(max_length=30)] | None = None
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=10)] | None = None
    place: Text | None = None
    region: Region | None = None
    mobility_km: Annotated[int, Field(ge=0, le=20_000)] | None = None


class PersonDetails(Value):
    """A person as last stated. Name, e-mail and phone are sealed."""

    kind: Literal["person"] = "person"
    name: str
    email: str
    phone: str = ""
    preferred_language: str = "de"
    occupation: str = ""
    experience_years: int = 0
    sectors: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    markets: tuple[KnownMarket, ...] = ()
    purposes: tuple[str, ...] = ()
    place: str = ""
    region: str = ""
    mobility_km: int = 0
