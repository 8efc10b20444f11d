"""What answers about partners look like."""

from typing import Literal

from pydantic import BaseModel, Field

from services.gateway.http.shapes.profiles import Profile
from services.profiles.contract import PartnerDetails


class Sharing(BaseModel):
    """What a partner shares, and of which regions."""

    shares: list[str]
    regions: list[str]


class Partner(Profile, PartnerDetails):
    """A partner organisation; ``sharing`` is null until it has said what it shares."""

    kind: Literal["partner"] = Field(default="partner", exclude=True)
    contact_name: str | None = None  # type: ignore[assignment]
    contact_email: str | None = None  # type: ignore[assignment]
    contact_phone: str | None = None  # type: ignore[assignment]
    sharing: Sharing | None = None
