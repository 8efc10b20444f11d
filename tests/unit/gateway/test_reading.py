"""Cursors and what becomes of a document on its way out."""

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.http.reading import after, cursor_for, dump, public
from services.gateway.problems import Problem


@given(st.uuids())
def test_a_cursor_leads_back_to_its_id(id: UUID) -> None:
    assert after(cursor_for(f"person-{id}")) == f"person-{id}"


@given(st.text())
def test_any_other_text_is_a_bad_cursor(text: str) -> None:
    with pytest.raises(Problem) as problem:
        after(text)
    assert (problem.value.status, problem.value.code, problem.value.field) == (400, "bad-cursor", "cursor")


def test_a_document_shows_its_id_first_and_hides_what_is_hidden() -> None:
    shown = public({"_id": "person-1", "version": 2, "name": "A"}, frozenset({"name", "phone"}))
    assert list(shown.items()) == [("id", "person-1"), ("version", 2)]


def test_times_of_the_database_are_utc() -> None:
    assert dump({"due": datetime(2026, 1, 2, 3, 4)}) == b'{"due":"2026-01-02T03:04:00Z"}'
