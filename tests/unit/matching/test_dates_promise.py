"""Whatever is proposed, chosen and moved, and whenever: no two talks of a contact at once, and always one next step."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.contract import (
    CancelMeeting,
    ChooseDate,
    DeclineDates,
    LapseDates,
    MoveMeeting,
    ProposeDates,
    RecordMeetingHeld,
    RecordMeetingMissed,
    ScheduleMeeting,
)
from tests.unit.matching.words import ARRANGED, FIRST, HOUR, SECOND, THIRD, UUID, contact
from tests.unit.story import NOW

Asked = tuple[type[Any], dict[str, Any]]

meetings = st.sampled_from([FIRST, SECOND, THIRD])
proposals = st.sampled_from([f"dates-{UUID}{number}" for number in (7, 8, 9)])
sides = st.sampled_from(["person", "company"])
proposers = st.sampled_from(["person", "company", "coordinator"])
moments = st.integers(1, 12)
slots = st.builds(
    lambda start, lasting: {"starts_at": NOW + start * HOUR, "ends_at": NOW + (start + lasting) * HOUR},
    moments,
    st.integers(1, 3),
)


def asking(command: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Asked]:
    return st.tuples(st.just(command), st.fixed_dictionaries(fields))


timed = st.builds(
    lambda asked, slot: (asked[0], asked[1] | slot),
    st.one_of(asking(ScheduleMeeting, meeting_id=meetings, format=st.just("video")), asking(MoveMeeting, meeting_id=meetings)),
    slots,
)
commands: st.SearchStrategy[Asked] = st.one_of(
    timed,
    timed,
    asking(
        ProposeDates,
        proposal_id=proposals,
        by=proposers,
        format=st.just("video"),
        dates=st.lists(slots, min_size=1, max_size=3),
    ),
    asking(
        ChooseDate,
        proposal_id=proposals,
        by=sides,
        meeting_id=meetings,
        starts_at=st.builds(lambda at: NOW + at * HOUR, moments),
    ),
    asking(DeclineDates, proposal_id=proposals, by=proposers, reason=st.just("no")),
    asking(LapseDates, proposal_id=proposals, as_of=st.builds(lambda at: NOW + at * HOUR, moments)),
    asking(CancelMeeting, meeting_id=meetings, reason=st.just("ill")),
    asking(RecordMeetingHeld, meeting_id=meetings, outcome=st.just("good")),
    asking(RecordMeetingMissed, meeting_id=meetings, missed_by=sides),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(commands, st.sampled_from([0, 0, 0, 1, 2])), min_size=5, max_size=20))
def test_no_two_talks_are_at_once_and_there_is_always_one_next_step(told: list[tuple[Asked, int]]) -> None:
    story, clock = contact().given(*ARRANGED), NOW
    for (command, fields), hours in told:
        clock += hours * HOUR
        story.when(command.model_validate(fields), at=clock)
        aggregate = story.aggregate
        talks = [each for each in aggregate.meetings.by_id.values() if each.state == "scheduled"]
        in_order = sorted(talks, key=lambda each: each.starts_at)
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(in_order))
        assert aggregate.is_open
        assert aggregate.step is not None
