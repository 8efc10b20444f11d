"""Cursors of lists in the order of a date, and moments of queries: also those that no calendar of the house can hold."""

import base64
from datetime import UTC, datetime

import pytest

from services.gateway.http.dated_pages import behind, cursor_behind, in_time, place_in
from services.gateway.http.reading import cursor_for
from services.gateway.problems import Problem

ID = "notice-00000000-0000-4000-8000-000000000000"
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("moment", [MOMENT, MOMENT.replace(tzinfo=None)])
def test_a_cursor_leads_back_to_its_place(moment: datetime) -> None:
    assert place_in(cursor_behind(moment, ID)) == (MOMENT, ID)
    assert behind("at", cursor_behind(moment, ID))["$or"][0] == {"at": {"$gt": MOMENT}}


@pytest.mark.parametrize(
    "place",
    [
        f"0001-01-01T00:00:00+14:00|{cursor_for(ID)}",
        f"9999-12-31T23:59:59-14:00|{cursor_for(ID)}",
        "2026-11-24T09:30:00+00:00|",
        "|",
        "",
    ],
)
def test_a_place_that_was_never_given_out_is_a_bad_cursor(place: str) -> None:
    with pytest.raises(Problem) as problem:
        place_in(base64.urlsafe_b64encode(place.encode()).decode().rstrip("="))
    assert (problem.value.status, problem.value.code) == (400, "bad-cursor")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_nobody_can_mean_is_refused_by_its_field(moment: str) -> None:
    with pytest.raises(Problem) as problem:
        in_time(datetime.fromisoformat(moment), "from")
    assert (problem.value.status, problem.value.field) == (422, "from")
