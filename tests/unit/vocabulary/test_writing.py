"""Ways to write the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.vocabulary.skills.writing import bare, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SCHWEISSEN", "schweißen"),
        ("CNC-Programmierung", "cnc programmierung"),
        ("e\u0301tude", "étude"),
        ("ＣＡＤ", "cad"),
        ("  Kühe,  melken! ", "kühe melken"),
        ("مُحاسَبة", "محاسبة"),
        ("كهرباء", "کهرباء"),
    ],
)
def test_case_punctuation_and_forms_of_letters_make_no_difference(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize("written", ["Kälte", "Kaelte", "kalte", "KÄLTE", "Ka\u0308lte"])
def test_an_umlaut_may_be_written_in_three_ways(written: str) -> None:
    assert bare(written) == bare("Kälte")


def test_signs_that_mean_something_stay() -> None:
    assert len({plain("C"), plain("C++"), plain("C#")}) == 3


@given(st.text(max_size=400))
def test_nothing_that_is_typed_does_harm_and_twice_is_once(text: str) -> None:
    assert plain(plain(text)[:300]) == plain(text)[:300].strip()
    assert "\t" not in bare(text)
    assert bare(text) == bare(text.strip())[:400] or len(text) > 300
