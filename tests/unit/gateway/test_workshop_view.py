"""The views of workshops: what everybody may see, and what is kept apart."""

from typing import Any

from services.foundation.messages import Event
from services.gateway.views.workshop import WorkshopView, registration_id
from services.matching.contract import (
    AttendanceRecorded,
    FeedbackGiven,
    NotedWish,
    ParticipantPromoted,
    ParticipantRegistered,
    RegistrationCancelled,
    WorkshopCancelled,
    WorkshopChanged,
    contact_stream,
)
from services.matching.places import PlacesView
from tests.unit.gateway.test_views import fold
from tests.unit.matching.workshop_words import (
    ANNA,
    ANNOUNCED,
    BILAL,
    CHEN,
    FULL,
    GUEST,
    PARTNER,
    WITH_LINE,
    WORKSHOP,
    registered,
    waitlisted,
)

BROUGHT = ParticipantRegistered(participant_id=GUEST, partner_id=PARTNER, name="sealed.v1.name", email="sealed.v1.mail")
LEFT = RegistrationCancelled(participant_id=ANNA)


def seen(*events: Event) -> dict[str, Any]:
    return fold(WorkshopView(), WORKSHOP, *events)[0]


def derived(*events: Event) -> dict[tuple[str, str], dict[str, Any]]:
    """The last of each further document, by collection and id."""
    return {(collection, each["_id"]): each for collection, each in fold(WorkshopView(), WORKSHOP, *events)[1]}


def test_free_places_and_those_who_wait_are_counted() -> None:
    assert (seen(ANNOUNCED)["free_places"], seen(ANNOUNCED)["waiting"]) == (2, 0)
    assert (seen(*WITH_LINE)["free_places"], seen(*WITH_LINE)["waiting"]) == (0, 1)
    moved_up = seen(*WITH_LINE, LEFT, ParticipantPromoted(participant_id=CHEN))
    assert (moved_up["free_places"], moved_up["waiting"], moved_up["waiting_line"]) == (0, 0, [])


def test_who_comes_again_waits_behind_the_others() -> None:
    again = seen(*WITH_LINE, *waitlisted(GUEST), RegistrationCancelled(participant_id=CHEN), *waitlisted(CHEN))
    assert again["waiting_line"] == [GUEST, CHEN]


def test_each_registration_says_how_it_stands() -> None:
    documents = derived(*WITH_LINE, LEFT, ParticipantPromoted(participant_id=CHEN))
    states = {who: documents["registrations", registration_id(WORKSHOP, who)]["state"] for who in (ANNA, BILAL, CHEN)}
    assert states == {ANNA: "cancelled", BILAL: "registered", CHEN: "confirmed"}


def test_the_name_of_a_guest_goes_with_the_registration_and_stands_in_no_timeline() -> None:
    words = ("registration_words", f"{registration_id(WORKSHOP, GUEST)}/guest")
    assert derived(ANNOUNCED, BROUGHT)[words]["name"] == "sealed.v1.name"
    after = derived(ANNOUNCED, BROUGHT, RegistrationCancelled(participant_id=GUEST))
    assert (after[words]["name"], after[words]["email"]) == ("", "")
    assert "sealed" not in str([each for (name, _), each in after.items() if name != "registration_words"])


def test_feedback_outlasts_a_corrected_attendance_and_tells_which_contact_a_wish_becomes() -> None:
    wish = NotedWish(person_id=ANNA, company_id=CHEN, need_id="need-1")
    feedback = FeedbackGiven(participant_id=ANNA, rating=4, words="sealed.v1.words", wishes=(wish,))
    attended, missed = (AttendanceRecorded(participant_id=ANNA, attendance=each) for each in ("attended", "excused"))
    documents = derived(*FULL, attended, feedback, missed)
    told = documents["registration_words", f"{registration_id(WORKSHOP, ANNA)}/feedback"]["feedback"]
    assert (told["rating"], told["wishes"][0]["contact_id"]) == (4, contact_stream(ANNA, CHEN, "need-1"))
    assert documents["registrations", registration_id(WORKSHOP, ANNA)]["state"] == "excused"


def test_matching_keeps_who_has_a_place_and_when_it_is() -> None:
    fields = ANNOUNCED.model_dump(exclude={"kind", "region", "coordinator"})
    moved = WorkshopChanged(**{**fields, "starts_at": ANNOUNCED.ends_at}, rescheduled=True)
    document, _ = fold(PlacesView(), WORKSHOP, ANNOUNCED, *registered(ANNA), BROUGHT, LEFT, moved)
    assert document["places"] == [{"participant_id": GUEST, "partner_id": PARTNER}]
    assert (document["starts_at"], document["cancelled"]) == (ANNOUNCED.ends_at, False)
    assert fold(PlacesView(), WORKSHOP, ANNOUNCED, WorkshopCancelled(reason="ill"))[0]["cancelled"]
