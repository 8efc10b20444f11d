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
Provenance = Literal["said", "staff", "verified"]
"""Where a statement comes from: said by whom it is about, entered by staff, or verified with evidence."""
PRECEDENCE: tuple[Provenance, ...] = ("verified", "said", "staff")
"""Which statement of a field counts, where there are several: the first of these."""
RecognitionStatus = Literal["not_required", "not_applied", "pending", "full", "partial", "none", "statement_of_comparability"]
"""How far a foreign qualification is recognised in Germany (BQFG; statement of comparability: by the ZAB)."""
NetworkStrength = Literal["none", "some", "strong"]
LanguageEvidence = Literal["self", "course", "certificate"]
CefrLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
SizeClass = Literal["micro", "small", "medium", "large"]
UiLanguage = Literal["de", "en", "uk", "ar", "fa", "fr"]
"""In which language somebody is written to. What the platform itself says is German or English."""

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
QualificationId = Annotated[str, StringConstraints(pattern=r"^qualification-[0-9a-f-]{36}$")]
ContactPersonId = Annotated[str, StringConstraints(pattern=r"^contactperson-[0-9a-f-]{36}$")]
OriginId = Annotated[str, StringConstraints(pattern=r"^(|(prospect|referral)-[0-9a-f-]{36})$")]
"""Whence a profile comes: the prospect or the referral that it was made of."""
ConceptId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:[^\s<>\"]{1,240}$")]
"""A concept of the skills vocabulary, a URI."""
Evidence = Sealed
"""What a verified statement rests on: which document was seen, and where it is kept. It may name people, so it is sealed."""
Website = Annotated[str, StringConstraints(pattern=r"^(|https?://[^\s<>\"]{3,290})$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")]
Years = Annotated[int, Field(ge=0, le=80)]
NeedId = Annotated[str, StringConstraints(pattern=r"^need-[0-9a-f-]{36}$")]


class Value(BaseModel):
    """A part of a message."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class LanguageSkill(Value, extra="forbid"):
    """A language and the CEFR level at which it is spoken, over all and, where known, by skill (Council of Europe, CEFR)."""

    language: LanguageCode
    level: Level
    listening: CefrLevel | None = None
    reading: CefrLevel | None = None
    spoken_interaction: CefrLevel | None = None
    spoken_production: CefrLevel | None = None
    writing: CefrLevel | None = None
    evidence: LanguageEvidence = "self"


class MarketKnowledge(Value, extra="forbid"):
    """What someone knows of a market: country (ISO 3166-1), sector, years there, and how strong their network there is."""

    country: Country
    sector: Sector
    years: Years = 0
    network: NetworkStrength = "none"


class SectorYears(Value, extra="forbid"):
    """Years of experience in a sector."""

    sector: Sector
    years: Years


class Site(Value, extra="forbid"):
    """A further place at which a company works."""

    place: Text
    region: Region


class TypedSkill(Value, extra="forbid"):
    """A skill as it was typed, and the concept that it was confirmed to mean; None where none does."""

    typed: Skill
    concept: ConceptId | None


class SpokenLanguage(Value):
    language: str
    level: str
    listening: str | None = None
    reading: str | None = None
    spoken_interaction: str | None = None
    spoken_production: str | None = None
    writing: str | None = None
    evidence: str = "self"


class KnownMarket(Value):
    country: str
    sector: str
    years: int = 0
    network: str = "none"


class SectorExperience(Value):
    sector: str
    years: int


class KnownSite(Value):
    place: str
    region: str


class ConfirmedSkill(Value):
    typed: str
    concept: str | None = None
