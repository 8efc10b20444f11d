"""Where statements come from: nobody overwrites what another source has said."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.foundation.messages import read
from services.profiles.contract import PRECEDENCE, PersonDetails, ProfileCreated, ProfileUpdated, SpokenLanguage, UpdatePerson
from services.profiles.profile import EvidenceMissing
from services.profiles.statements import Statement
from tests.unit.profiles.words import SEALED, create_person, person
from tests.unit.story import Story


def statements(story: Story, field: str) -> dict[str, Any]:
    return {each.provenance: each.value for each in story.aggregate.statements if each.field == field}


def test_a_staff_edit_does_not_overwrite_what_the_person_said() -> None:
    story = person().when(create_person(provenance="said")).when(UpdatePerson(place="Wismar"))
    assert story.then_details().place == "Rostock"
    assert statements(story, "place") == {"said": "Rostock", "staff": "Wismar"}
    (event,) = story.events
    assert isinstance(event, ProfileUpdated)
    assert (event.stated, event.beside, event.provenance) == (("place",), {"place": "Wismar"}, "staff")


def test_what_the_person_says_counts_before_what_staff_entered() -> None:
    story = person().when(create_person()).when(UpdatePerson(place="Wismar", provenance="said"))
    assert story.then_details().place == "Wismar"
    assert statements(story, "place") == {"said": "Wismar", "staff": "Rostock"}


def test_what_was_verified_counts_before_all_else_and_names_its_evidence() -> None:
    verified = UpdatePerson(languages=(), provenance="verified", evidence=SEALED)
    story = person().when(create_person(provenance="said")).when(verified)
    assert story.then_details().languages == ()
    assert statements(story, "languages") == {"said": (SpokenLanguage(language="de", level="B2"),), "verified": ()}


def test_nothing_is_verified_without_evidence() -> None:
    person().when(create_person(provenance="verified")).then_refused(EvidenceMissing, field="evidence")
    update = UpdatePerson(place="Wismar", provenance="verified")
    person().when(create_person()).when(update).then_refused(EvidenceMissing, field="evidence")


def test_saying_what_staff_entered_makes_it_the_persons_own_word() -> None:
    story = person().when(create_person()).when(UpdatePerson(place="Rostock", provenance="said"))
    assert statements(story, "place") == {"staff": "Rostock", "said": "Rostock"}


def test_staff_who_enter_what_was_said_anyway_say_nothing() -> None:
    person().when(create_person(provenance="said")).when(UpdatePerson(place="Rostock")).then_nothing()


def test_a_field_left_to_its_default_was_stated_by_nobody() -> None:
    story = person().when(create_person(provenance="said"))
    assert statements(story, "mobility_km") == {}
    assert story.when(UpdatePerson(mobility_km=10)).then_details().mobility_km == 10


def test_an_availability_can_be_taken_back() -> None:
    story = person().when(create_person(weekly_hours=20)).when(UpdatePerson(cleared=("weekly_hours",)))
    assert story.then_details().weekly_hours is None
    story.when(UpdatePerson(cleared=("weekly_hours",))).then_nothing()


def test_of_events_from_before_there_was_provenance_all_was_entered_by_staff() -> None:
    details = PersonDetails(name=SEALED, email=SEALED, place="Rostock")
    moved = details.model_copy(update={"place": "Wismar"})
    old = (ProfileCreated(kind="person", details=details), ProfileUpdated(kind="person", details=moved))
    story = person().given(*old)
    assert statements(story, "place") == {"staff": "Wismar"}
    assert story.when(UpdatePerson(place="Schwerin", provenance="said")).then_details().place == "Schwerin"


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(PRECEDENCE),
        st.fixed_dictionaries(
            {},
            optional={
                "place": st.sampled_from(["Rostock", "Wismar", "Schwerin"]),
                "skills": st.lists(st.sampled_from(["CAD", "pumps", "welding"]), max_size=2).map(tuple),
                "mobility_km": st.integers(0, 3),
            },
        ),
    ),
    max_size=12,
)


@given(CHANGES)
def test_every_source_keeps_its_last_word_and_the_first_in_precedence_counts(changes: list[tuple[str, dict[str, Any]]]) -> None:
    story = person().when(create_person())
    last: dict[tuple[str, str], Any] = {}
    for provenance, fields in changes:
        story.when(UpdatePerson.model_validate({**fields, "provenance": provenance, "evidence": SEALED}))
        last |= {(field, provenance): value for field, value in fields.items()}
    for (field, provenance), value in last.items():
        kept = statements(story, field).get(provenance)
        assert kept == value or (kept is None and (provenance == "staff" or value == ()))
    for field in ("place", "skills", "mobility_km"):
        made = statements(story, field)
        first = next((made[each] for each in PRECEDENCE if each in made), getattr(story.then_details(), field))
        assert getattr(story.then_details(), field) == first


@given(CHANGES)
def test_statements_are_the_same_when_they_are_read_again(changes: list[tuple[str, dict[str, Any]]]) -> None:
    story, again = person().when(create_person()), person()
    again.given(*(read(event.TYPE, event.to_json()) for event in story.events))  # type: ignore[arg-type]
    for provenance, fields in changes:
        story.when(UpdatePerson.model_validate({**fields, "provenance": provenance, "evidence": SEALED}))
        again.given(*(read(event.TYPE, event.to_json()) for event in story.events))  # type: ignore[arg-type]
    assert set(_plain(story)) == set(_plain(again))


def _plain(story: Story) -> list[str]:
    return [repr(Statement(*each)) for each in story.aggregate.statements]
