"""Disclosures: who was shown which data of a person, when, for what, and on which consent."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.foundation.messages import Command, Event
from services.profiles.contract.values import FieldName

DisclosurePurpose = Literal["consider_contact", "arranged_contact", "partner_network"]
"""For what: a company considers a contact; it was introduced to the person; a partner organisation follows its region."""
DisclosureConsent = Literal["show_to_companies", "share_with_partners"]
Recipient = Annotated[str, StringConstraints(pattern=r"^(company|partner)-[0-9a-f-]{36}$")]
ContactId = Annotated[str, StringConstraints(pattern=r"^contact-[0-9a-f-]{36}$")]


class RecordDisclosure(Command, type="profiles.RecordDisclosure.v1"):
    """Recorded before the data is shown. Refused where the consent is not there at this moment: then nothing is shown."""

    recipient: Recipient
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=60)]
    purpose: DisclosurePurpose
    consent: DisclosureConsent
    contact_id: ContactId | None = None


class DataDisclosed(Event, type="profiles.DataDisclosed.v1"):
    """``consent``, ``text_version`` and ``granted_at``: the consent that it rests on.

    The same recipient, fields, purpose and consent are recorded once a day (UTC).
    """

    recipient: str
    fields: tuple[str, ...]
    purpose: str
    contact_id: str | None = None
    consent: str
    text_version: str
    granted_at: datetime
    disclosed_at: datetime
