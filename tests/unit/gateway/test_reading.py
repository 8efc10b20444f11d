"""Cursors and what becomes of a document on its way out."""

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.http.reading import after, cursor_for, dump, public
from services.gateway.permissions import THIN, hidden
from services.gateway.problems import Problem
from services.gateway.words import without_words


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


def test_what_somebody_wrote_about_a_source_is_hidden_wherever_it_stands() -> None:
    source = {"provenance": "verified", "evidence": "Diplom von Anna"}
    spoken = {"language": "de", "level": "B2", "evidence": "certificate"}
    document = {
        "_id": "person-1",
        "languages": [spoken],
        "statements": {"languages": [{"value": [spoken], **source}]},
        "covered": {"place": [{"value": "Rostock", **source}]},
        "qualifications": [
            {"id": "1", "decision": None, "statements": [{"value": {"title": "Diplom"}, **source}]},
            {"id": "2", "decision": {"authority": "ZAB", "reference": "AZ Anna"}, "statements": []},
        ],
        "skill_concepts": [{"typed": "CAD", **source}],
        "needs": [{"id": "need-1", "source": source}, {"id": "need-2", "source": None}],
    }
    shown = public(document, hidden(THIN, "people"))
    assert "Anna" not in dump(shown).decode()
    assert shown["languages"] == [spoken]
    assert shown["statements"]["languages"][0]["value"] == [spoken]
    assert shown["qualifications"][1]["decision"] == {"authority": "ZAB"}


def test_who_sees_no_personal_data_sees_no_words_of_a_contact() -> None:
    contact = {
        "state": "arranged",
        "next_step": {"what": "sealed.v1.abc", "owner": "head"},
        "meetings": [{"place": "sealed.v1.x"}],
    }
    assert without_words(contact) == {
        "state": "arranged",
        "next_step": {"what": None, "owner": "head"},
        "meetings": [{"place": None}],
    }


def test_times_of_the_database_are_utc() -> None:
    assert dump({"due": datetime(2026, 1, 2, 3, 4)}) == b'{"due":"2026-01-02T03:04:00Z"}'
