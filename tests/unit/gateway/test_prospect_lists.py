"""Lists of prospects: what is asked for, and where the next page begins."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.http.prospect_lists import DUE, Wanted, behind, cursor_behind
from services.gateway.problems import Problem
from services.profiles.contract import OPEN_PROSPECT_STATES

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@given(st.uuids(), st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2200, 1, 1)))
def test_a_cursor_leads_behind_its_prospect(id: UUID, due: datetime) -> None:
    cursor = cursor_behind({"_id": f"prospect-{id}", "next_step": {"due": due}})
    moment = due.replace(tzinfo=UTC)
    assert behind(cursor) == {"$or": [{DUE: {"$gt": moment}}, {DUE: moment, "_id": {"$gt": f"prospect-{id}"}}]}


@given(st.text())
def test_any_other_text_is_a_bad_cursor(text: str) -> None:
    with pytest.raises(Problem) as problem:
        behind(text)
    assert (problem.value.status, problem.value.code, problem.value.field) == (400, "bad-cursor", "cursor")


def test_nothing_asked_for_is_everything() -> None:
    assert Wanted().filter == []


def test_what_is_asked_for_must_hold_together() -> None:
    wanted = Wanted(kind="company", sector="construction", region="DE-MV", coordinator="u1", due_before=MOMENT)
    assert wanted.filter == [
        {"kind": "company"},
        {"sector": "construction"},
        {"region": "DE-MV"},
        {"coordinator": "u1"},
        {DUE: {"$lt": MOMENT}},
    ]


def test_untouched_are_only_open_ones() -> None:
    assert Wanted(untouched_since=MOMENT).filter == [
        {"state": {"$in": sorted(OPEN_PROSPECT_STATES)}, "updated_at": {"$lt": MOMENT}}
    ]
