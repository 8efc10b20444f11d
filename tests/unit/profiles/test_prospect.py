"""Prospects: identified, approached, then agreed or declined; and never approached once they have declined."""

import pytest

from services.foundation.aggregate import Refusal
from services.foundation.messages import Command, Event
from services.profiles.contract import (
    ErasePersonalData,
    MinimiseProspect,
    PersonalDataErased,
    PlanOutreachStep,
    ProspectAgreed,
    ProspectApproached,
    ProspectDeclined,
    ProspectIdentified,
    ProspectMinimised,
    ProspectUpdated,
    UpdateProspect,
    erasure_stream,
)
from services.profiles.erasing import ProfileIsErased
from services.profiles.outreach_step import OutreachStepInThePast, OutreachStepTooFarAhead
from services.profiles.profile import EvidenceMissing
from services.profiles.prospect import (
    ApproachNeedsOneDecision,
    OutreachInTheFuture,
    ProfileOfAnotherKind,
    ProspectAlreadyAgreed,
    ProspectAlreadyIdentified,
    ProspectBelongsToAnotherStream,
    ProspectDeclinedBefore,
    ProspectKeptStill,
)
from tests.unit.profiles.outreach_words import (
    AGREED,
    APPROACHED,
    CALL,
    CALLED,
    DAY,
    DECLINED,
    DECLINING,
    DETAILS,
    IDENTIFIED,
    MARKS,
    agree,
    approach,
    decline,
    identify,
    planned,
    prospect,
)
from tests.unit.profiles.words import COMPANY, FINGERPRINT, OTHER_PERSON, PERSON, create_company, create_person
from tests.unit.story import NOW

MINIMISE = MinimiseProspect(declined_until=NOW)
MINIMISED = ProspectMinimised(kind="person", sector="construction", region="DE-MV", marks=MARKS)


# --- identified -----------------------------------------------------------------------------------------------------


def test_a_prospect_is_identified_and_the_first_approach_is_due_within_two_weeks() -> None:
    prospect().when(identify()).then(*IDENTIFIED)


def test_another_first_step_may_be_planned() -> None:
    prospect().when(identify(next_step=CALL)).then(IDENTIFIED[0], planned(1, CALL))


def test_an_external_id_leads_to_its_own_stream() -> None:
    refused = prospect().when(identify(external_id="stand-18"))
    refused.then_refused(ProspectBelongsToAnotherStream, field="external_id")


@pytest.mark.parametrize("before", [IDENTIFIED, APPROACHED, AGREED])
def test_an_import_that_is_repeated_changes_nothing(before: tuple[Event, ...]) -> None:
    prospect().given(*before).when(identify(name="sealed.v1.QmFy")).then_nothing()


def test_one_external_id_stands_for_one_prospect() -> None:
    refused = prospect().given(*IDENTIFIED).when(identify(fingerprint="c" * 64))
    refused.then_refused(ProspectAlreadyIdentified, field="external_id")


def test_who_declined_is_not_identified_again() -> None:
    prospect().given(*DECLINED).when(identify()).then_refused(ProspectDeclinedBefore)


def test_an_update_replaces_what_is_given_and_not_where_the_data_comes_from() -> None:
    changed = DETAILS.model_copy(update={"place": "Rostock", "coordinator": "staff-3"})
    asked = UpdateProspect(place="Rostock", coordinator="staff-3")
    prospect().given(*IDENTIFIED).when(asked).then(ProspectUpdated(details=changed))
    prospect().given(*IDENTIFIED, ProspectUpdated(details=changed)).when(asked).then_nothing()
    assert not {"source", "external_id", "found_through", "kind"} & UpdateProspect.model_fields.keys()


# --- approached -----------------------------------------------------------------------------------------------------


def test_an_approach_says_who_when_how_what_came_of_it_and_what_is_next() -> None:
    prospect().given(*IDENTIFIED).when(approach()).then(CALLED, planned(2, CALL))


def test_talks_that_have_begun_go_on_whatever_a_further_approach_brings() -> None:
    talking = CALLED.model_copy(update={"outcome": "in_talks", "state": "in_talks"})
    prospect().given(*IDENTIFIED).when(approach(outcome="in_talks")).then(talking, planned(2, CALL))
    again = CALLED.model_copy(update={"approach_id": "approach-2", "outcome": "no_answer", "state": "in_talks"})
    later = approach(outcome="no_answer")
    prospect().given(*IDENTIFIED, talking, planned(2, CALL)).when(later).then(again, planned(3, CALL))


def test_an_approach_that_has_not_happened_yet_is_not_recorded() -> None:
    prospect().given(*IDENTIFIED).when(approach(at=NOW + DAY)).then_refused(OutreachInTheFuture, field="at")


def test_not_being_interested_is_declining() -> None:
    told = CALLED.model_copy(update={"outcome": "not_interested"})
    asked = approach(outcome="not_interested", next_step=None, decline=DECLINING)
    ended = ProspectDeclined(reason="no_time", by="prospect", at=NOW - DAY, marks=MARKS)
    prospect().given(*IDENTIFIED).when(asked).then(told, ended)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"next_step": None}, "next_step"),
        ({"decline": DECLINING}, "decline"),
        ({"outcome": "not_interested", "next_step": None}, "decline"),
        ({"outcome": "not_interested", "decline": DECLINING}, "next_step"),
    ],
)
def test_an_approach_is_followed_by_a_step_or_by_the_end(changes: dict[str, object], field: str) -> None:
    prospect().given(*IDENTIFIED).when(approach(**changes)).then_refused(ApproachNeedsOneDecision, field=field)


def test_a_planned_step_replaces_the_one_before() -> None:
    prospect().given(*IDENTIFIED).when(PlanOutreachStep(next_step=CALL)).then(planned(2, CALL))
    prospect().given(*APPROACHED).when(PlanOutreachStep(next_step=CALL)).then_nothing()


@pytest.mark.parametrize(
    ("days", "refusal"), [(0, OutreachStepInThePast), (-1, OutreachStepInThePast), (366, OutreachStepTooFarAhead)]
)
def test_a_step_lies_ahead_and_not_too_far(days: int, refusal: type[Refusal]) -> None:
    step = CALL.model_copy(update={"due": NOW + days * DAY})
    for asked in (PlanOutreachStep(next_step=step), approach(next_step=step)):
        prospect().given(*IDENTIFIED).when(asked).then_refused(refusal, field="next_step.due")
    prospect().when(identify(next_step=step)).then_refused(refusal, field="next_step.due")


# --- agreed ---------------------------------------------------------------------------------------------------------


def test_agreeing_names_the_profile_and_holds_what_it_is_made_of() -> None:
    event = ProspectAgreed(kind="person", profile_id=PERSON, profile=create_person().model_dump(mode="json"))
    prospect().given(*APPROACHED).when(agree()).then(event)
    prospect().given(*AGREED).when(agree()).then_nothing()


@pytest.mark.parametrize(
    "changes",
    [
        {"person": None},
        {"person": None, "company": create_company()},
        {"company": create_company()},
        {"profile_id": COMPANY},
    ],
)
def test_a_prospect_becomes_a_profile_of_its_own_kind(changes: dict[str, object]) -> None:
    prospect().given(*APPROACHED).when(agree(**changes)).then_refused(ProfileOfAnotherKind, field="person")


def test_what_the_profile_would_refuse_is_refused_when_they_agree() -> None:
    unproven = create_person(provenance="verified")
    prospect().given(*APPROACHED).when(agree(person=unproven)).then_refused(EvidenceMissing, field="evidence")


def test_a_company_that_agrees_becomes_a_company() -> None:
    found = ProspectIdentified(kind="company", details=DETAILS, fingerprint=FINGERPRINT)
    asked = agree(profile_id=COMPANY, person=None, company=create_company())
    event = ProspectAgreed(kind="company", profile_id=COMPANY, profile=create_company().model_dump(mode="json"))
    prospect().given(found, *IDENTIFIED[1:]).when(asked).then(event)


@pytest.mark.parametrize(
    "command",
    [approach(), decline(), PlanOutreachStep(next_step=CALL), UpdateProspect(place="Rostock"), agree(profile_id=OTHER_PERSON)],
)
def test_who_has_agreed_is_spoken_to_as_a_profile(command: Command) -> None:
    prospect().given(*AGREED).when(command).then_refused(ProspectAlreadyAgreed)


# --- declined and minimised -----------------------------------------------------------------------------------------


def test_declining_has_a_reason_and_says_by_whom() -> None:
    prospect().given(*APPROACHED).when(decline()).then(DECLINED[-1])
    prospect().given(*DECLINED).when(decline(at=NOW - DAY)).then_nothing()


def test_nobody_has_declined_tomorrow() -> None:
    prospect().given(*APPROACHED).when(decline(at=NOW + DAY)).then_refused(OutreachInTheFuture, field="at")


@pytest.mark.parametrize("minimised", [(), (MINIMISED,)])
@pytest.mark.parametrize("command", [approach(), agree(), PlanOutreachStep(next_step=CALL), UpdateProspect(place="Rostock")])
def test_who_declined_is_not_approached_again(minimised: tuple[Event, ...], command: Command) -> None:
    prospect().given(*DECLINED, *minimised).when(command).then_refused(ProspectDeclinedBefore)


def test_what_stays_of_who_declined_names_nobody() -> None:
    prospect().given(*DECLINED).when(MINIMISE).then(MINIMISED)
    prospect().given(*DECLINED, MINIMISED).when(MINIMISE).then_nothing()
    prospect().given(*DECLINED, MINIMISED).when(identify()).then_refused(ProspectDeclinedBefore)


@pytest.mark.parametrize("before", [IDENTIFIED, APPROACHED, AGREED])
def test_the_timer_minimises_only_who_declined(before: tuple[Event, ...]) -> None:
    prospect().given(*before).when(MINIMISE).then_refused(ProspectKeptStill, field="declined_until")


def test_the_timer_does_not_come_too_early() -> None:
    early = MinimiseProspect(declined_until=NOW - DAY)
    prospect().given(*DECLINED).when(early).then_refused(ProspectKeptStill, field="declined_until")


def test_the_prospect_of_an_erased_profile_is_erased_with_it() -> None:
    erasure = erasure_stream("person-1")
    story = prospect().given(*AGREED).when(ErasePersonalData(erasure_id=erasure))
    story.then(PersonalDataErased(erasure_id=erasure))
    story.when(approach()).then_refused(ProfileIsErased)


def test_an_approach_in_the_past_counts_when_it_was() -> None:
    long_ago = NOW - 300 * DAY
    story = prospect().given(*IDENTIFIED).when(approach(at=long_ago))
    assert isinstance(story.events[0], ProspectApproached)
    assert story.events[0].at == long_ago
