"""Companies and what they look for."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.foundation.messages import Command, Event
from services.profiles.contract.values import (
    Country,
    Isco,
    LanguageSkill,
    NeedId,
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


class CreateCompany(Command, type="profiles.CreateCompany.v1"):
    """Turnover and balance sheet in euros a year. The size class is derived from them, never stated."""

    name: Text
    sector: Sector
    industry_code: Annotated[str, StringConstraints(max_length=40)] = ""
    headcount: Annotated[int, Field(ge=0, le=1_000_000)]
    turnover_eur: Annotated[int, Field(ge=0, le=10**12)]
    balance_sheet_eur: Annotated[int, Field(ge=0, le=10**12)]
    place: Text
    region: Region
    contact_name: Annotated[Sealed, Field(min_length=1)]
    contact_email: Annotated[Sealed, Field(min_length=1)]
    preferred_language: UiLanguage = "de"


class UpdateCompany(Command, type="profiles.UpdateCompany.v1"):
    """Replaces the fields that are given; the others stay."""

    name: Text | None = None
    sector: Sector | None = None
    industry_code: Annotated[str, StringConstraints(max_length=40)] | None = None
    headcount: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    turnover_eur: Annotated[int, Field(ge=0, le=10**12)] | None = None
    balance_sheet_eur: Annotated[int, Field(ge=0, le=10**12)] | None = None
    place: Text | None = None
    region: Region | None = None
    contact_name: Annotated[Sealed, Field(min_length=1)] | None = None
    contact_email: Annotated[Sealed, Field(min_length=1)] | None = None
    preferred_language: UiLanguage | None = None


class CompanyDetails(Value):
    """A company as last stated, with its derived size class. Contact name and e-mail are sealed."""

    kind: Literal["company"] = "company"
    name: str
    sector: str
    industry_code: str = ""
    headcount: int = 0
    turnover_eur: int = 0
    balance_sheet_eur: int = 0
    size_class: str = ""
    place: str = ""
    region: str = ""
    contact_name: str = ""
    contact_email: str = ""
    preferred_language: str = "de"


class StateNeed(Command, type="profiles.StateNeed.v1"):
    """What a company looks for; ``target_market`` (ISO 3166-1) where it wants to go abroad."""

    need_id: NeedId
    title: Text
    purpose: Purpose
    occupation: Isco | None = None
    skills: Annotated[tuple[Skill, ...], Field(max_length=50)] = ()
    languages: Annotated[tuple[LanguageSkill, ...], Field(max_length=10)] = ()
    sector: Sector
    target_market: Country | None = None
    place: Text
    region: Region


class WithdrawNeed(Command, type="profiles.WithdrawNeed.v1"):
    need_id: NeedId


class NeedStated(Event, type="profiles.NeedStated.v1"):
    need_id: str
    title: str
    purpose: str
    occupation: str | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    sector: str = ""
    target_market: str | None = None
    place: str = ""
    region: str = ""


class NeedWithdrawn(Event, type="profiles.NeedWithdrawn.v1"):
    need_id: str
