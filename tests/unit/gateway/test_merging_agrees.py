"""Whatever is stated, merged and undone: the view shows what the aggregate holds."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.foundation.messages import Command, Event, read
from services.gateway.views.person import PersonView
from services.profiles.contract import UndoMerge
from services.profiles.routes import ROUTES
from tests.unit.gateway.test_views import ClearVault, envelope
from tests.unit.profiles.test_merge_and_undo import commands, merge_of, takes, told
from tests.unit.profiles.words import OTHER_PERSON, PERSON, create_person
from tests.unit.story import Story

THIRD_PERSON = OTHER_PERSON[:-1] + "9"

wishes = st.tuples(commands, commands, commands, takes, takes, commands, commands)


@settings(max_examples=40, deadline=None)
@given(wishes, st.booleans())
def test_the_view_shows_what_the_profile_holds_after_two_merges_and_their_undoing(wished: Any, other_first: bool) -> None:
    mine, others, thirds, take, take_of_third, between, after = wished
    other, third = told(OTHER_PERSON, others), told(THIRD_PERSON, thirds)
    undone = (OTHER_PERSON, THIRD_PERSON) if other_first else (THIRD_PERSON, OTHER_PERSON)
    steps: list[Command] = [
        create_person(),
        *mine,
        *_merges(other, take),
        *between,
        *_merges(third, take_of_third),
        *after,
        *(UndoMerge(absorbed_id=each) for each in undone),
    ]
    survivor, view, document, version = Story(PERSON, ROUTES), PersonView(ClearVault()), {"_id": PERSON}, 0  # type: ignore[arg-type]
    for step in steps:
        for event in survivor.when(step).events:
            version += 1
            view.apply(document, read(event.TYPE, event.to_json()), envelope(PERSON, version))  # type: ignore[arg-type]
            _agree(document, survivor, event)


def _merges(absorbed: Story, take: tuple[str, ...]) -> list[Command]:
    """With the fields of ``take``; where one cannot be taken, that is refused and the merge goes without."""
    return [merge_of(absorbed, take), merge_of(absorbed, ())]


def _agree(document: dict[str, Any], survivor: Story, event: Event) -> None:
    profile = survivor.aggregate
    shown = {(field, each["provenance"]): each["value"] for field, made in document["statements"].items() for each in made}
    assert shown.keys() == {each.key for each in profile.statements}, event
    plain = profile.details.model_dump(mode="json", exclude={"kind"})
    assert {field: document[field] for field in plain} == plain
    counting = profile.statements.counting()
    assert all(document["statements"][field][0]["value"] == plain[field] for field in counting), event
    stated = {(each["id"], made["provenance"]) for each in document["qualifications"] for made in each["statements"]}
    assert stated == {(id, source) for id, made in profile.qualifications.items() for source in made}
    decided = {each["id"]: each["recognition"] for each in document["qualifications"] if "decision" in each}
    assert decided == {id: each.status for id, each in profile.recognitions.items()}
    concepts = {(each["typed"], each["provenance"]): each["concept"] for each in document.get("skill_concepts", ())}
    assert concepts == profile.concepts
    assert set(document["merged_from"]) == set(profile.absorbed)
