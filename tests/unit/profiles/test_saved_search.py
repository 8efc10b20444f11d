"""Saved searches: each hit is found once, and its owner told at most once a day."""

from datetime import timedelta

from services.profiles.contract import (
    DeleteSearch,
    ReportHits,
    SaveSearch,
    SearchDeleted,
    SearchDigestDue,
    SearchHitsFound,
    SearchHitsSeen,
    SearchSaved,
    SeeHits,
)
from services.profiles.routes import ROUTES
from services.profiles.saved_search import SearchAlreadySaved, SearchWasDeleted
from tests.unit.story import COORDINATOR, NOW, Story

A, B, C = (f"person-00000000-0000-4000-8000-00000000000{digit}" for digit in "abc")
OWNER = "company-00000000-0000-4000-8000-000000000000"
SAVE = SaveSearch(owner=OWNER, resource="people", title="sealed.v1.x", query="sealed.v1.y", known=(A,))
SAVED = SearchSaved(**SAVE.model_dump(), actor=str(COORDINATOR), saved_at=NOW)
DIGEST = SearchDigestDue(owner=OWNER, count=1, due_at=NOW)


def search() -> Story:
    return Story("search-1", ROUTES)


def test_a_search_is_saved_once() -> None:
    search().when(SAVE).then(SAVED)
    search().given(SAVED).when(SAVE).then_refused(SearchAlreadySaved)


def test_what_was_known_when_it_was_saved_is_no_new_hit() -> None:
    search().given(SAVED).when(ReportHits(hits=(A,))).then_nothing()
    search().given(SAVED).when(ReportHits(hits=(A, B, B))).then(SearchHitsFound(hits=(B,)), DIGEST)


def test_a_hit_is_found_once() -> None:
    search().given(SAVED, SearchHitsFound(hits=(B,)), DIGEST).when(ReportHits(hits=(B,))).then_nothing()
    search().given(SAVED, SearchHitsFound(hits=(B,)), SearchHitsSeen()).when(ReportHits(hits=(B,))).then_nothing()


def test_the_owner_is_told_once_a_day_and_the_next_day_of_all_that_came_since() -> None:
    told = search().given(SAVED, SearchHitsFound(hits=(B,)), DIGEST)
    told.when(ReportHits(hits=(C,))).then(SearchHitsFound(hits=(C,)))
    tomorrow = NOW + timedelta(days=1)
    told.when(ReportHits(), at=tomorrow).then(SearchDigestDue(owner=OWNER, count=1, due_at=tomorrow))
    told.when(ReportHits(), at=tomorrow).then_nothing()


def test_what_was_seen_is_not_told_any_more() -> None:
    seen = search().given(SAVED, SearchHitsFound(hits=(B,))).when(SeeHits())
    seen.then(SearchHitsSeen())
    seen.when(SeeHits()).then_nothing()
    seen.when(ReportHits()).then_nothing()


def test_staff_are_not_written_to() -> None:
    of_staff = SAVED.model_copy(update={"owner": ""})
    search().given(of_staff).when(ReportHits(hits=(B,))).then(SearchHitsFound(hits=(B,)))


def test_a_deleted_search_finds_nothing_and_is_deleted_once() -> None:
    deleted = search().given(SAVED, SearchHitsFound(hits=(B,))).when(DeleteSearch())
    deleted.then(SearchDeleted())
    deleted.when(DeleteSearch()).then_nothing()
    deleted.when(ReportHits(hits=(C,))).then_nothing()
    deleted.when(SeeHits()).then_refused(SearchWasDeleted)
