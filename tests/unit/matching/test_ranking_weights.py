"""Weights are set and tried; a pair is explained."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.matching.contract import (
    WEIGHTS_STREAM,
    CriterionWeight,
    ExplainPair,
    PairExplained,
    RecordTrial,
    SetWeights,
    TryWeights,
    WeightsSet,
    WeightsTrialBegun,
    WeightsTried,
    explanation_stream,
)
from services.matching.criteria import CRITERIA
from services.matching.explanation import Pair, PairUnknown, explained
from services.matching.facts import NeedFacts, PersonFacts
from services.matching.people_index import PeopleIndex
from services.matching.ranking import rank
from services.matching.ranking_routes import ranking_routes
from services.matching.ranking_weights import CriterionUnknown, NothingWeighs, TrialAlreadyBegun
from services.matching.trial import compare, gains, summary, told
from services.matching.weights import DEFAULT_WEIGHTS, Weights
from tests.unit.matching import crowd
from tests.unit.matching.plain_trial import compare_plainly
from tests.unit.story import NOW, Story

NEED_ID, PERSON_ID, COMPANY_ID = (f"{kind}-{'0' * 8}-0000-4000-8000-{'0' * 12}" for kind in ("need", "person", "company"))
NEED = NeedFacts(NEED_ID, "mentoring", occupation="2144", sector="construction")
PERSON = PersonFacts(PERSON_ID, True, frozenset({"mentoring"}), occupation="2144")
ASKED = ExplainPair(need_id=NEED_ID, person_id=PERSON_ID, company_id=COMPANY_ID)


def story(stream: str, pair: Pair | None = None) -> Story:
    return Story(stream, ranking_routes(lambda _: pair))


def weights() -> Story:
    return story(WEIGHTS_STREAM)


def weighing(**by_criterion: float) -> tuple[CriterionWeight, ...]:
    return tuple(CriterionWeight(criterion=name, weight=weight) for name, weight in by_criterion.items())


def was_set(version: int, **by_criterion: float) -> WeightsSet:
    return WeightsSet(weights_version=version, weights=weighing(**by_criterion), note="Beirat", set_at=NOW)


def to_set(**by_criterion: float) -> SetWeights:
    return SetWeights(weights=by_criterion, note="Beirat")


def test_each_set_has_a_higher_version() -> None:
    weights().when(to_set(skills=1.0)).then(was_set(1, skills=1.0))
    weights().given(was_set(1, skills=1.0)).when(to_set(skills=0.5, market=1)).then(was_set(2, skills=0.5, market=1))


def test_the_same_weights_in_another_order_change_nothing() -> None:
    weights().given(was_set(1, skills=1.0, market=0.5)).when(to_set(market=0.5, skills=1.0)).then_nothing()


def test_an_unknown_criterion_is_named() -> None:
    weights().when(to_set(skills=1.0, religion=1.0)).then_refused(CriterionUnknown, "weights.religion")


def test_something_has_to_weigh() -> None:
    weights().when(to_set(skills=0.0)).then_refused(NothingWeighs, "weights")


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan"), float("inf"), "much"])
def test_a_weight_is_from_0_to_1(weight: Any) -> None:
    with pytest.raises(ValidationError):
        SetWeights.model_validate({"weights": {"skills": weight}, "note": "Beirat"})


def test_a_trial_begins_and_ends_once() -> None:
    begun = WeightsTrialBegun(weights=weighing(market=1.0), begun_at=NOW)
    result = RecordTrial(compared_with=0, summary=summary(()), needs=())
    over = WeightsTried(compared_with=0, summary=summary(()), needs=(), tried_at=NOW)
    story("trial-1").when(TryWeights(weights={"market": 1.0})).then(begun)
    story("trial-1").given(begun).when(TryWeights(weights={"market": 1.0})).then_nothing()
    story("trial-1").given(begun).when(TryWeights(weights={"skills": 1.0})).then_refused(TrialAlreadyBegun, "weights")
    story("trial-1").given(begun).when(result).then(over)
    story("trial-1").given(begun, over).when(result).then_nothing()
    story("trial-1").when(TryWeights(weights={"age": 1.0})).then_refused(CriterionUnknown, "weights.age")


def test_an_explanation_is_told_once_as_long_as_nothing_changes() -> None:
    pair = Pair(NEED, True, PERSON, DEFAULT_WEIGHTS)
    expected = PairExplained(**explained(pair), company_id=COMPANY_ID, explained_at=NOW)
    stream = explanation_stream(NEED_ID, PERSON_ID)
    story(stream, pair).when(ASKED).then(expected)
    story(stream, pair).given(expected).when(ASKED).then_nothing()
    without = replace(pair, person=replace(PERSON, consent_to_matching=False))
    again = story(stream, without).given(expected).when(ASKED)
    (told_anew,) = again.events
    assert [each.condition for each in told_anew.ruled_out_by] == ["consent"]
    story(stream).when(ASKED).then_refused(PairUnknown)


def index_of(people: Iterable[PersonFacts]) -> PeopleIndex:
    index = PeopleIndex()
    for person in people:
        index.put(person)
    return index


def test_who_gains_and_who_loses() -> None:
    in_sector = replace(PERSON, person_id="person-b", occupation="7411", sectors=frozenset({"construction"}))
    by_occupation, by_sector = Weights(1, {"occupation": 1.0}), Weights(2, {"sector": 1.0})
    tried = compare(COMPANY_ID, NEED, index_of([PERSON, in_sector]), by_occupation, by_sector)
    first, second = tried.moves
    assert (first.person_id, first.place_before, first.place_after) == ("person-b", 2, 1)
    assert (first.score_before, first.score_after) == (0.0, 1.0)
    assert (gains(first), gains(second)) == (True, False)
    assert told([tried]) == (tried,)
    assert summary([tried]).model_dump() == {
        "needs": 1,
        "needs_changed": 1,
        "gaining": 1,
        "losing": 1,
        "entering": 0,
        "leaving": 0,
    }


def test_who_is_no_longer_named_leaves() -> None:
    in_sector = replace(PERSON, person_id="person-b", occupation="7411", sectors=frozenset({"construction"}))
    before, after = Weights(1, {"occupation": 1.0}), Weights(2, {"sector": 1.0})
    tried = compare(COMPANY_ID, NEED, index_of([PERSON, in_sector]), before, after, limit=1)
    assert (tried.entering, tried.leaving) == (1, 1)
    assert [(each.person_id, each.place_before, each.place_after) for each in tried.moves] == [
        ("person-b", None, 1),
        (PERSON_ID, 1, None),
    ]


@given(
    st.dictionaries(st.sampled_from(tuple(CRITERIA)), st.floats(0.01, 1), min_size=1), st.lists(st.integers(0, 9), max_size=30)
)
def test_a_trial_tells_the_places_that_the_rankings_would_have(by_criterion: dict[str, float], years: list[int]) -> None:
    people = [replace(PERSON, person_id=f"person-{at:02}", experience_years=each) for at, each in enumerate(years)]
    after = Weights(1, by_criterion)
    before_order, after_order = (
        [each.person_id for each in rank(NEED, people, weights, limit=5)] for weights in (DEFAULT_WEIGHTS, after)
    )
    moved = {
        each.person_id: each for each in compare(COMPANY_ID, NEED, index_of(people), DEFAULT_WEIGHTS, after, limit=5).moves
    }
    for id in {*before_order, *after_order}:
        before = before_order.index(id) + 1 if id in before_order else None
        then = after_order.index(id) + 1 if id in after_order else None
        assert (id in moved) == (before != then)
        assert id not in moved or (moved[id].place_before, moved[id].place_after) == (before, then)


@given(crowd.crowds, crowd.needs, crowd.weights | st.just(DEFAULT_WEIGHTS), crowd.weights, st.integers(1, 8))
def test_a_trial_tells_exactly_what_the_plain_loop_tells(
    people: list[PersonFacts], need: NeedFacts, before: Weights, after: Weights, limit: int
) -> None:
    pool = list({person.person_id: person for person in people}.values())
    expected = compare_plainly(COMPANY_ID, need, pool, before, after, limit)
    assert compare(COMPANY_ID, need, index_of(pool), before, after, limit) == expected
