"""What answers about people look like."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from services.gateway.http.shapes.common import Source
from services.gateway.http.shapes.profiles import FieldStatement, Profile
from services.profiles.contract import PersonDetails, RecognitionStatus


class Decision(BaseModel):
    """Who decided on a recognition, under which file number, and when."""

    authority: str = ""
    reference: str = ""
    decided_on: date | None = None


class Qualification(BaseModel):
    """A qualification as it counts; ``statements`` are what each source has said of it."""

    id: str
    title: str
    field_of_study: str = ""
    level: int | None = None
    awarded_by: str = ""
    country: str | None = None
    year: int | None = None
    recognition: RecognitionStatus
    decision: Decision | None = None
    statements: list[FieldStatement]


class SkillConcept(Source):
    """A skill as it was typed, and the concept of the vocabulary that it was confirmed to mean; null where none does."""

    typed: str
    concept: str | None = None


class Person(Profile, PersonDetails):
    """What identifies the person is missing for roles that may not see it, and null once the person was erased."""

    kind: Literal["person"] = Field(default="person", exclude=True)
    name: str | None = None  # type: ignore[assignment]
    own_script_name: str | None = None  # type: ignore[assignment]
    email: str | None = None  # type: ignore[assignment]
    phone: str | None = None  # type: ignore[assignment]
    address: str | None = None  # type: ignore[assignment]
    qualifications: list[Qualification] = Field(default_factory=list)
    skill_concepts: list[SkillConcept] = Field(default_factory=list)
    concepts: list[str] = Field(default_factory=list)
