"""What follows from outreach: a profile from an agreement, and minimising from having declined long ago."""

import pytest

from services.foundation.messages import Envelope
from services.profiles.contract import CreateCompany, CreatePartner, CreatePerson, MinimiseProspect, ProspectAgreed
from services.profiles.declined_prospects import DeclinedProspectsView, minimisations
from services.profiles.process_managers import agreement
from tests.unit.profiles.outreach_words import AGREED, APPROACHED, DECLINED, PROSPECT
from tests.unit.profiles.test_prospect import MINIMISED
from tests.unit.profiles.words import COMPANY, PARTNER, PERSON, create_company, create_partner, create_person
from tests.unit.recording import recorded
from tests.unit.story import COORDINATOR, NOW

ENVELOPE = Envelope("cause.0", PROSPECT, "test", NOW, COORDINATOR, "correlation", version=1)


@pytest.mark.parametrize(
    ("profile", "made"),
    [(PERSON, create_person()), (COMPANY, create_company()), (PARTNER, create_partner())],
)
def test_an_agreement_makes_the_profile_and_says_whence_it_comes(
    profile: str, made: CreatePerson | CreateCompany | CreatePartner
) -> None:
    kind = profile.partition("-")[0]
    agreed = ProspectAgreed(kind=kind, profile_id=profile, profile=made.model_dump(mode="json"))
    (request,) = agreement(recorded(agreed, PROSPECT))
    assert (request.stream, request.command) == (profile, made.model_copy(update={"origin": PROSPECT}))


def test_nothing_else_makes_a_profile() -> None:
    assert not [request for event in (*APPROACHED, DECLINED[-1]) for request in agreement(recorded(event, PROSPECT))]


def test_the_timer_finds_who_declined_and_is_not_minimised() -> None:
    document: dict[str, object] = {"_id": PROSPECT}
    view = DeclinedProspectsView()
    for event in AGREED:
        view.apply(document, event, ENVELOPE)
    assert document.get("declined_at") is None
    view.apply(document, DECLINED[-1], ENVELOPE)
    assert document["declined_at"] == NOW
    view.apply(document, MINIMISED, ENVELOPE)
    assert document["declined_at"] is None


def test_a_second_sweep_asks_for_the_same_under_the_same_id() -> None:
    first, second = (list(minimisations([PROSPECT], NOW)) for _ in range(2))
    assert first == second
    assert first[0].command == MinimiseProspect(declined_until=NOW)
    assert first[0].command_id == second[0].command_id
