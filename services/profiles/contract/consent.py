"""Consents: to what someone agrees, by purpose."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.foundation.messages import Command, Event
from services.profiles.contract.values import ConsentPurpose, LanguageCode, Text


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
