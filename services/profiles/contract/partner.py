"""Partner organisations, and what they share."""

from typing import Annotated, Literal

from pydantic import Field

from services.foundation.messages import Command, Event
from services.profiles.contract.values import Evidence, OriginId, Provenance, Region, Sealed, Text, UiLanguage, Value, Website

PARTNER_SEALED = ("contact_name", "contact_email", "contact_phone")
"""The fields that identify a partner's contact."""

Shared = Literal["referrals", "meetings", "market_information", "company_wishes", "events"]
"""What a partner shares with the network: whom it recommends, talks that it holds, what it knows of markets, what companies of
its region look for, and its events."""
Regions = Annotated[tuple[Region, ...], Field(min_length=1, max_length=50)]


class CreatePartner(Command, type="profiles.CreatePartner.v1"):
    """A partner organisation and the regions (ISO 3166-2) for which it works. ``provenance`` holds for every field given."""

    name: Text
    regions: Regions
    website: Website = ""
    contact_name: Sealed = ""
    contact_email: Annotated[Sealed, Field(min_length=1)]
    contact_phone: Sealed = ""
    preferred_language: UiLanguage = "en"
    provenance: Provenance = "staff"
    evidence: Evidence = ""
    origin: OriginId = ""


class UpdatePartner(Command, type="profiles.UpdatePartner.v1"):
    """States the fields that are given anew, under this provenance; the others stay."""

    name: Text | None = None
    regions: Regions | None = None
    website: Website | None = None
    contact_name: Sealed | None = None
    contact_email: Annotated[Sealed, Field(min_length=1)] | None = None
    contact_phone: Sealed | None = None
    preferred_language: UiLanguage | None = None
    provenance: Provenance = "staff"
    evidence: Evidence = ""


class PartnerDetails(Value):
    """A partner by the statements that count. What identifies the contact is sealed."""

    kind: Literal["partner"] = "partner"
    name: str
    regions: tuple[str, ...] = ()
    website: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    preferred_language: str = "en"


class SetSharingScope(Command, type="profiles.SetSharingScope.v1"):
    """What the partner shares, and of which of its regions; replaces what it shared before."""

    shares: Annotated[tuple[Shared, ...], Field(max_length=10)]
    regions: Regions


class SharingScopeSet(Event, type="profiles.SharingScopeSet.v1"):
    shares: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
