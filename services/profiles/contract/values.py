"""The values that the messages of profiles are made of, with their limits. Source: DOMAIN.md, "Values"."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Kind = Literal["person", "company", "partner"]
Sector = Literal["mechanical_engineering", "agriculture", "renewable_energy", "construction", "trade", "services", "other"]
Level = Literal["A1", "A2", "B1", "B2", "C1", "C2", "native"]
LEVELS: tuple[Level, ...] = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
Purpose = Literal["employment", "internship", "mentoring", "advice", "market_expertise", "joint_venture"]
ConsentPurpose = Literal["matching", "show_to_companies", "share_with_partners", "be_written_to", "reports"]
"""What a person may agree to: be matched, be shown to companies, be shared with partner regions, be written to, be counted."""
SizeClass = Literal["micro", "small", "medium", "large"]
UiLanguage = Literal["de", "en"]

LONGEST_TEXT = 2_000
LONGEST_SEALED = 12_000
"""Enough for LONGEST_TEXT characters of four bytes, encrypted and written in base64."""

Sealed = Annotated[str, StringConstraints(pattern=r"^(|sealed\.v1\.[A-Za-z0-9_-]+)$", max_length=LONGEST_SEALED)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Skill = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Isco = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^person-[0-9a-f-]{36}$")]
CompanyId = Annotated[str, StringConstraints(pattern=r"^company-[0-9a-f-]{36}$")]
PartnerId = Annotated[str, StringConstraints(pattern=r"^partner-[0-9a-f-]{36}$")]
NeedId = Annotated[str, StringConstraints(pattern=r"^need-[0-9a-f-]{36}$")]


class Value(BaseModel):
    """A part of a message."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class LanguageSkill(Value, extra="forbid"):
    """A language and the CEFR level at which it is spoken."""

    language: LanguageCode
    level: Level


class MarketKnowledge(Value, extra="forbid"):
    """What someone knows of a market: country (ISO 3166-1), sector, years there."""

    country: Country
    sector: Sector
    years: Annotated[int, Field(ge=0, le=80)] = 0


class SpokenLanguage(Value):
    language: str
    level: str


class KnownMarket(Value):
    country: str
    sector: str
    years: int = 0
