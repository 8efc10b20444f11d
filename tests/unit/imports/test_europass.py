"""Europass documents are read in their three forms, and nothing hostile in them is."""

from datetime import date

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.imports.europass.importing import beside, curriculum_of, qualifications
from services.gateway.problems import Problem
from tests.unit.imports.documents import CANDIDATE_XML, PASSPORT_JSON, PASSPORT_XML

TODAY = date(2026, 11, 24)
GERMAN = {
    "language": "de",
    "level": "B1",
    "listening": "B2",
    "reading": "C1",
    "spoken_interaction": "B2",
    "spoken_production": "B1",
    "writing": "B1",
}
DEGREE = {
    "title": "Master of Civil Engineering",
    "awarded_by": "KNUCA",
    "field_of_study": "Bauwesen",
    "level": 7,
    "country": "UA",
    "year": 2009,
}


@pytest.mark.parametrize("document", [PASSPORT_JSON, PASSPORT_XML, CANDIDATE_XML], ids=["json", "xml", "candidate"])
def test_all_forms_tell_the_same_of_the_person(document: bytes) -> None:
    made = curriculum_of(document, TODAY)
    person = made.person()
    assert (person["name"], person["email"], person["phone"]) == ("Olha Koval", "olha@example.org", "+49 381 55")
    assert (person["address"], person["place"]) == ("Am Markt 1\n18055 Rostock", "Rostock")
    assert person["languages"][0] == {"language": "uk", "level": "native"}
    assert person["languages"][1].items() >= GERMAN.items()
    assert {"sector": "construction", "years": 6} in person["experience"]
    assert made.qualifications == [DEGREE]


@pytest.mark.parametrize("document", [PASSPORT_JSON, PASSPORT_XML], ids=["json", "xml"])
def test_the_cv_tells_skills_certificates_and_work_that_goes_on(document: bytes) -> None:
    person = curriculum_of(document, TODAY).person()
    assert person["skills"] == ["Bauleitung", "AVA & VOB", "CAD", "Revit"]
    assert person["languages"][1]["evidence"] == "certificate"
    assert person["experience_years"] == 8
    assert {"sector": "mechanical_engineering", "years": 2} in person["experience"]


def test_what_is_recorded_twice_is_the_same_qualification() -> None:
    first, again = (qualifications("person-1", [DEGREE | {"year": year}])[0] for year in (2009, 2010))
    assert first.qualification_id == again.qualification_id
    assert (first.provenance, first.level) == ("said", 7)


def test_what_the_document_does_not_say_is_read_like_a_cell() -> None:
    said, errors = beside({"occupation": "2142", "sectors": "Bauwesen", "purposes": "weaving"})
    assert said == {"occupation": "2142", "sectors": ["construction"]}
    assert [each["column"] for each in errors] == ["purposes"]


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><SkillsPassport>&c;</SkillsPassport>'
FILE = b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><SkillsPassport>&f;</SkillsPassport>'


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (BOMB, 400),
        (FILE, 400),
        (b"<a>" * 100 + b"</a>" * 100, 400),
        (b'{"LearnerInfo": {"Education":' + b"[" * 900 + b"]" * 900 + b"}}", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"<html/>", 400),
        (b"%PDF-1.7", 415),
        (b"", 400),
    ],
    ids=["entities", "external", "deep", "deep json", "no json", "no object", "html", "pdf", "empty"],
)
def test_what_is_no_harmless_document_is_refused(document: bytes, status: int) -> None:
    with pytest.raises(Problem) as refused:
        curriculum_of(document, TODAY)
    assert refused.value.status == status
    assert "root:" not in refused.value.detail


NAMES = st.sampled_from(("Skills", "Linguistic", "Education", "Period", "From", "Year", "Title"))
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("Skills", "Linguistic", "Education", "Period", "From", "Year", "Title")), inner, max_size=3
        )
    ),
)


@given(JSON)
def test_no_shape_makes_it_stumble(inner: object) -> None:
    curriculum_of(orjson.dumps({"LearnerInfo": inner}, option=0) if _fits(inner) else PASSPORT_JSON, TODAY).person()


def _fits(inner: object) -> bool:
    """orjson writes integers of 64 bits."""
    match inner:
        case int():
            return abs(inner) < 2**53
        case list():
            return all(map(_fits, inner))
        case dict():
            return all(map(_fits, inner.values()))
        case str():
            return inner.isascii() or all(not 0xD800 <= ord(sign) < 0xE000 for sign in inner)
    return True
