"""Referrals: whom partners recommend."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.foundation.messages import Command, Event
from services.profiles.contract.values import (
    Isco,
    LanguageSkill,
    PartnerId,
    PersonId,
    Region,
    Sealed,
    Skill,
    SpokenLanguage,
)


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
    """``reason`` may name people, so it is sealed with the referral's key."""

    reason: Annotated[Sealed, Field(min_length=1)]


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
