"""Made-up people and needs, for properties that must hold of all of them."""

from datetime import date

from hypothesis import strategies as st

from services.matching.facts import AskedSkill, KnownSkill, Market, NeedFacts, PersonFacts
from services.matching.grades import RECOGNITION_GRADES
from services.matching.weights import Weights
from services.profiles.contract import LEVELS

CONCEPTS = ("skill:welding", "skill:mig", "skill:metal", "skill:cad")
TYPED = ("CAD", " cad", "Schweißen", "welding", "Löten")
COUNTRIES, SECTORS = ("SY", "UA"), ("trade", "construction", "mechanical_engineering")
PURPOSES = ("employment", "internship", "advice", "market_expertise")
PLACES = ("Rostock", "rostock", "Wismar", "Güstrow", "Aleppo", "")
REGIONS = ("DE-MV", "SY-HL", "")
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
LANGUAGES = st.dictionaries(st.sampled_from(["de", "en", "ar"]), st.sampled_from([*LEVELS, "fluent"]), max_size=3)
RELATED = st.dictionaries(st.sampled_from(CONCEPTS), st.sampled_from(["same", "narrower", "broader", "near"]))

people = st.builds(
    PersonFacts,
    person_id=st.integers(0, 40).map("person-{}".format),
    consent_to_matching=st.sampled_from([True, True, True, False]),
    purposes=st.frozensets(st.sampled_from(PURPOSES), min_size=1),
    occupation=st.sampled_from(["2144", "2141", "2166", "7411", ""]),
    experience_years=st.integers(-1, 80),
    sectors=st.frozensets(st.sampled_from(SECTORS)),
    skills=st.frozensets(st.builds(KnownSkill, st.sampled_from(TYPED), st.sampled_from([*CONCEPTS, ""])), max_size=4),
    languages=LANGUAGES,
    markets=st.frozensets(
        st.builds(
            Market,
            st.sampled_from(COUNTRIES),
            st.sampled_from(SECTORS),
            st.integers(-1, 30),
            st.sampled_from(["none", "some", "strong", "vast"]),
        ),
        max_size=3,
    ),
    place=st.sampled_from(PLACES),
    region=st.sampled_from(REGIONS),
    mobility_km=st.integers(-1, 200) | st.integers(0, 10**12),
    available_from=st.none() | DAYS,
    weekly_hours=st.none() | st.integers(1, 60),
    recognitions=st.frozensets(st.sampled_from([*RECOGNITION_GRADES, "unheard-of"]), max_size=2),
)
crowds = st.lists(people, max_size=12)
needs = st.builds(
    NeedFacts,
    need_id=st.integers(0, 9).map("need-{}".format),
    purpose=st.sampled_from(PURPOSES),
    occupation=st.sampled_from(["2144", "7411", ""]),
    skills=st.lists(st.builds(AskedSkill, st.sampled_from(TYPED), st.sampled_from([*CONCEPTS, ""]), RELATED), max_size=3).map(
        tuple
    ),
    languages=LANGUAGES,
    sector=st.sampled_from([*SECTORS, ""]),
    target_market=st.sampled_from([*COUNTRIES, ""]),
    place=st.sampled_from(PLACES),
    region=st.sampled_from(REGIONS),
    wanted_from=st.none() | DAYS,
)
weights = st.builds(
    Weights,
    st.just(1),
    st.dictionaries(
        st.sampled_from(
            ["skills", "occupation", "experience", "languages", "sector", "market", "place", "availability", "recognition"]
        ),
        st.sampled_from([0.0, 0.01, 0.1, 0.25, 1.0, 3.0, 1_000.0]) | st.floats(0, 1),
    ),
)
