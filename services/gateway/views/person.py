"""People, with name, e-mail and phone in the clear."""

from services.gateway.views.profile import ProfileView


class PersonView(ProfileView):
    """{_id, version, name, email, phone, occupation, …, consents: [{purpose, text_version, recipients, …}]}"""

    collection = "people"
    categories = frozenset({"person"})
    sealed = ("name", "email", "phone")
