"""Partner organisations, with their e-mail address in the clear."""

from services.gateway.views.profile import ProfileView


class PartnerView(ProfileView):
    """{_id, version, name, regions, contact_email, preferred_language, consents}"""

    collection = "partners"
    categories = frozenset({"partner"})
    sealed = ("contact_email",)
