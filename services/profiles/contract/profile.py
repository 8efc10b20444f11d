"""What people, companies and partners have in common: being created and updated."""

from typing import Annotated

from pydantic import Field

from services.foundation.messages import Event
from services.profiles.contract.company import CompanyDetails
from services.profiles.contract.partner import PartnerDetails
from services.profiles.contract.person import PersonDetails

Details = Annotated[PersonDetails | CompanyDetails | PartnerDetails, Field(discriminator="kind")]


class ProfileCreated(Event, type="profiles.ProfileCreated.v1"):
    kind: str
    details: Details


class ProfileUpdated(Event, type="profiles.ProfileUpdated.v1"):
    """The profile as it stands now, whole."""

    kind: str
    details: Details
