"""Views: the documents that events lead to."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.foundation.messages import Actor, Envelope, Event
from services.foundation.projection import Projection
from services.gateway.views.company import CompanyView
from services.gateway.views.contact import ContactView
from services.gateway.views.referral import ReferralView
from services.matching import contract as matching
from services.profiles import contract as profiles

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


class ClearVault:
    """Opens everything to itself: these events hold nothing sealed."""

    def open(self, owner: str, field: str, sealed: str) -> str:
        return sealed


def envelope(stream: str, version: int) -> Envelope:
    return Envelope(f"c{version}.0", stream, "test", NOW, Actor("u1", "head"), "k", version=version)


def fold(view: Projection, stream: str, *events: Event) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    """The document after these events, and all that was derived on the way."""
    document: dict[str, Any] = {"_id": stream}
    derived: list[tuple[str, dict[str, Any]]] = []
    for version, event in enumerate(events, 1):
        view.apply(document, event, envelope(stream, version))
        derived.extend(view.derive(document, event, envelope(stream, version)))
    return document, derived


PROPOSED = matching.ContactProposed(person_id="person-1", company_id="company-1", need_id="need-1", coordinator="u1")
PLANNED = matching.NextStepPlanned(step_id="step-1", what="call", owner="coordinator", due=LATER)
MEETING = matching.MeetingScheduled(
    meeting_id="m1", format="video", starts_at=LATER, ends_at=LATER + timedelta(hours=1), first=True
)


def contact(*events: Event) -> dict[str, Any]:
    return fold(ContactView(), "contact-1", PROPOSED, PLANNED, *events)[0]


def test_a_proposed_contact_waits_for_both_sides() -> None:
    document = contact(matching.ContactAccepted(side="person"))
    assert (document["state"], document["accepted_by"]) == ("proposed", ["person"])
    assert document["next_step"] == {**PLANNED.model_dump(), "reminded": False, "overdue": False, "escalated_to": None}


def test_accepting_by_both_sides_and_arranging_moves_it_on() -> None:
    accepted = (matching.ContactAccepted(side="person"), matching.ContactAccepted(side="company"))
    assert contact(*accepted)["state"] == "accepted"
    assert contact(*accepted, matching.ContactArranged())["state"] == "arranged"


def test_an_overdue_step_is_marked_and_a_new_one_takes_its_place() -> None:
    overdue = matching.FollowUpOverdue(step_id="step-1", owner="coordinator", due=LATER, as_of=LATER)
    assert contact(overdue)["next_step"]["overdue"]
    assert not contact(overdue, PLANNED.model_copy(update={"step_id": "step-2"}))["next_step"]["overdue"]
    assert contact(matching.NextStepDone(step_id="step-1"))["next_step"] is None


def test_a_meeting_goes_from_scheduled_to_followed_up() -> None:
    held, followed = matching.MeetingHeld(meeting_id="m1", outcome="good"), matching.MeetingFollowedUp(meeting_id="m1")
    moved = matching.MeetingMoved(meeting_id="m1", starts_at=NOW, ends_at=LATER, place="Wismar")
    assert contact(MEETING)["meetings"][0]["state"] == "scheduled"
    assert contact(MEETING, moved)["meetings"][0]["place"] == "Wismar"
    done = contact(MEETING, held, followed)["meetings"][0]
    assert (done["state"], done["outcome"], done["first"]) == ("followed_up", "good", True)


def test_a_closed_contact_has_no_next_step_and_reopening_asks_both_again() -> None:
    closed = contact(matching.ContactAccepted(side="person"), matching.ContactClosed(reason="no_fit"))
    assert (closed["state"], closed["closing_reason"], closed["next_step"]) == ("closed", "no_fit", None)
    again = contact(matching.ContactClosed(reason="no_fit"), matching.ContactReopened())
    assert (again["state"], again["accepted_by"], again["closing_reason"]) == ("proposed", [], None)


def test_every_event_stands_in_the_timeline_at_its_version() -> None:
    _, derived = fold(ContactView(), "contact-1", PROPOSED, PLANNED)
    assert [(collection, entry["_id"], entry["event_id"], entry["type"]) for collection, entry in derived] == [
        ("contact_events", "contact-1/00000001", "c1.0", "matching.ContactProposed.v1"),
        ("contact_events", "contact-1/00000002", "c2.0", "matching.NextStepPlanned.v1"),
    ]


def test_a_need_is_a_document_of_its_own_and_stays_when_withdrawn() -> None:
    details = profiles.CompanyDetails(name="KMU", sector="construction")
    document, derived = fold(
        CompanyView(ClearVault()),  # type: ignore[arg-type]
        "company-1",
        profiles.ProfileCreated(kind="company", details=details),
        profiles.NeedStated(need_id="need-1", title="Bauleitung", purpose="employment"),
        profiles.NeedStated(need_id="need-2", title="Vertrieb", purpose="employment"),
        profiles.NeedWithdrawn(need_id="need-1"),
    )
    assert [(need["id"], need["open"]) for need in document["needs"]] == [("need-1", False), ("need-2", True)]
    assert [(each["_id"], each["company_id"], each["open"]) for name, each in derived if name == "needs"] == [
        ("need-1", "company-1", True),
        ("need-2", "company-1", True),
        ("need-1", "company-1", False),
    ]


def test_an_erased_referral_keeps_nothing_that_was_written_about_it() -> None:
    received = profiles.ReferralReceived(
        partner_id="partner-1", external_id="case-1", name="Anna", email="a@example.org", region="DE-MV", note="Anna is keen"
    )
    rejected = profiles.ReferralRejected(partner_id="partner-1", region="DE-MV", reason="Anna is known already")
    document, _ = fold(
        ReferralView(ClearVault()),  # type: ignore[arg-type]
        "referral-1",
        received,
        rejected,
        profiles.PersonalDataErased(erasure_id="erasure-1"),
    )
    assert "Anna" not in str(document)
    assert (document["state"], document["reason"]) == ("rejected", None)
    assert document["erased_at"] == NOW


def test_the_needs_of_an_erased_company_keep_no_evidence() -> None:
    details = profiles.CompanyDetails(name="KMU", sector="construction")
    document, derived = fold(
        CompanyView(ClearVault()),  # type: ignore[arg-type]
        "company-1",
        profiles.ProfileCreated(kind="company", details=details),
        profiles.NeedStated(need_id="need-1", title="Bauleitung", purpose="employment", evidence="Jürgen told us"),
        profiles.ProfileErased(kind="company", erasure_id="erasure-1", erased_at=NOW),
    )
    assert "Jürgen" not in str(document)
    need = [fields for collection, fields in derived if collection == "needs"][-1]
    assert (need["open"], need["source"]["evidence"]) == (False, None)
