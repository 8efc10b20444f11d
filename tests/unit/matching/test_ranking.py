"""Ranking people for a need: who is ranked, in which order, and why."""

from dataclasses import fields, replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.contract import Candidate
from services.matching.criteria import CRITERIA
from services.matching.facts import AskedSkill, KnownSkill, Market, best_levels
from services.matching.grades import GRADES
from services.matching.pool import facts_of
from services.matching.ranking import NeedFacts, PersonFacts, hindrances, rank
from services.matching.weights import DEFAULT_WEIGHTS
from services.profiles.contract import LEVELS, KnownMarket, NeedStated, PersonDetails, SpokenLanguage
from services.vocabulary.places import distance_km

NEED = NeedFacts(
    need_id="need-1",
    purpose="employment",
    occupation="2144",
    skills=(AskedSkill("CAD"), AskedSkill("Pumps")),
    languages={"de": "B1"},
    sector="mechanical_engineering",
    target_market="SY",
    place="Rostock",
    region="DE-MV",
)
FITTING = PersonFacts(
    person_id="person-1",
    consent_to_matching=True,
    purposes=frozenset({"employment"}),
    occupation="2144",
    experience_years=8,
    recognitions=frozenset({"full"}),
    sectors=frozenset({"mechanical_engineering"}),
    skills=frozenset({KnownSkill("cad"), KnownSkill("pumps")}),
    languages={"de": "B2"},
    markets=frozenset({Market("SY", "mechanical_engineering", 10, "strong")}),
    place="rostock",
    region="DE-MV",
    mobility_km=50,
)


def only(person: PersonFacts, need: NeedFacts = NEED) -> Candidate:
    (candidate,) = rank(need, [person])
    return candidate


def points(criterion: str, person: PersonFacts, need: NeedFacts = NEED) -> float:
    return {verdict.criterion: verdict.points for verdict in only(person, need).verdicts}[criterion]


def test_who_has_all_that_is_asked_for_scores_one() -> None:
    assert only(FITTING).score == 1.0


def test_every_criterion_gives_its_reason_in_both_languages() -> None:
    verdicts = only(FITTING).verdicts
    assert [verdict.criterion for verdict in verdicts] == [name for name in CRITERIA if name != "availability"]
    assert all(verdict.reason_de and verdict.reason_en and verdict.evidence for verdict in verdicts)


def test_the_weights_add_up_to_one() -> None:
    assert sum(DEFAULT_WEIGHTS.by_criterion.values()) == pytest.approx(1)
    assert DEFAULT_WEIGHTS.by_criterion.keys() == CRITERIA.keys() == GRADES.keys()


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"consent_to_matching": False}, "consent"),
        ({"purposes": frozenset({"mentoring"})}, "purpose"),
        ({"languages": {}}, "languages"),
    ],
)
def test_what_no_weight_makes_up_for_rules_out_and_is_named(change: dict[str, Any], condition: str) -> None:
    person = replace(FITTING, **change)
    assert rank(NEED, [person]) == ()
    assert [hindrance.condition for hindrance in hindrances(NEED, person)] == [condition]


@pytest.mark.parametrize(("level", "expected"), [("native", 1.0), ("B1", 1.0), ("A2", 0.5)])
def test_one_level_below_the_asked_one_still_counts(level: str, expected: float) -> None:
    assert points("languages", replace(FITTING, languages={"de": level})) == expected


def test_two_levels_below_the_asked_one_rule_out() -> None:
    assert rank(NEED, [replace(FITTING, languages={"de": "A1"})]) == ()


def test_a_beginners_level_may_still_be_learnt() -> None:
    assert points("languages", replace(FITTING, languages={}), replace(NEED, languages={"de": "A1"})) == 0.5


@pytest.mark.parametrize(("occupation", "expected"), [("2144", 1.0), ("2141", 0.75), ("2166", 0.4), ("7411", 0.0), ("", 0.0)])
def test_related_occupations_count_by_their_group(occupation: str, expected: float) -> None:
    assert points("occupation", replace(FITTING, occupation=occupation)) == expected


@pytest.mark.parametrize(
    ("markets", "expected"),
    [
        ({Market("SY", "mechanical_engineering", 12, "strong")}, 1.0),
        ({Market("SY", "agriculture", 10, "strong")}, 0.7),
        ({Market("SY", "mechanical_engineering", 5, "some")}, 0.7),
        ({Market("SY", "mechanical_engineering")}, 0.4),
        ({Market("SY", "mechanical_engineering"), Market("SY", "agriculture", 10, "strong")}, 0.7),
        ({Market("UA", "mechanical_engineering", 12, "strong")}, 0.0),
    ],
)
def test_the_target_market_counts_most_in_the_same_sector(markets: set[Market], expected: float) -> None:
    assert points("market", replace(FITTING, markets=frozenset(markets))) == expected


@pytest.mark.parametrize(
    ("place", "region", "mobility_km", "expected"),
    [
        ("Rostock", "DE-MV", 0, 1.0),
        ("Güstrow", "DE-MV", 50, 0.9),
        ("Wismar", "DE-MV", 30, 0.5),
        ("Waren (Müritz)", "DE-MV", 20, 0.2),
        ("Klein Trebbow", "DE-MV", 20, 0.6),
        ("Aleppo", "SY-HL", 20, 0.1),
    ],
)
def test_a_place_counts_by_how_far_one_will_travel(place: str, region: str, mobility_km: int, expected: float) -> None:
    person = replace(FITTING, place=place, region=region, mobility_km=mobility_km)
    assert points("place", person) == expected


def test_half_of_the_skills_is_half_of_the_points() -> None:
    assert points("skills", replace(FITTING, skills=frozenset({KnownSkill("CAD")}))) == 0.5


def test_another_sector_is_no_obstacle() -> None:
    assert points("sector", replace(FITTING, sectors=frozenset({"agriculture"}))) == 0.0


def test_what_a_need_does_not_ask_for_does_not_count() -> None:
    open_need = NeedFacts(need_id="need-2", purpose="employment")
    assert [verdict.criterion for verdict in only(FITTING, open_need).verdicts] == ["experience", "recognition"]


def test_equal_scores_are_ordered_by_id() -> None:
    people = [replace(FITTING, person_id=f"person-{number}") for number in (3, 1, 2)]
    assert [candidate.person_id for candidate in rank(NEED, people)] == ["person-1", "person-2", "person-3"]


def test_only_the_best_are_named() -> None:
    people = [replace(FITTING, person_id=f"person-{years}", experience_years=years) for years in range(5)]
    assert [candidate.person_id for candidate in rank(NEED, people, limit=2)] == ["person-4", "person-3"]


def test_no_protected_attribute_can_enter_a_rule() -> None:
    known = {field.name for field in fields(PersonFacts)}
    assert not known & {"name", "origin", "nationality", "citizenship", "religion", "sex", "gender", "age", "birth_date"}
    assert not known & {"disability", "family", "marital_status", "children"}


def test_facts_are_made_of_what_profiles_says() -> None:
    details = PersonDetails(
        name="sealed",
        email="sealed",
        purposes=("advice",),
        languages=(SpokenLanguage(language="de", level="C1"), SpokenLanguage(language="de", level="A1")),
        markets=(KnownMarket(country="UA", sector="trade"),),
    )
    person = facts_of({"_id": "person-1", "consents": ["matching"], "details": details.model_dump(mode="json")})
    assert person.consent_to_matching
    assert person.languages == {"de": "C1"}
    assert person.markets == {Market("UA", "trade")}
    need = NeedFacts.of(NeedStated(need_id="need-1", title="Advice", purpose="advice", sector="trade", target_market="UA"))
    assert points("market", person, need) == 0.4


def test_a_level_that_is_unknown_counts_as_not_spoken() -> None:
    assert best_levels([("de", "fluent"), ("de", "A1")]) == {"de": "A1"}


def test_distances_are_as_the_crow_flies() -> None:
    assert distance_km("Rostock", "Schwerin") == pytest.approx(70, abs=3)
    assert distance_km("Rostock", "Aleppo") is None


people = st.lists(
    st.builds(
        PersonFacts,
        person_id=st.integers(0, 10**6).map("person-{}".format),
        consent_to_matching=st.booleans(),
        purposes=st.frozensets(st.sampled_from(["employment", "advice"])),
        occupation=st.sampled_from(["2144", "2141", "7411", ""]),
        experience_years=st.integers(0, 80),
        sectors=st.frozensets(st.sampled_from(["mechanical_engineering", "trade"])),
        skills=st.frozensets(st.builds(KnownSkill, st.sampled_from(["CAD", "pumps", "welding"]))),
        languages=st.dictionaries(st.sampled_from(["de", "en"]), st.sampled_from(LEVELS)),
        markets=st.frozensets(st.builds(Market, st.sampled_from(["SY", "UA"]), st.sampled_from(["trade"]))),
        place=st.sampled_from(["Rostock", "Wismar", "Aleppo"]),
        region=st.sampled_from(["DE-MV", "SY-HL"]),
        mobility_km=st.integers(0, 100),
    ),
    max_size=8,
    unique_by=lambda person: person.person_id,
)


@given(people, st.randoms(use_true_random=False))
def test_the_order_in_which_people_come_does_not_matter(crowd: list[PersonFacts], random: Random) -> None:
    shuffled = list(crowd)
    random.shuffle(shuffled)
    assert rank(NEED, shuffled) == rank(NEED, crowd)


@given(people)
def test_scores_and_points_lie_between_nought_and_one(crowd: list[PersonFacts]) -> None:
    for candidate in rank(NEED, crowd):
        assert 0 <= candidate.score <= 1
        assert all(0 <= verdict.points <= 1 for verdict in candidate.verdicts)


@given(people)
def test_nobody_is_ranked_without_consent_and_purpose(crowd: list[PersonFacts]) -> None:
    allowed = {person.person_id for person in crowd if person.consent_to_matching and "employment" in person.purposes}
    assert {candidate.person_id for candidate in rank(NEED, crowd)} <= allowed
