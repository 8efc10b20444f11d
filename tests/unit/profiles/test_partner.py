"""Partner organisations."""

from services.profiles.contract import (
    PartnerDetails,
    ProfileCreated,
    ProfileUpdated,
    SetSharingScope,
    SharingScopeSet,
    UpdatePartner,
)
from services.profiles.partner import RegionNotOfPartner
from services.profiles.profile import ProfileAlreadyExists
from tests.unit.profiles.words import SEALED, create_partner, partner

DETAILS = PartnerDetails(name="Chamber", regions=("UA-46",), contact_email=SEALED)
CREATED = ProfileCreated(kind="partner", details=DETAILS, stated=("name", "regions", "contact_email"))


def test_a_partner_is_created() -> None:
    partner().when(create_partner()).then(CREATED)


def test_creating_the_same_partner_again_changes_nothing() -> None:
    partner().given(CREATED).when(create_partner()).then_nothing()


def test_an_existing_partner_is_not_created_with_other_details() -> None:
    partner().given(CREATED).when(create_partner(name="Other")).then_refused(ProfileAlreadyExists)


def test_a_partner_works_for_further_regions() -> None:
    wider = DETAILS.model_copy(update={"regions": ("UA-46", "UA-18")})
    update = UpdatePartner(regions=("UA-46", "UA-18"))
    partner().given(CREATED).when(update).then(ProfileUpdated(kind="partner", details=wider, stated=("regions",)))


def test_an_update_that_changes_nothing_says_nothing() -> None:
    partner().given(CREATED).when(UpdatePartner(name="Chamber")).then_nothing()


def test_a_partner_says_what_it_shares_of_its_regions() -> None:
    command = SetSharingScope(shares=("referrals",), regions=("UA-46",))
    scope = SharingScopeSet(shares=("referrals",), regions=("UA-46",))
    partner().given(CREATED).when(command).then(scope)
    partner().given(CREATED, scope).when(command).then_nothing()
    elsewhere = SetSharingScope(shares=("referrals",), regions=("UA-46", "SY-HL"))
    partner().given(CREATED).when(elsewhere).then_refused(RegionNotOfPartner, field="regions.1")
