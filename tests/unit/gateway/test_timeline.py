"""A contact as it stood, and the proof of the promise, from the entries of timelines alone."""

from datetime import datetime, timedelta
from typing import Any

from services.foundation.messages import Actor, Envelope, Event
from services.gateway.promise import Proof, Standing, standing
from services.gateway.timeline import folded, told_by
from services.gateway.views.contact import ContactView
from services.matching import contract as matching
from tests.unit.matching.words import HOUR, PROPOSAL, planned
from tests.unit.story import NOW

STEP = matching.Step(what="call", owner="company", due=NOW + 5 * HOUR)
CONTACT = "contact-1"


def entries(*happened: tuple[float, Event]) -> list[dict[str, Any]]:
    """The timeline as the database gives it back, whose times have no zone; each event with the hour at which it happened."""
    document: dict[str, Any] = {}
    told: list[dict[str, Any]] = []
    for version, (hour, event) in enumerate(happened, 1):
        moment = (NOW + hour * HOUR).replace(tzinfo=None)
        envelope = Envelope(f"c{version}.0", CONTACT, "test", moment, Actor("u1", "head"), "k", version=version)
        told += [{**entry, "version": version} for _, entry in ContactView().derive(document, event, envelope)]
    return told


LIFE = entries(
    (0, PROPOSAL),
    (0, planned(1, STEP)),
    (6, matching.FollowUpOverdue(step_id="step-1", owner="company", due=STEP.due, as_of=NOW + 6 * HOUR)),
    (30, matching.FollowUpEscalated(step_id="step-1", to="coordinator", as_of=NOW + 30 * HOUR)),
    (40, matching.ContactDormant(reason="consent_withdrawn: matching")),
)


def at(hour: float) -> Standing | None:
    return standing(CONTACT, told_by(LIFE, NOW + hour * HOUR))


def test_a_contact_is_folded_as_its_view_was_at_that_moment() -> None:
    document = folded(CONTACT, told_by(LIFE, NOW + 7 * HOUR))
    assert (document["_id"], document["version"], document["state"]) == (CONTACT, 3, "proposed")
    assert (document["next_step"]["overdue"], document["next_step"]["escalated_to"]) == (True, None)
    assert folded(CONTACT, LIFE)["state"] == "dormant"


def test_what_nobody_knows_any_more_counts_and_changes_nothing() -> None:
    unknown = {**LIFE[2], "type": "matching.LongGone.v1"}
    document = folded(CONTACT, [*LIFE[:2], unknown])
    assert (document["version"], document["next_step"]["overdue"]) == (3, False)


def test_what_was_asked_with_an_older_time_stays_behind_what_was_decided_before() -> None:
    late_news = entries((0, PROPOSAL), (5, planned(1, STEP)), (2, matching.ContactAccepted(side="person")))
    assert len(told_by(late_news, NOW + 3 * HOUR)) == 1
    assert len(told_by(late_news, NOW + 5 * HOUR)) == 3


def test_the_standing_of_an_open_contact_names_owner_step_and_stage() -> None:
    assert at(-1) is None
    fresh, late, very_late = at(0), at(7), at(31)
    assert fresh
    assert late
    assert very_late
    assert (fresh.coordinator, fresh.owner, fresh.due, fresh.reported) == ("staff-1", "company", STEP.due, False)
    assert (late.reported, late.escalated_to, late.overdue(NOW + 7 * HOUR)) == (True, None, True)
    assert very_late.escalated_to == "coordinator"
    assert at(41) is None


def test_the_proof_counts_and_has_the_same_checksum_for_the_same() -> None:
    one, other = proof(NOW + 31 * HOUR), proof(NOW + 32 * HOUR)
    assert (one.open, one.silent, one.overdue, one.reported, dict(one.escalated)) == (1, [], 1, 1, {"coordinator": 1})
    assert one.checksum == other.checksum != proof(NOW).checksum


def test_the_proof_names_a_contact_that_is_silent() -> None:
    without_step = standing(CONTACT, entries((0, PROPOSAL)))
    without_owner = standing(CONTACT, entries((0, PROPOSAL.model_copy(update={"coordinator": ""})), (0, planned(1, STEP))))
    broken = Proof(NOW)
    for each in (without_step, without_owner):
        assert each
        broken.add(each)
    assert broken.silent == [CONTACT, CONTACT]
    assert broken.owners == {"nobody": 1, "company": 1}


def proof(moment: datetime) -> Proof:
    made, each = Proof(moment), standing(CONTACT, told_by(LIFE, moment + timedelta(0)))
    if each:
        made.add(each)
    return made
