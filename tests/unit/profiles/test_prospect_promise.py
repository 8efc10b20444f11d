"""Whatever is asked, and whenever: an open prospect has exactly one dated next step, and nobody who declined is approached."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from services.foundation.messages import Command, Event, registered_types
from services.profiles.contract import (
    MinimiseProspect,
    OutreachStep,
    OutreachStepPlanned,
    PlanOutreachStep,
    ProspectApproached,
    ProspectDeclined,
    ProspectIdentified,
    UpdateProspect,
)
from services.profiles.prospect import Prospect
from tests.unit.profiles.outreach_words import DAY, DECLINING, PROSPECT, agree, approach, decline, identify, prospect
from tests.unit.profiles.words import FINGERPRINT, OTHER_PERSON, PERSON
from tests.unit.story import NOW

days = st.sampled_from([1, 2, 14, 200, 400, 0, -3])
outcomes = st.sampled_from(["no_answer", "call_back", "interested", "in_talks", "not_interested"])
events: st.SearchStrategy[Event] = st.one_of(
    [
        st.builds(cast(Callable[..., Event], each))
        for each in registered_types().values()
        if issubclass(each, Event) and each.__module__ == "services.profiles.contract.prospect"
    ]
)


class ProspectUnderAnything(RuleBasedStateMachine):
    """Sends one prospect whatever may be sent, on a clock that mostly moves forward."""

    def __init__(self) -> None:
        super().__init__()
        self.story = prospect()
        self.clock = NOW
        self.planned: list[str] = []
        self.has_declined = False
        self.identified = 0

    @rule(days=days)
    def time_goes_by(self, days: int) -> None:
        self.clock += days * DAY

    @rule(fingerprint=st.sampled_from([FINGERPRINT, "d" * 64]), days=st.none() | days)
    def identify_it(self, fingerprint: str, days: int | None) -> None:
        self.ask(identify(fingerprint=fingerprint, next_step=None if days is None else self.step(days)))

    @rule(outcome=outcomes, ago=days, days=st.none() | days, declines=st.booleans())
    def approach_it(self, outcome: str, ago: int, days: int | None, declines: bool) -> None:
        step = None if days is None else self.step(days)
        ending = DECLINING if declines else None
        self.ask(approach(outcome=outcome, at=self.clock - ago * DAY, next_step=step, decline=ending))

    @rule(days=days)
    def plan(self, days: int) -> None:
        self.ask(PlanOutreachStep(next_step=self.step(days)))

    @rule(place=st.sampled_from(["Wismar", "Rostock"]))
    def change(self, place: str) -> None:
        self.ask(UpdateProspect(place=place))

    @rule(profile=st.sampled_from([PERSON, OTHER_PERSON]))
    def agree_with_it(self, profile: str) -> None:
        self.ask(agree(profile_id=profile))

    @rule(ago=days)
    def decline_it(self, ago: int) -> None:
        self.ask(decline(at=self.clock - ago * DAY))

    @rule(ago=days)
    def minimise(self, ago: int) -> None:
        self.ask(MinimiseProspect(declined_until=self.clock - ago * DAY))

    @invariant()
    def an_open_prospect_has_one_next_step(self) -> None:
        step = self.story.aggregate.step
        assert (step is not None) == self.story.aggregate.is_open
        assert step is None or (step.owner and isinstance(step.due, datetime))

    @invariant()
    def it_agrees_or_declines_but_not_both(self) -> None:
        assert not (self.story.aggregate.profile_id and self.story.aggregate.declined)

    def ask(self, command: Command) -> None:
        if not self.story.aggregate.exists and not isinstance(command, type(identify())):
            return  # the command loop refuses what is sent to a stream that does not exist
        happened = self.story.when(command, at=self.clock).events
        if self.has_declined:
            assert not any(isinstance(event, ProspectApproached | OutreachStepPlanned) for event in happened)
        self.has_declined = self.has_declined or any(isinstance(event, ProspectDeclined) for event in happened)
        self.identified += sum(isinstance(event, ProspectIdentified) for event in happened)
        assert self.identified <= 1
        planned = [event.step_id for event in happened if isinstance(event, OutreachStepPlanned)]
        assert len(planned) <= 1
        assert not set(planned) & set(self.planned), "no two steps have one id"
        self.planned += planned

    def step(self, days: int) -> OutreachStep:
        return OutreachStep(owner="staff-1", due=self.clock + days * DAY)


def test_no_prospect_is_forgotten_and_nobody_is_pressed() -> None:
    run_state_machine_as_test(ProspectUnderAnything, settings=settings(max_examples=150, stateful_step_count=30, deadline=None))


@given(st.lists(events, max_size=12))
def test_applying_an_event_never_fails(happened: list[Event]) -> None:
    assert Prospect(PROSPECT).fold(happened).version == len(happened)
