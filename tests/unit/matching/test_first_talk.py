"""Dates are proposed by themselves: for a first talk where staff ask for it, and after a missed one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.messages import Event
from services.matching.contract import ContactArranged, MeetingMissed, ProposeDates
from services.matching.first_talk import NOTICE, first_dates, first_talk, same_time_later
from tests.unit.matching.words import CONTACT, DAY, FIRST, HOUR
from tests.unit.recording import recorded
from tests.unit.story import NOW

BERLIN = ZoneInfo("Europe/Berlin")
YESTERDAY = NOW - DAY


def proposal_after(event: Event) -> ProposeDates:
    (request,) = first_talk(recorded(event, CONTACT))
    assert request.stream == CONTACT
    assert isinstance(request.command, ProposeDates)
    return request.command


def missed(by: str, seek_date: bool = True) -> MeetingMissed:
    talk = {"format": "phone", "starts_at": YESTERDAY, "ends_at": YESTERDAY + HOUR, "place": "sealed"}
    return MeetingMissed.model_validate({"meeting_id": FIRST, "missed_by": by, "seek_date": seek_date, **talk})


@pytest.mark.parametrize(("by", "asked"), [("company", "company"), ("person", "person"), ("both", None)])
def test_after_a_missed_talk_the_same_time_is_proposed_and_who_missed_it_is_asked_first(by: str, asked: str | None) -> None:
    command = proposal_after(missed(by))
    assert (command.by, command.by_itself, command.asked_first) == ("coordinator", True, asked)
    assert (command.format, command.place) == ("phone", "sealed")
    assert [each.starts_at for each in command.dates] == [YESTERDAY + 7 * weeks * DAY for weeks in (1, 2, 3)]


def test_a_replay_proposes_under_the_same_id() -> None:
    assert proposal_after(missed("person")).proposal_id == proposal_after(missed("person")).proposal_id


def test_three_dates_are_proposed_for_a_first_talk() -> None:
    command = proposal_after(ContactArranged(seek_date=True))
    local = [each.starts_at.astimezone(BERLIN) for each in command.dates]
    assert [(each.isoweekday(), each.hour) for each in local] == [(2, 10), (3, 14), (4, 16)]


@pytest.mark.parametrize(
    "event", [ContactArranged(), missed("company", seek_date=False), MeetingMissed(meeting_id=FIRST, missed_by="x")]
)
def test_otherwise_nobody_is_disturbed(event: Event) -> None:
    assert list(first_talk(recorded(event, CONTACT))) == []


def test_ten_stays_ten_when_the_clocks_are_changed() -> None:
    starts_at = datetime(2026, 3, 26, 10, tzinfo=BERLIN)
    later = same_time_later(starts_at.astimezone(UTC), starts_at.astimezone(UTC) + HOUR, starts_at + HOUR)
    assert [each["starts_at"].astimezone(BERLIN).hour for each in later] == [10, 10, 10]
    assert later[0]["starts_at"].astimezone(UTC).hour == 8


moments = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(moments, st.integers(0, 400))
def test_whatever_is_proposed_lies_far_enough_ahead(moment: datetime, days_ago: int) -> None:
    then = moment - timedelta(days=days_ago)
    for dates in (first_dates(moment), same_time_later(then, then + HOUR, moment)):
        starts = [each["starts_at"] for each in dates]
        assert len(starts) == 3
        assert starts == sorted(starts)
        assert starts[0] >= moment + NOTICE
        assert starts[0] < moment + NOTICE + timedelta(days=8)
