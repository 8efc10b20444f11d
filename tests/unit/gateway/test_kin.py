"""Who is the same human being as somebody who is erased, though nothing ties them together."""

import pytest

from services.gateway.kin import is_same_human

EMAIL = "anna@example.org"
PERSON = {"name": "Anna Müller-Ö", "own_script_name": "آنا مولر", "email": EMAIL}


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Anna Müller-Ö", "email": EMAIL},
        {"name": "MÜLLER-Ö Anna", "email": " Anna@Example.org "},
        {"name": "anna muller", "email": EMAIL},
        {"name": "آنا مولر", "email": EMAIL},
        {"name": "Dr. Anna Maria Müller-Ö", "email": EMAIL},
    ],
)
def test_the_same_address_and_a_name_that_agrees_make_the_same_human(other: dict[str, str]) -> None:
    assert is_same_human(PERSON, other)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Karim Müller-Ö", "email": EMAIL},
        {"name": "Anna Müller-Ö", "email": "anna.mueller@example.org"},
        {"name": "Anna Müller-Ö", "email": ""},
        {"name": "", "email": EMAIL},
        {"name": None, "email": None},
    ],
)
def test_a_family_shares_an_address_and_namesakes_share_a_name(other: dict[str, str | None]) -> None:
    assert not is_same_human(PERSON, other)


def test_who_has_no_address_is_nobody_elses_double() -> None:
    assert not is_same_human(PERSON | {"email": ""}, {"name": "Anna Müller-Ö", "email": ""})
