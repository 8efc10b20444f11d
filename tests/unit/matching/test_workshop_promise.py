"""Whatever is asked in whatever order: never over capacity, nobody waits while there is a place, and the line is kept."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Command, Event
from services.matching.contract import (
    CancelRegistration,
    ChangeWorkshop,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegisterParticipant,
    RegistrationCancelled,
)
from services.matching.seats import SEATED
from services.matching.workshop import Workshop
from services.matching.workshop_routes import workshop_routes
from services.matching.workshop_rules import Standing
from tests.unit.matching.workshop_words import ANNOUNCED, STARTS, WORKSHOP, came
from tests.unit.story import COORDINATOR, NOW

PEOPLE = [f"person-00000000-0000-4000-8000-0000000000{number:02}" for number in range(12)]
ROUTES = workshop_routes(lambda _: Standing())

people = st.sampled_from(PEOPLE)
asked: st.SearchStrategy[Command] = st.one_of(
    people.map(lambda who: RegisterParticipant(participant_id=who)),
    people.map(lambda who: RegisterParticipant(participant_id=who)),
    people.map(lambda who: CancelRegistration(participant_id=who)),
    st.integers(1, 8).map(lambda capacity: ChangeWorkshop(capacity=capacity)),
    people.map(came),
)


def decided(workshop: Workshop, command: Command, at_start: bool) -> tuple[Event, ...]:
    route = ROUTES[type(command)]
    assert not isinstance(route, tuple)
    context = Context(STARTS if at_start else NOW, COORDINATOR, "command-1")
    try:
        return tuple(route.decide(workshop, command, context))
    except Refusal:
        return ()


def line_after(line: list[str], event: Event) -> list[str]:
    """The line as one would keep it on paper."""
    match event:
        case ParticipantWaitlisted():
            return [*line, event.participant_id]
        case ParticipantPromoted():
            assert line[0] == event.participant_id, "the first in line is promoted"
            return line[1:]
        case RegistrationCancelled():
            return [each for each in line if each != event.participant_id]
        case ParticipantRegistered():
            assert not line, "nobody overtakes those who wait"
    return line


@settings(max_examples=300, deadline=None)
@given(st.lists(asked, max_size=60), st.lists(asked, max_size=10))
def test_the_places_and_the_line_are_always_right(before: Sequence[Command], after: Sequence[Command]) -> None:
    workshop, line = Workshop(WORKSHOP).fold([ANNOUNCED]), list[str]()
    for at_start, commands in ((False, before), (True, after)):
        for command in commands:
            for event in (events := decided(workshop, command, at_start)):
                line = line_after(line, event)
            workshop.fold(events)
            assert workshop.plan is not None
            seated = [who for who, state in workshop.seats.standing.items() if state in SEATED]
            assert len(seated) == workshop.seats.taken <= workshop.plan.capacity
            assert not line or workshop.seats.taken == workshop.plan.capacity, "nobody waits while there is a place"
            assert list(workshop.seats.line) == line
            assert not set(seated) & set(line)
