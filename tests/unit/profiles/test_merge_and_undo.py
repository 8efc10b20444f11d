"""Whatever was stated before: merging and undoing leaves both profiles as they were; what is stated in between stays."""

from dataclasses import replace
from datetime import UTC, date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.foundation.messages import Command, read
from services.profiles.contract import (
    PRECEDENCE,
    ChangeRecognitionStatus,
    GrantConsent,
    MarkMerged,
    MarkSeparated,
    MergeProfiles,
    ProfilesMerged,
    RecordQualification,
    RemoveQualification,
    StateSkills,
    TakenConcept,
    TakenQualification,
    TakenRecognition,
    TakenStatements,
    TypedSkill,
    UndoMerge,
    UpdatePerson,
    WithdrawConsent,
)
from services.profiles.person import Person
from services.profiles.routes import ROUTES
from tests.unit.profiles.words import OTHER_PERSON, PERSON, SEALED, create_person
from tests.unit.story import NOW, Story

DEGREES = [f"qualification-{digit * 36}" for digit in "12"]
TAKEABLE = ("place", "skills", "mobility_km", "weekly_hours")
provenance = st.sampled_from(PRECEDENCE)
updates = st.builds(
    lambda source, fields: UpdatePerson.model_validate({**fields, "provenance": source, "evidence": SEALED}),
    provenance,
    st.fixed_dictionaries(
        {},
        optional={
            "place": st.sampled_from(["Rostock", "Wismar", "Schwerin"]),
            "skills": st.lists(st.sampled_from(["CAD", "pumps", "welding"]), max_size=2).map(tuple),
            "mobility_km": st.integers(49, 51),
            "weekly_hours": st.integers(1, 3),
            "available_from": st.sampled_from([date(2026, 5, 1), date(2026, 6, 1)]),
        },
    ),
)
degrees = st.builds(
    RecordQualification,
    qualification_id=st.sampled_from(DEGREES),
    title=st.sampled_from(["B.Sc.", "M.Sc."]),
    provenance=provenance,
    evidence=st.just(SEALED),
)
recognitions = st.builds(
    ChangeRecognitionStatus, qualification_id=st.sampled_from(DEGREES), status=st.sampled_from(["full", "partial"])
)
removals = st.builds(RemoveQualification, qualification_id=st.sampled_from(DEGREES))
concepts = st.builds(
    StateSkills,
    skills=st.tuples(
        st.builds(TypedSkill, typed=st.sampled_from(["CAD", "pumps"]), concept=st.sampled_from([None, "esco:1", "esco:2"]))
    ),
    provenance=provenance,
    evidence=st.just(SEALED),
)
grants = st.builds(
    GrantConsent,
    purpose=st.sampled_from(["matching", "reports"]),
    text_version=st.sampled_from(["2026-01", "2026-02"]),
    language=st.just("de"),
)
withdrawals = st.builds(WithdrawConsent, purpose=st.sampled_from(["matching", "reports"]))
commands = st.lists(st.one_of(updates, degrees, recognitions, removals, concepts, grants, withdrawals), max_size=8)
takes = st.sets(st.sampled_from(TAKEABLE)).map(tuple)


def told(stream: str, wishes: list[Command]) -> Story:
    story = Story(stream, ROUTES).when(create_person())
    for wish in wishes:
        story.when(wish)
    return story


def state(story: Story) -> tuple[Any, ...]:
    """All that a profile says of itself."""
    person: Person = story.aggregate
    decisions = {id: each.model_dump(exclude={"changed_at"}) for id, each in person.recognitions.items()}
    made = {each.key: each for each in person.statements}
    consents = {purpose: replace(each, granted_at=each.granted_at.astimezone(UTC)) for purpose, each in person.consents.items()}
    return made, person.details, person.qualifications, decisions, dict(person.concepts), consents


def merge_of(absorbed: Story, take: tuple[str, ...]) -> MergeProfiles:
    """The command as the gateway makes it of all that the absorbed profile holds."""
    person: Person = absorbed.aggregate
    source: dict[str, Any] = {"at": NOW, "by": "coordinator:1"}
    decided = person.recognitions.values()
    return MergeProfiles(
        absorbed_id=absorbed.aggregate.stream,
        absorbed_version=person.version,
        take=take,
        statements=tuple(
            TakenStatements(provenance=each.provenance, evidence=each.evidence, fields={each.field: each.value}, **source)
            for each in person.statements
        ),
        qualifications=tuple(
            TakenQualification(recorded=recorded, provenance=each, evidence=recorded.evidence, **source)
            for made in person.qualifications.values()
            for each, recorded in made.items()
        ),
        recognitions=tuple(TakenRecognition(**each.model_dump(exclude={"changed_at"})) for each in decided),
        concepts=tuple(
            TakenConcept(typed=typed, concept=concept, provenance=each, **source)
            for (typed, each), concept in person.concepts.items()
        ),
    )


def merged(survivor: Story, absorbed: Story, take: tuple[str, ...]) -> None:
    """The whole merge, with the fields of ``take`` that can be taken."""
    survivor.when(merge_of(absorbed, take))
    if survivor.refusal:
        survivor.when(merge_of(absorbed, ()))
    (event,) = survivor.events
    assert isinstance(event, ProfilesMerged)
    absorbed.when(MarkMerged(survivor_id=survivor.aggregate.stream, merge_id=event.merge_id))


def separated(survivor: Story, absorbed: Story) -> None:
    survivor.when(UndoMerge(absorbed_id=absorbed.aggregate.stream))
    absorbed.when(MarkSeparated(survivor_id=survivor.aggregate.stream, merge_id="command-1"))
    assert (survivor.refusal, absorbed.refusal) == (None, None)


@settings(max_examples=300)
@given(commands, commands, takes)
def test_merging_and_undoing_leaves_both_as_they_were(
    mine: list[Command], others: list[Command], take: tuple[str, ...]
) -> None:
    survivor, absorbed = told(PERSON, mine), told(OTHER_PERSON, others)
    before = state(survivor), state(absorbed)
    merged(survivor, absorbed, take)
    assert state(absorbed) == before[1]
    assert survivor.aggregate.consents == before[0][-1]
    separated(survivor, absorbed)
    assert (state(survivor), state(absorbed)) == before


@settings(max_examples=300)
@given(commands, commands, takes, commands)
def test_what_is_stated_after_the_merge_is_not_lost(
    mine: list[Command], others: list[Command], take: tuple[str, ...], after: list[Command]
) -> None:
    survivor, absorbed = told(PERSON, mine), told(OTHER_PERSON, others)
    merged(survivor, absorbed, take)
    said: dict[tuple[str, str], Any] = {}
    accepted: list[Command] = []
    for wish in after:
        survivor.when(wish)
        if survivor.refusal is None and isinstance(wish, UpdatePerson):
            new = {each.field for event in survivor.events for each in survivor.aggregate.statements if _states(event, each)}
            said |= {(field, wish.provenance): getattr(wish, field) for field in new}
        accepted += [wish] if survivor.refusal is None else []
    before = state(survivor)
    separated(survivor, absorbed)
    made = {each.key: each.value for each in survivor.aggregate.statements}
    assert said.items() <= made.items()
    recorded = {wish.qualification_id for wish in accepted if isinstance(wish, RecordQualification | ChangeRecognitionStatus)}
    assert recorded & before[2].keys() <= survivor.aggregate.qualifications.keys()
    confirmed = {(wish.skills[0].typed, wish.provenance) for wish in accepted if isinstance(wish, StateSkills)}
    kept = survivor.aggregate.concepts
    assert {key: before[4][key] for key in confirmed & before[4].keys()}.items() <= kept.items()
    assert state(survivor)[-1] == before[-1]


@given(commands, commands, commands)
def test_a_merge_is_the_same_when_it_is_read_again(mine: list[Command], others: list[Command], after: list[Command]) -> None:
    survivor, absorbed, again = Story(PERSON, ROUTES), told(OTHER_PERSON, others), Story(PERSON, ROUTES)
    wishes: list[Command] = [create_person(), *mine, merge_of(absorbed, ()), *after, UndoMerge(absorbed_id=OTHER_PERSON)]
    for wish in wishes:
        survivor.when(wish)
        again.given(*(read(event.TYPE, event.to_json()) for event in survivor.events))  # type: ignore[arg-type]
        assert repr(state(survivor)) == repr(state(again))


def _states(event: Any, statement: Any) -> bool:
    return statement.field in event.stated and statement.provenance == event.provenance
