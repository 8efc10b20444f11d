"""The sample is what the API takes."""

import json
import unicodedata

import pytest

from services.cli import sample
from services.gateway.http.companies import NEW_COMPANY
from services.gateway.http.forms import Form, flaws
from services.gateway.http.needs import NEW_NEED
from services.gateway.http.partners import NEW_PARTNER
from services.gateway.http.people import NEW_PERSON
from services.gateway.http.prospect_forms import APPROACH, NEW_PROSPECT

NEEDS = [need for company in sample.companies() for need in company["needs"]]
BODIES = (
    *((NEW_PERSON, each["profile"]) for each in sample.people()),
    *((NEW_COMPANY, each["profile"]) for each in sample.companies()),
    *((NEW_PARTNER, each["profile"]) for each in sample.partners()),
    *((NEW_NEED, each) for each in NEEDS),
    *((NEW_PROSPECT, each["prospect"]) for each in sample.prospects()),
)


@pytest.mark.parametrize(("form", "body"), BODIES)
def test_each_body_fits_its_form(form: type[Form], body: dict[str, object]) -> None:
    filled = form.model_validate_json(json.dumps(body), strict=True)
    assert list(flaws(filled.given())) == []


def test_there_is_enough_of_everything() -> None:
    assert len(sample.people()) >= 12
    assert len(sample.companies()) >= 8
    assert len(sample.partners()) >= 3
    assert all(company["needs"] for company in sample.companies())


def test_names_come_in_several_scripts_and_with_combining_marks() -> None:
    letters = "".join(person["profile"]["name"] for person in sample.people())
    scripts = {unicodedata.name(letter).split()[0] for letter in letters if letter.isalpha()}
    assert {"ARABIC", "CYRILLIC", "LATIN"} <= scripts
    assert any(unicodedata.combining(letter) for letter in letters)


@pytest.mark.parametrize("kind", ["people", "companies", "partners"])
def test_nobody_is_there_twice(kind: str) -> None:
    names = [each["profile"]["name"] for each in getattr(sample, kind)()]
    assert len(set(names)) == len(names)


def test_what_happened_with_the_prospects_fits_its_form() -> None:
    """As loading.py sends it; the days are counted there."""
    for approach in (each for wanted in sample.prospects() for each in wanted["approaches"]):
        body = {name: approach[name] for name in ("means", "outcome", "note", "decline") if name in approach}
        step = {"what": approach["next"], "due": "2026-03-02T09:00:00Z"} if "next" in approach else None
        filled = APPROACH.model_validate_json(
            json.dumps({**body, "at": "2026-03-01T09:00:00Z", "next_step": step}), strict=True
        )
        assert list(flaws(filled.given())) == []
        assert ("decline" in body) == (step is None) == (approach["outcome"] == "not_interested")
