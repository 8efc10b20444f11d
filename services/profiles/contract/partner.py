"""Partner organisations."""

from typing import Annotated, Literal

from pydantic import Field

from services.foundation.messages import Command
from services.profiles.contract.values import Region, Sealed, Text, UiLanguage, Value


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
