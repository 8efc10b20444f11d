"""Who somebody is counts for nothing: whatever a profile says of origin, sex, age and the like, the ranks stay as they are."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.matching.facts import Market, NeedFacts, PersonFacts
from services.matching.pool import facts_of
from services.matching.ranking import hindrances, judge, rank
from services.matching.weights import DEFAULT_WEIGHTS
from tests.unit.matching.crowd import needs

PROTECTED = (
    "nationality",
    "citizenship",
    "country_of_origin",
    "ethnicity",
    "religion",
    "sex",
    "gender",
    "age",
    "birth_date",
    "birth_place",
    "disability",
    "marital_status",
    "children",
    "family",
    "name",
    "own_script_name",
    "preferred_language",
)
said = st.dictionaries(st.sampled_from(PROTECTED), st.text(max_size=8), max_size=len(PROTECTED))
countries = st.sampled_from(["SY", "UA", "DE"])
PURPOSES = ("employment", "internship", "advice", "market_expertise")


def document(number: int, years: int, protected: dict[str, Any], country: str) -> dict[str, Any]:
    """Somebody in the pool; ``country``: where they got their degree."""
    details = {
        "kind": "person",
        "purposes": PURPOSES,
        "occupation": "2144",
        "experience_years": years,
        "languages": [{"language": "de", "level": "C1", **protected}, {"language": "en", "level": "B2"}],
        "markets": [{"country": "UA", "sector": "trade", "years": years}],
        **protected,
    }
    return {
        "_id": f"person-{number}",
        "version": 1,
        "consents": ["matching"],
        "details": details,
        **protected,
        "qualifications": {"qualification-1": {"staff": "full"}},
        "qualified_in": country,
    }


@given(needs, st.lists(st.tuples(st.integers(0, 9), said, said, countries, countries), max_size=5))
def test_changing_who_people_are_changes_no_rank(
    need: NeedFacts, crowd: list[tuple[int, dict[str, Any], dict[str, Any], str, str]]
) -> None:
    before = [facts_of(document(number, each[0], each[1], each[3])) for number, each in enumerate(crowd)]
    after = [facts_of(document(number, each[0], each[2], each[4])) for number, each in enumerate(crowd)]
    assert rank(need, before) == rank(need, after)


KNOWS = PersonFacts(
    "person-1",
    True,
    frozenset({"market_expertise"}),
    sectors=frozenset({"trade"}),
    markets=frozenset({Market("UA", "trade", 9, "strong")}),
)
WISH = NeedFacts("need-1", "market_expertise", sector="trade", target_market="UA", place="Rostock", region="DE-MV")


def test_a_wish_for_a_market_meets_who_knows_it_without_a_vacancy() -> None:
    other = PersonFacts(
        "person-2", True, frozenset({"market_expertise"}), markets=frozenset({Market("SY", "trade", 9, "strong")})
    )
    assert [each.person_id for each in rank(WISH, [other, KNOWS])] == ["person-1"]
    assert [each.condition for each in hindrances(WISH, other)] == ["market"]


def test_what_belongs_to_a_workplace_does_not_dilute_it() -> None:
    assert list(judge(WISH, KNOWS, DEFAULT_WEIGHTS).opinions) == ["sector", "market"]
    assert judge(WISH, KNOWS, DEFAULT_WEIGHTS).score > 0.95
