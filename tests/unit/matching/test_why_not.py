"""Why not? What is named indeed turns it, and nothing smaller does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.facts import AskedSkill, KnownSkill, Market, NeedFacts, PersonFacts, level_number
from services.matching.grades import GRADES, is_ruled_out
from services.matching.ranking import hindrances, judge
from services.matching.weights import DEFAULT_WEIGHTS, Weights
from services.matching.why_not import after_all, costs, smallest_change, turning
from services.profiles.contract import LEVELS

PURPOSES = ("employment", "internship", "market_expertise")
SKILLS = ("CAD", "Pumps", "Welding")
PLACES = ("", "Rostock", "Schwerin", "Greifswald", "Aleppo")
SECTORS = ("", "construction", "agriculture")
DAY = date(2026, 3, 2)
spoken = st.dictionaries(st.sampled_from(("de", "en", "uk")), st.sampled_from(LEVELS), max_size=3)
markets = st.builds(
    Market,
    st.sampled_from(("SY", "UA")),
    st.sampled_from(SECTORS[1:]),
    st.integers(0, 15),
    st.sampled_from(("none", "some", "strong")),
)
needs = st.builds(
    NeedFacts,
    need_id=st.just("need-1"),
    purpose=st.sampled_from(PURPOSES),
    occupation=st.sampled_from(("", "2144", "2142")),
    skills=st.lists(st.sampled_from(SKILLS), unique=True).map(lambda typed: tuple(AskedSkill(each) for each in typed)),
    languages=spoken,
    sector=st.sampled_from(SECTORS),
    target_market=st.sampled_from(("", "SY")),
    place=st.sampled_from(PLACES),
    region=st.just("DE-MV"),
    wanted_from=st.sampled_from((None, DAY)),
)
people = st.builds(
    PersonFacts,
    person_id=st.just("person-1"),
    consent_to_matching=st.booleans(),
    purposes=st.frozensets(st.sampled_from(PURPOSES)),
    occupation=st.sampled_from(("2144", "2149", "7411")),
    experience_years=st.integers(0, 8),
    sectors=st.frozensets(st.sampled_from(SECTORS[1:])),
    skills=st.frozensets(st.sampled_from(SKILLS).map(KnownSkill)),
    languages=spoken,
    markets=st.frozensets(markets, max_size=3),
    place=st.sampled_from(PLACES),
    region=st.sampled_from(("DE-MV", "SY-HL")),
    mobility_km=st.integers(0, 150),
    available_from=st.none() | st.integers(-30, 200).map(lambda days: DAY + timedelta(days=days)),
    weekly_hours=st.none() | st.integers(0, 40),
    recognitions=st.frozensets(
        st.sampled_from(("none", "not_applied", "pending", "statement_of_comparability", "partial", "full", "not_required"))
    ),
)


def points(criterion: str, need: NeedFacts, person: PersonFacts) -> int:
    return GRADES[criterion](need, person) or 0


@given(needs, people)
def test_each_named_change_removes_what_it_is_named_for_and_nothing_else(need: NeedFacts, person: PersonFacts) -> None:
    for hindrance, change in turning(need, person):
        before, after = list(hindrances(need, person)), list(hindrances(need, change.person))
        assert hindrance in before
        assert len(after) == len(before) - 1
        assert hindrance not in after
        assert change.de
        assert change.en


@given(needs, people)
def test_all_changes_together_let_somebody_be_ranked_and_all_are_needed(need: NeedFacts, person: PersonFacts) -> None:
    assert not is_ruled_out(need, after_all(need, person))
    assert bool(list(turning(need, person))) == is_ruled_out(need, person)


@given(needs, people)
def test_no_lower_level_of_a_language_would_do(need: NeedFacts, person: PersonFacts) -> None:
    for hindrance, change in turning(need, person):
        if hindrance.condition != "languages":
            continue
        (language,) = {each for each in need.languages if change.person.languages.get(each) != person.languages.get(each)}
        named = level_number(change.person.languages[language])
        for level in LEVELS[:named]:
            lower = replace(person, languages={**person.languages, language: level})
            assert len(list(hindrances(need, lower))) == len(list(hindrances(need, person)))


@given(needs, people)
def test_a_change_that_is_named_for_a_criterion_raises_its_points(need: NeedFacts, person: PersonFacts) -> None:
    for cost in costs(need, person, DEFAULT_WEIGHTS):
        assert cost.lost > 0
        if cost.change is not None:
            assert points(cost.criterion, need, cost.change.person) > points(cost.criterion, need, person)


@given(needs, people)
def test_what_costs_most_comes_first_and_all_costs_add_up_to_what_is_missing(need: NeedFacts, person: PersonFacts) -> None:
    found = costs(need, person, DEFAULT_WEIGHTS)
    assert [each.lost for each in found] == sorted((each.lost for each in found), reverse=True)
    if judge(need, person).opinions:
        assert sum(each.lost for each in found) == pytest.approx(1 - judge(need, person).score)


@given(needs, people)
def test_no_fewer_kilometres_would_do_and_where_none_are_named_none_would(need: NeedFacts, person: PersonFacts) -> None:
    change = smallest_change("place", need, person)
    named = change.person.mobility_km if change else 1_000
    for km in range(person.mobility_km, named):
        assert points("place", need, replace(person, mobility_km=km)) <= points("place", need, person)


@given(needs, people)
def test_no_fewer_years_would_do(need: NeedFacts, person: PersonFacts) -> None:
    change = smallest_change("experience", need, person)
    named = change.person.experience_years if change else 60
    for years in range(person.experience_years, named):
        assert points("experience", need, replace(person, experience_years=years)) <= points("experience", need, person)


@given(needs, people)
def test_no_smaller_step_in_any_language_would_do(need: NeedFacts, person: PersonFacts) -> None:
    """By the number of levels, over all languages; where no step is named, no language falls short."""
    change = smallest_change("languages", need, person)
    steps = [
        level_number(level) - level_number(person.languages.get(language, ""))
        for language in need.languages
        for level in LEVELS
        if points("languages", need, replace(person, languages={**person.languages, language: level}))
        > points("languages", need, person)
    ]
    if change is None:
        assert not steps
        return
    (language,) = {each for each in need.languages if change.person.languages.get(each) != person.languages.get(each)}
    taken = level_number(change.person.languages[language]) - level_number(person.languages.get(language, ""))
    assert taken == min(steps)


@given(needs, people)
def test_no_earlier_recognition_status_would_do(need: NeedFacts, person: PersonFacts) -> None:
    change = smallest_change("recognition", need, person)
    if change is None:
        assert points("recognition", need, person) in (0, 10_000)


@given(needs, people)
def test_of_a_market_a_change_is_named_until_nothing_is_missing(need: NeedFacts, person: PersonFacts) -> None:
    change = smallest_change("market", need, person)
    if change is None and need.target_market and need.sector:
        assert points("market", need, person) == 10_000


def test_the_sentences_say_from_where_to_where() -> None:
    need = NeedFacts("need-1", "market_expertise", languages={"de": "B2"})
    person = PersonFacts("person-1", False, languages={"de": "A2"})
    assert [(why.condition, change.de, change.en) for why, change in turning(need, person)] == [
        ("consent", "Einwilligung in die Vermittlung", "consent to matching"),
        ("purpose", "Zweck „Marktkenntnis“", "purpose “market expertise”"),
        ("languages", "de: von A2 auf B1", "de: from A2 to B1"),
    ]


def test_another_occupation_or_another_home_is_never_asked_for() -> None:
    need = NeedFacts("need-1", "mentoring", occupation="2144", place="Rostock", region="DE-MV")
    person = PersonFacts("person-1", True, frozenset({"mentoring"}), occupation="7411", place="Aleppo", experience_years=9)
    by_occupation, by_place = costs(need, person, Weights(1, {"occupation": 1.0, "place": 0.5, "experience": 0.5}))
    assert (by_occupation.criterion, by_occupation.change) == ("occupation", None)
    assert (by_place.criterion, by_place.change) == ("place", None)


def test_what_weighs_nothing_costs_nothing() -> None:
    need = NeedFacts("need-1", "mentoring", occupation="2144")
    person = PersonFacts("person-1", True, frozenset({"mentoring"}), occupation="7411")
    assert [each.criterion for each in costs(need, person, Weights(1, {"experience": 1.0}))] == ["experience"]
    assert costs(need, person, Weights(1, {"market": 1.0})) == ()
