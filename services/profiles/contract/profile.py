"""What people, companies and partners have in common: created and updated by statements that say where they come from."""

from typing import Annotated, Any

from pydantic import Field

from services.foundation.messages import Event
from services.profiles.contract.company import CompanyDetails
from services.profiles.contract.partner import PartnerDetails
from services.profiles.contract.person import PersonDetails

Details = Annotated[PersonDetails | CompanyDetails | PartnerDetails, Field(discriminator="kind")]


class ProfileCreated(Event, type="profiles.ProfileCreated.v1"):
    """``stated``: the fields that somebody stated, with this provenance; the others hold their defaults.

    It is empty in events from before there was provenance: staff entered all of them. ``origin``: see CreatePerson.
    """

    kind: str
    details: Details
    provenance: str = "staff"
    evidence: str = ""
    stated: tuple[str, ...] = ()
    origin: str = ""

    def as_stated(self) -> PersonDetails | CompanyDetails | PartnerDetails:
        """The details in which every field of ``stated`` holds what was stated."""
        return self.details


class ProfileUpdated(Event, type="profiles.ProfileUpdated.v1"):
    """The profile as it stands now, whole. ``stated``: the fields that were stated anew, with this provenance.

    ``beside``: what was stated of fields where another statement counts, so that the details hold that one; personal data in
    it is sealed like in the details.
    """

    kind: str
    details: Details
    provenance: str = "staff"
    evidence: str = ""
    stated: tuple[str, ...] = ()
    beside: dict[str, Any] = Field(default_factory=dict)

    def as_stated(self) -> PersonDetails | CompanyDetails | PartnerDetails:
        """The details in which every field of ``stated`` holds what was stated."""
        return type(self.details).model_validate(dict(self.details) | self.beside) if self.beside else self.details
