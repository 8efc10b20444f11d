"""What answers about companies look like."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from services.gateway.http.shapes.profiles import Profile
from services.profiles.contract import CompanyDetails


class ContactPerson(BaseModel):
    """A further contact person of a company."""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    role: str = ""
    preferred_language: str = "de"


class Company(Profile, CompanyDetails):
    """What identifies its contact people is missing for roles that may not see it."""

    kind: Literal["company"] = Field(default="company", exclude=True)
    contact_name: str | None = None  # type: ignore[assignment]
    contact_email: str | None = None  # type: ignore[assignment]
    contact_phone: str | None = None  # type: ignore[assignment]
    contact_people: list[ContactPerson] = Field(default_factory=list)
    needs: list[dict[str, Any]] = Field(default_factory=list)
