"""What profiles says to others: the values, commands and events of people, companies, partners and referrals.

Fields typed ``Sealed`` hold personal data, encrypted by the gateway with the key of that person (foundation/privacy.py).
Source of the values: DOMAIN.md, "Values" (CEFR, ISCO-08, ISO 3166, ISO 639, 2003/361/EC).
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.foundation.messages import Command, Event

SERVICE = "profiles"

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


# --- people ---------------------------------------------------------------------------------------------------------


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


class SpokenLanguage(Value):
    language: str
    level: str


class KnownMarket(Value):
    country: str
    sector: str
    years: int = 0


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


# --- companies ------------------------------------------------------------------------------------------------------


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


# --- partners -------------------------------------------------------------------------------------------------------


class CreatePartner(Command, type="profiles.CreatePartner.v1"):
    """A partner organisation and the regions (ISO 3166-2) for which it works."""

    name: Text
    regions: Annotated[tuple[Region, ...], Field(min_length=1, max_length=50)]
    contact_email: Annotated[Sealed, Field(min_length=1)]
    preferred_language: UiLanguage = "en"


class UpdatePartner(Command, type="profiles.UpdatePartner.v1"):
    name: Text | None = None
    regions: Annotated[tuple[Region, ...], Field(min_length=1, max_length=50)] | None = None
    contact_email: Annotated[Sealed, Field(min_length=1)] | None = None
    preferred_language: UiLanguage | None = None


class PartnerDetails(Value):
    kind: Literal["partner"] = "partner"
    name: str
    regions: tuple[str, ...] = ()
    contact_email: str = ""
    preferred_language: str = "en"


# --- what all profiles have in common -------------------------------------------------------------------------------

Details = Annotated[PersonDetails | CompanyDetails | PartnerDetails, Field(discriminator="kind")]


class ProfileCreated(Event, type="profiles.ProfileCreated.v1"):
    kind: str
    details: Details


class ProfileUpdated(Event, type="profiles.ProfileUpdated.v1"):
    """The profile as it stands now, whole."""

    kind: str
    details: Details


class GrantConsent(Command, type="profiles.GrantConsent.v1"):
    """``text_version`` names the wording that was shown, ``language`` the language it was shown in."""

    purpose: ConsentPurpose
    text_version: Text
    language: LanguageCode
    recipients: Annotated[tuple[Text, ...], Field(max_length=50)] = ()


class WithdrawConsent(Command, type="profiles.WithdrawConsent.v1"):
    purpose: ConsentPurpose


class ConsentGranted(Event, type="profiles.ConsentGranted.v1"):
    purpose: str
    text_version: str
    language: str
    recipients: tuple[str, ...] = ()
    granted_at: datetime


class ConsentWithdrawn(Event, type="profiles.ConsentWithdrawn.v1"):
    purpose: str
    withdrawn_at: datetime


# --- referrals ------------------------------------------------------------------------------------------------------


class ReceiveReferral(Command, type="profiles.ReceiveReferral.v1"):
    """A partner recommends someone. Stream: ``derived_stream("referral", partner_id, external_id)``, so it comes once.

    ``fingerprint``: the vault's digest of all that was sent. Seals of one text differ; this tells equal content from other.
    """

    partner_id: PartnerId
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    name: Annotated[Sealed, Field(min_length=1)]
    email: Sealed = ""
    occupation: Isco | None = None
    skills: Annotated[tuple[Skill, ...], Field(max_length=100)] = ()
    languages: Annotated[tuple[LanguageSkill, ...], Field(max_length=30)] = ()
    region: Region
    note: Sealed = ""
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class AcceptReferral(Command, type="profiles.AcceptReferral.v1"):
    person_id: PersonId


class RejectReferral(Command, type="profiles.RejectReferral.v1"):
    reason: Text


class RevokeReferral(Command, type="profiles.RevokeReferral.v1"):
    """The partner takes its referral back."""


class ReferralReceived(Event, type="profiles.ReferralReceived.v1"):
    partner_id: str
    external_id: str
    name: str
    email: str = ""
    occupation: str | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    region: str
    note: str = ""
    fingerprint: str = ""


class ReferralAccepted(Event, type="profiles.ReferralAccepted.v1"):
    partner_id: str
    region: str
    person_id: str


class ReferralRejected(Event, type="profiles.ReferralRejected.v1"):
    partner_id: str
    region: str
    reason: str


class ReferralRevoked(Event, type="profiles.ReferralRevoked.v1"):
    partner_id: str
    region: str
