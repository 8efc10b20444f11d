"""When a message comes: quiet hours over midnight and over changes of the clock, digests, and waiting between tries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.timing import LONGEST_WAIT, Habits, digest_due, quiet_end, sends_at, wait_after

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tehran", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"])
CLOCKS = st.times().map(lambda clock: f"{clock:%H:%M}")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
NIGHT = Habits("none", "22:00", "07:00", "Europe/Berlin")


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (berlin(2026, 11, 24, 23, 30), berlin(2026, 11, 25, 7)),
        (berlin(2026, 11, 25, 3), berlin(2026, 11, 25, 7)),
        (berlin(2026, 11, 25, 7), None),
        (berlin(2026, 11, 25, 12), None),
        (berlin(2026, 3, 28, 23), berlin(2026, 3, 29, 7)),  # the night that is an hour shorter
        (berlin(2026, 10, 25, 1), berlin(2026, 10, 25, 7)),  # the night that is an hour longer
    ],
)
def test_quiet_hours_last_over_midnight(moment: datetime, end: datetime | None) -> None:
    assert quiet_end(moment.astimezone(UTC), NIGHT) == (end and end.astimezone(UTC))


@given(moment=MOMENTS, begin=CLOCKS, end=CLOCKS, zone=ZONES)
def test_quiet_hours_end_within_a_day_and_a_bit_and_nothing_waits_twice(
    moment: datetime, begin: str, end: str, zone: str
) -> None:
    if begin == end:
        return
    habits = Habits("none", begin, end, zone)
    over = quiet_end(moment, habits)
    if over is not None:
        assert moment < over <= moment + timedelta(hours=26)
        assert quiet_end(over, habits) is None
        assert sends_at(moment, moment, "at_once", False, None, habits) == over
    else:
        assert sends_at(moment, moment, "at_once", False, None, habits) == moment


@given(moment=MOMENTS, zone=ZONES, digest=st.sampled_from(["daily", "weekly"]))
def test_a_digest_is_due_after_what_it_tells_and_within_its_period(moment: datetime, zone: str, digest: str) -> None:
    due = digest_due(moment, digest, zone)
    assert moment < due <= moment + timedelta(days=1 if digest == "daily" else 7, hours=2)
    local = due.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) == (7, 0)
    assert digest == "daily" or local.weekday() == 0


def test_what_the_law_demands_and_what_begins_soon_comes_in_quiet_hours_too() -> None:
    midnight = berlin(2026, 11, 25, 0).astimezone(UTC)
    morning = berlin(2026, 11, 25, 7).astimezone(UTC)
    assert sends_at(midnight, midnight, "at_once", True, None, NIGHT) == midnight
    assert sends_at(midnight, midnight, "at_once", False, berlin(2026, 11, 25, 8), NIGHT) == midnight
    assert sends_at(midnight, midnight, "at_once", False, berlin(2026, 11, 25, 10), NIGHT) == morning


def test_what_is_urgent_passes_the_digest_and_what_may_wait_does_not() -> None:
    noon, habits = berlin(2026, 11, 24, 12).astimezone(UTC), Habits("daily", zone="Europe/Berlin")
    assert sends_at(noon, noon, "at_once", False, None, habits) == noon
    assert sends_at(noon, noon, "may_wait", False, None, habits) == berlin(2026, 11, 25, 7).astimezone(UTC)
    later = berlin(2026, 11, 25, 9).astimezone(UTC)
    assert sends_at(later, noon, "may_wait", False, None, habits) == later


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe"])
def test_a_time_zone_that_is_not_known_is_that_of_the_house(zone: str) -> None:
    midnight = berlin(2026, 11, 25, 0).astimezone(UTC)
    assert quiet_end(midnight, replace(NIGHT, zone=zone)) == quiet_end(midnight, NIGHT)
    assert digest_due(midnight, "daily", zone) == digest_due(midnight, "daily", "Europe/Berlin")


@given(attempt=st.integers(1, 10_000), luck=st.floats(0, 1))
def test_waiting_grows_is_shaken_and_stays_below_an_hour(attempt: int, luck: float) -> None:
    assert wait_after(attempt, 0) <= wait_after(attempt, luck) <= wait_after(attempt, 1) <= LONGEST_WAIT
    assert wait_after(attempt, 0) <= wait_after(attempt + 1, 0)
    assert wait_after(attempt, 1) == 2 * wait_after(attempt, 0)
