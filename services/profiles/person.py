"""A person: someone with qualifications who agreed to cooperate."""

from services.profiles.contract import PersonDetails
from services.profiles.profile import Profile


class Person(Profile):
    """Nobody is matched or shown to others without their active consent for it: see ``Profile.consents``."""

    category = "person"
    details_type = PersonDetails
