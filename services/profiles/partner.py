"""A partner: an organisation in Mecklenburg-Vorpommern or in a target region, with the regions for which it works."""

from services.profiles.contract import PartnerDetails
from services.profiles.profile import Profile


class Partner(Profile):
    """Its regions decide which events its feed shows."""

    category = "partner"
    details_type = PartnerDetails
