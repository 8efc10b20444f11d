"""A partner: an organisation in Mecklenburg-Vorpommern or in a target region, with the regions for which it works."""

from collections.abc import Iterator

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Event
from services.profiles.contract import PartnerDetails, SetSharingScope, SharingScopeSet
from services.profiles.profile import Profile


class RegionNotOfPartner(Refusal):
    """A partner shares what it knows of its own regions."""


class Partner(Profile):
    """Its regions decide which events its feed shows. ``scope``: what it shares, None until it has said so."""

    category = "partner"
    details_type = PartnerDetails

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.scope: SharingScopeSet | None = None

    def set_sharing_scope(self, command: SetSharingScope, _: Context) -> Iterator[Event]:
        known = self.details.regions if isinstance(self.details, PartnerDetails) else ()
        for index, region in enumerate(command.regions):
            if region not in known:
                raise RegionNotOfPartner("the partner does not work for this region", field=f"regions.{index}")
        scope = SharingScopeSet.model_validate(command.model_dump())
        if scope != self.scope:
            yield scope

    def apply(self, event: Event) -> None:
        match event:
            case SharingScopeSet():
                self.scope = event
            case _:
                super().apply(event)
