"""The view of prospects: what staff see of one, and what is left when it is minimised."""

from typing import Any

import pytest

from services.foundation.messages import Event
from services.gateway.http.reading import public
from services.gateway.permissions import THIN, hidden
from services.gateway.views.prospect import FIRST_APPROACH, ProspectView
from services.profiles.contract import (
    OutreachStepPlanned,
    ProspectAgreed,
    ProspectApproached,
    ProspectDeclined,
    ProspectDetails,
    ProspectIdentified,
    ProspectMinimised,
    ProspectUpdated,
)
from tests.unit.gateway.test_views import LATER, NOW, ClearVault, fold

DETAILS = ProspectDetails(
    name="Möller Wind", contact_name="Ida Möller", email="ida@moeller.example", phone="+49 381 7", address="Hafen 1",
    note="met at the fair", sector="renewable_energy", region="DE-MV", place="Rostock", found_through="fair",
    source="NordWind 2026", external_id="stand-1", coordinator="u1",
)  # fmt: skip
IDENTIFIED = ProspectIdentified(kind="company", details=DETAILS, fingerprint="f")
FIRST = OutreachStepPlanned(step_id="step-1", owner="u1", due=LATER)
CALL = OutreachStepPlanned(step_id="step-2", what="call Ida", owner="u2", due=LATER)
APPROACHED = ProspectApproached(
    approach_id="approach-1",
    by="u1",
    at=NOW,
    means="phone",
    outcome="call_back",
    note="Ida asked for Monday",
    state="approached",
)
DECLINED = ProspectDeclined(reason="no_time", by="prospect", at=LATER, note="Ida is ill", marks=("email:1", "name:2"))
MINIMISED = ProspectMinimised(kind="company", sector="renewable_energy", region="DE-MV", marks=("email:1", "name:2"))
AGREED = ProspectAgreed(kind="company", profile_id="company-1")
SECRETS = ("Möller", "Ida", "moeller", "381", "Hafen", "fair", "stand-1", "Rostock", "NordWind")


def prospect(*events: Event) -> dict[str, Any]:
    view = ProspectView(ClearVault())  # type: ignore[arg-type]
    return fold(view, "prospect-1", IDENTIFIED, FIRST, *events)[0]


def test_a_new_prospect_has_the_first_approach_before_it() -> None:
    document = prospect()
    assert (document["state"], document["next_step"]["what"]) == ("identified", FIRST_APPROACH)
    assert {name: document[name] for name in ("name", "source", "coordinator")} == {
        "name": "Möller Wind",
        "source": "NordWind 2026",
        "coordinator": "u1",
    }


def test_an_approach_stands_there_with_what_came_of_it_and_what_is_next() -> None:
    document = prospect(APPROACHED, CALL)
    assert document["state"] == "approached"
    assert [(each["approach_id"], each["note"]) for each in document["approaches"]] == [("approach-1", "Ida asked for Monday")]
    assert (document["next_step"]["what"], document["next_step"]["owner"]) == ("call Ida", "u2")


def test_an_update_replaces_the_details_and_nothing_else() -> None:
    document = prospect(APPROACHED, CALL, ProspectUpdated(details=DETAILS.model_copy(update={"place": "Wismar"})))
    assert (document["place"], document["next_step"]["step_id"], len(document["approaches"])) == ("Wismar", "step-2", 1)


@pytest.mark.parametrize(("end", "state"), [(AGREED, "agreed"), (DECLINED, "declined")])
def test_one_that_has_ended_has_no_next_step(end: Event, state: str) -> None:
    document = prospect(APPROACHED, CALL, end)
    assert (document["state"], document["next_step"]) == (state, None)
    assert document["profile_id"] == ("company-1" if end is AGREED else None)


def test_what_stays_of_who_declined_names_nobody() -> None:
    document = prospect(APPROACHED, CALL, DECLINED, MINIMISED)
    assert not [secret for secret in SECRETS if secret in str(document)]
    assert {name: document[name] for name in ("kind", "state", "sector", "region")} == {
        "kind": "company",
        "state": "minimised",
        "sector": "renewable_energy",
        "region": "DE-MV",
    }
    assert document["decline"] == {"reason": "no_time", "by": "prospect", "at": LATER}


def test_who_declined_is_kept_by_marks_alone() -> None:
    view = ProspectView(ClearVault())  # type: ignore[arg-type]
    _, derived = fold(view, "prospect-1", IDENTIFIED, FIRST, DECLINED, MINIMISED)
    assert derived == [
        ("declined_marks", {"_id": "email:1", "prospect_id": "prospect-1"}),
        ("declined_marks", {"_id": "name:2", "prospect_id": "prospect-1"}),
    ]
    assert not fold(view, "prospect-1", IDENTIFIED, FIRST, AGREED)[1]


def test_a_role_that_may_not_know_them_sees_no_name_and_no_note() -> None:
    shown = public(prospect(APPROACHED, CALL), hidden(THIN, "prospects"))
    assert not [secret for secret in ("Möller", "Ida", "moeller", "381", "Hafen", "met at", "stand-1") if secret in str(shown)]
    assert (shown["sector"], shown["next_step"]["owner"], shown["approaches"][0]["outcome"]) == (
        "renewable_energy",
        "u2",
        "call_back",
    )
