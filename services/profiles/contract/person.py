"""People: what may be asked of their profiles, and what they hold."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from services.foundation.messages import Command, Event
from services.profiles.contract.values import (
    ConfirmedSkill,
    Country,
    Evidence,
    Isco,
    KnownMarket,
    LanguageSkill,
    MarketKnowledge,
    OriginId,
    Provenance,
    Purpose,
    QualificationId,
    RecognitionStatus,
    Region,
    Sealed,
    Sector,
    SectorExperience,
    SectorYears,
    Skill,
    SpokenLanguage,
    Text,
    TypedSkill,
    UiLanguage,
    Value,
    Years,
)

PERSON_SEALED = ("name", "own_script_name", "email", "phone", "address")
"""The fields that identify a person."""

Sectors = Annotated[tuple[Sector, ...], Field(min_length=1, max_length=10)]
Skills = Annotated[tuple[Skill, ...], Field(max_length=100)]
Languages = Annotated[tuple[LanguageSkill, ...], Field(max_length=30)]
Markets = Annotated[tuple[MarketKnowledge, ...], Field(max_length=30)]
Experience = Annotated[tuple[SectorYears, ...], Field(max_length=10)]
Purposes = Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=10)]
Kilometres = Annotated[int, Field(ge=0, le=20_000)]
WeeklyHours = Annotated[int, Field(ge=1, le=60)]


class CreatePerson(Command, type="profiles.CreatePerson.v1"):
    """``provenance`` holds for every field given; ``origin`` is the prospect or referral that the profile is made of."""

    name: Annotated[Sealed, Field(min_length=1)]
    own_script_name: Sealed = ""
    email: Annotated[Sealed, Field(min_length=1)]
    phone: Sealed = ""
    address: Sealed = ""
    preferred_language: UiLanguage = "de"
    occupation: Isco
    experience_years: Years = 0
    experience: Experience = ()
    sectors: Sectors
    skills: Skills = ()
    languages: Languages = ()
    markets: Markets = ()
    purposes: Purposes = ("employment",)
    place: Text
    region: Region
    mobility_km: Kilometres = 50
    available_from: date | None = None
    weekly_hours: WeeklyHours | None = None
    provenance: Provenance = "staff"
    evidence: Evidence = ""
    origin: OriginId = ""


class UpdatePerson(Command, type="profiles.UpdatePerson.v1"):
    """States the fields that are given anew, under this provenance; the others stay. ``cleared`` names fields to be emptied."""

    name: Annotated[Sealed, Field(min_length=1)] | None = None
    own_script_name: Sealed | None = None
    email: Annotated[Sealed, Field(min_length=1)] | None = None
    phone: Sealed | None = None
    address: Sealed | None = None
    preferred_language: UiLanguage | None = None
    occupation: Isco | None = None
    experience_years: Years | None = None
    experience: Experience | None = None
    sectors: Sectors | None = None
    skills: Skills | None = None
    languages: Languages | None = None
    markets: Markets | None = None
    purposes: Purposes | None = None
    place: Text | None = None
    region: Region | None = None
    mobility_km: Kilometres | None = None
    available_from: date | None = None
    weekly_hours: WeeklyHours | None = None
    provenance: Provenance = "staff"
    evidence: Evidence = ""
    cleared: tuple[Literal["available_from", "weekly_hours"], ...] = ()


class PersonDetails(Value):
    """A person by the statements that count. Names, e-mail, phone and address are sealed."""

    kind: Literal["person"] = "person"
    name: str
    own_script_name: str = ""
    email: str
    phone: str = ""
    address: str = ""
    preferred_language: str = "de"
    occupation: str = ""
    experience_years: int = 0
    experience: tuple[SectorExperience, ...] = ()
    sectors: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    markets: tuple[KnownMarket, ...] = ()
    purposes: tuple[str, ...] = ()
    place: str = ""
    region: str = ""
    mobility_km: int = 0
    available_from: date | None = None
    weekly_hours: int | None = None


class StateSkills(Command, type="profiles.StateSkills.v1"):
    """Confirms which concepts of the vocabulary typed skills of the profile mean. Those that are not named stay as they are."""

    skills: Annotated[tuple[TypedSkill, ...], Field(min_length=1, max_length=100)]
    provenance: Provenance = "staff"
    evidence: Evidence = ""


class SkillsStated(Event, type="profiles.SkillsStated.v1"):
    """What these typed skills mean. What was typed stays beside the concept."""

    skills: tuple[ConfirmedSkill, ...]
    provenance: str = "staff"
    evidence: str = ""


class RecordQualification(Command, type="profiles.RecordQualification.v1"):
    """A degree or vocational qualification. ``level``: of the European Qualifications Framework (2017/C 189/03), 1 to 8.

    The same id again under the same provenance corrects it.
    """

    qualification_id: QualificationId
    title: Text
    field_of_study: Annotated[str, Field(max_length=200)] = ""
    level: Annotated[int, Field(ge=1, le=8)] | None = None
    awarded_by: Annotated[str, Field(max_length=200)] = ""
    country: Country | None = None
    year: Annotated[int, Field(ge=1940, le=2100)] | None = None
    recognition: RecognitionStatus = "not_applied"
    provenance: Provenance = "staff"
    evidence: Evidence = ""


class ChangeRecognitionStatus(Command, type="profiles.ChangeRecognitionStatus.v1"):
    """``authority``: which chamber or office decided; ``reference``: its file number."""

    qualification_id: QualificationId
    status: RecognitionStatus
    authority: Annotated[str, Field(max_length=200)] = ""
    reference: Sealed = ""
    decided_on: date | None = None


class RemoveQualification(Command, type="profiles.RemoveQualification.v1"):
    """It was recorded by mistake."""

    qualification_id: QualificationId


class QualificationRecorded(Event, type="profiles.QualificationRecorded.v1"):
    qualification_id: str
    title: str
    field_of_study: str = ""
    level: int | None = None
    awarded_by: str = ""
    country: str | None = None
    year: int | None = None
    recognition: str = "not_applied"
    provenance: str = "staff"
    evidence: str = ""


class RecognitionStatusChanged(Event, type="profiles.RecognitionStatusChanged.v1"):
    qualification_id: str
    status: str
    authority: str = ""
    reference: str = ""
    decided_on: date | None = None
    changed_at: datetime


class QualificationRemoved(Event, type="profiles.QualificationRemoved.v1"):
    qualification_id: str
