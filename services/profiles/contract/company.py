"""Companies, their contact people, and what they look for."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.foundation.messages import Command, Event
from services.profiles.contract.values import (
    ConfirmedSkill,
    ContactPersonId,
    Country,
    Evidence,
    Isco,
    KnownSite,
    LanguageSkill,
    NeedId,
    OriginId,
    Provenance,
    Purpose,
    Region,
    Sealed,
    Sector,
    Site,
    Skill,
    SpokenLanguage,
    Text,
    TypedSkill,
    UiLanguage,
    Value,
    Website,
)

COMPANY_SEALED = ("contact_name", "contact_email", "contact_phone")
"""The fields that identify a company's main contact."""

CONTACT_PERSON_SEALED = ("name", "email", "phone")
"""The fields that identify a further contact person."""

Scheme = Literal["WZ", "NACE"]
Edition = Literal["2008", "2025", "Rev. 2", "Rev. 2.1"]
IndustryNumber = Annotated[str, StringConstraints(pattern=r"^[A-V]?([0-9]{2}(\.[0-9]{1,2}(\.[0-9])?)?)?$", min_length=1)]
LegalForm = Annotated[str, StringConstraints(max_length=60)]
RegisterEntry = Annotated[str, StringConstraints(max_length=120)]
VatId = Annotated[str, StringConstraints(pattern=r"^(|[A-Z]{2}[A-Z0-9+*]{2,12})$")]
Headcount = Annotated[int, Field(ge=0, le=1_000_000)]
Euros = Annotated[int, Field(ge=0, le=10**12)]
FiscalYear = Annotated[int, Field(ge=1990, le=2100)]
Sites = Annotated[tuple[Site, ...], Field(max_length=50)]


class IndustryCode(Value, extra="forbid"):
    """An industry by scheme, edition and code: WZ 2008 or 2025 (Destatis), NACE Rev. 2 or 2.1 (Eurostat).

    The same number may mean another industry in another edition. ``code``: section, division, group or class: C, C28, 28.13.
    """

    scheme: Scheme
    edition: Edition
    code: IndustryNumber


class Industry(Value):
    """``section`` is derived from the code."""

    scheme: str
    edition: str
    code: str
    section: str = ""


class CreateCompany(Command, type="profiles.CreateCompany.v1"):
    """Turnover and balance sheet in euros, of the year ``figures_year``. The size class is derived from them, never stated.

    ``register_entry``: court and number of the commercial register. ``provenance`` holds for every field that is given.
    """

    name: Text
    legal_form: LegalForm = ""
    register_entry: RegisterEntry = ""
    vat_id: VatId = ""
    website: Website = ""
    sector: Sector
    industry: IndustryCode | None = None
    headcount: Headcount
    turnover_eur: Euros
    balance_sheet_eur: Euros
    figures_year: FiscalYear | None = None
    place: Text
    region: Region
    sites: Sites = ()
    contact_name: Annotated[Sealed, Field(min_length=1)]
    contact_email: Annotated[Sealed, Field(min_length=1)]
    contact_phone: Sealed = ""
    preferred_language: UiLanguage = "de"
    provenance: Provenance = "staff"
    evidence: Evidence = ""
    origin: OriginId = ""


class UpdateCompany(Command, type="profiles.UpdateCompany.v1"):
    """States the fields that are given anew, under this provenance; the others stay. ``cleared`` names fields to be emptied."""

    name: Text | None = None
    legal_form: LegalForm | None = None
    register_entry: RegisterEntry | None = None
    vat_id: VatId | None = None
    website: Website | None = None
    sector: Sector | None = None
    industry: IndustryCode | None = None
    headcount: Headcount | None = None
    turnover_eur: Euros | None = None
    balance_sheet_eur: Euros | None = None
    figures_year: FiscalYear | None = None
    place: Text | None = None
    region: Region | None = None
    sites: Sites | None = None
    contact_name: Annotated[Sealed, Field(min_length=1)] | None = None
    contact_email: Annotated[Sealed, Field(min_length=1)] | None = None
    contact_phone: Sealed | None = None
    preferred_language: UiLanguage | None = None
    provenance: Provenance = "staff"
    evidence: Evidence = ""
    cleared: tuple[Literal["industry"], ...] = ()


class YearFigures(Value):
    """A company's figures of one year (0 where nobody said which), in people and euros."""

    year: int
    headcount: int
    turnover_eur: int
    balance_sheet_eur: int


class CompanyDetails(Value):
    """A company by the statements that count, with its derived size class. What identifies the contact is sealed.

    ``industry_code`` is of profiles from before codes had a scheme and edition. ``figures``: of every year that was stated.
    """

    kind: Literal["company"] = "company"
    name: str
    legal_form: str = ""
    register_entry: str = ""
    vat_id: str = ""
    website: str = ""
    sector: str
    industry: Industry | None = None
    industry_code: str = ""
    headcount: int = 0
    turnover_eur: int = 0
    balance_sheet_eur: int = 0
    figures_year: int | None = None
    figures: tuple[YearFigures, ...] = ()
    size_class: str = ""
    place: str = ""
    region: str = ""
    sites: tuple[KnownSite, ...] = ()
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    preferred_language: str = "de"


class AddContactPerson(Command, type="profiles.AddContactPerson.v1"):
    """A further contact person, or the same anew. Sealed with a key of their own, whose owner is ``contact_person_id``."""

    contact_person_id: ContactPersonId
    name: Annotated[Sealed, Field(min_length=1)]
    email: Sealed = ""
    phone: Sealed = ""
    role: Annotated[str, StringConstraints(max_length=100)] = ""
    preferred_language: UiLanguage = "de"


class RemoveContactPerson(Command, type="profiles.RemoveContactPerson.v1"):
    """Their key is destroyed. ``survivor_id``: who asks a company that was merged into it, by the process manager."""

    contact_person_id: ContactPersonId
    survivor_id: Annotated[str, StringConstraints(max_length=60)] = ""


class ContactPersonAdded(Event, type="profiles.ContactPersonAdded.v1"):
    contact_person_id: str
    name: str
    email: str = ""
    phone: str = ""
    role: str = ""
    preferred_language: str = "de"


class ContactPersonRemoved(Event, type="profiles.ContactPersonRemoved.v1"):
    """``lent_by``: the company that was merged into this one and brought them; it has to forget them too."""

    contact_person_id: str
    lent_by: str = ""


class StateNeed(Command, type="profiles.StateNeed.v1"):
    """What a company looks for; ``target_market`` (ISO 3166-1) where it wants to go abroad.

    ``concepts``: which concepts of the vocabulary its typed ``skills`` were confirmed to mean.
    """

    need_id: NeedId
    title: Text
    purpose: Purpose
    occupation: Isco | None = None
    skills: Annotated[tuple[Skill, ...], Field(max_length=50)] = ()
    concepts: Annotated[tuple[TypedSkill, ...], Field(max_length=50)] = ()
    languages: Annotated[tuple[LanguageSkill, ...], Field(max_length=10)] = ()
    sector: Sector
    target_market: Country | None = None
    place: Text
    region: Region
    provenance: Provenance = "staff"
    evidence: Evidence = ""


class WithdrawNeed(Command, type="profiles.WithdrawNeed.v1"):
    need_id: NeedId


class NeedStated(Event, type="profiles.NeedStated.v1"):
    need_id: str
    title: str
    purpose: str
    occupation: str | None = None
    skills: tuple[str, ...] = ()
    concepts: tuple[ConfirmedSkill, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    sector: str = ""
    target_market: str | None = None
    place: str = ""
    region: str = ""
    provenance: str = "staff"
    evidence: str = ""


class NeedWithdrawn(Event, type="profiles.NeedWithdrawn.v1"):
    need_id: str
