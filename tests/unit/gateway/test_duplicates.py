"""Probable duplicates: names however they are written, phone numbers, companies without their legal form."""

from typing import Any

import pytest

from services.gateway.duplicates.comparing import NEARLY, PROBABLE, Likeness, companies_alike, people_alike
from services.gateway.duplicates.marks import (
    company_words,
    email_mark,
    keys_of_company,
    keys_of_person,
    marks_of_company,
    marks_of_person,
    phone_mark,
    website_mark,
)


def people(one: dict[str, Any], other: dict[str, Any]) -> Likeness:
    """How alike they are; profiles that share no key are never compared."""
    if not set(keys_of_person(one)) & set(keys_of_person(other)):
        return Likeness(0.0, ())
    return people_alike(marks_of_person(one), marks_of_person(other))


def companies(one: dict[str, Any], other: dict[str, Any]) -> Likeness:
    if not set(keys_of_company(one)) & set(keys_of_company(other)):
        return Likeness(0.0, ())
    return companies_alike(marks_of_company(one), marks_of_company(other))


def reasons(likeness: Likeness) -> list[str]:
    return [reason.en for reason in likeness.reasons]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jürgen Müller", "Mueller, Juergen"),
        ("Jürgen Müller", "Jurgen Muller"),
        ("al-Khatib, Rima", "Rima Alkhatib"),
        ("Rima Al Khatib", "Dr. Rima El-Khatib"),
        ("Nguyễn Văn Đức", "Duc Nguyen Van"),
        ("Đặng Thị Hương", "Thi Huong Dang"),
        ("Олена Шевченко", "Shevchenko Olena"),
        ("محمد الأحمد", "الأحمد، محمّد"),
        ("فاطمه حسینی", "فاطمة حسيني"),
        ("Łukasz Żółty", "Lukasz Zolty"),
        ("José Peña", "Pena Jose"),
    ],
)
def test_one_name_is_known_again_however_it_is_written(one: str, other: str) -> None:
    found = people({"name": one}, {"name": other})
    assert found.score >= PROBABLE
    assert reasons(found) == ["same name"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rima Alkhatib", "ريما الخطيب"), ("Fatemeh Hosseini", "فاطمه حسینی"), ("Mohammed Al-Ahmad", "محمد الأحمد")],
)
def test_a_name_sounds_the_same_in_arabic_letters(one: str, other: str) -> None:
    found = people({"name": one, "place": "Rostock"}, {"name": "R.", "own_script_name": other, "place": "Rostock"})
    assert found.score >= PROBABLE
    assert reasons(found)[0] == "names sound the same in both scripts"
    assert found.reasons[0].fields == ("name", "own_script_name")


def test_nearly_the_same_name_says_how_near() -> None:
    found = people(
        {"name": "Oleksandr Kovalenko", "place": "Rostock", "occupation": "2144"},
        {"name": "Oleksander Kovalenko", "place": "Rostock", "occupation": "2144"},
    )
    assert found.score >= PROBABLE
    assert reasons(found)[0] == "names are nearly the same (0.97)"
    assert found.reasons[0].de == "Namen fast gleich (0.97)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rima Khatib", "Omar Khatib"),
        ("Anna Müller", "Peter Schmidt"),
        ("Олена Шевченко", "Петро Шевченко"),
        ("محمد الأحمد", "ريما الخطيب"),
    ],
)
def test_other_people_are_no_duplicates(one: str, other: str) -> None:
    same = {"place": "Rostock", "occupation": "2144"}
    assert people({"name": one, **same}, {"name": other, **same}).score < PROBABLE


def test_a_common_name_in_another_place_with_another_occupation_is_not_enough() -> None:
    one = {"name": "Mohammed Ahmad", "place": "Rostock", "occupation": "2144"}
    assert people(one, {"name": "Mohammed Ahmad", "place": "Wismar", "occupation": "7411"}).score < 0.55


def test_couples_who_share_an_address_are_two_people() -> None:
    found = people({"name": "Anna Weber", "email": "weber@x.de"}, {"name": "Oleksandr Kovalenko", "email": "weber@x.de"})
    assert found.score < PROBABLE


def test_same_mail_and_phone_are_the_best_reasons() -> None:
    one = {"name": "Anna Weber", "email": "Anna.Weber+job@X.de", "phone": "0381 765 43 21"}
    found = people(one, {"name": "Anna Schmidt", "email": "anna.weber@x.de", "phone": "+49 (0)381 7654321"})
    assert reasons(found)[:2] == ["same e-mail address", "same phone number"]
    assert found.score >= PROBABLE


def test_who_was_erased_has_no_keys_and_is_like_nobody() -> None:
    erased = {"name": None, "email": None, "phone": None, "own_script_name": None}
    assert keys_of_person(erased) == []
    assert people_alike(marks_of_person(erased), marks_of_person(erased)).score == 0


@pytest.mark.parametrize(
    "phone", ["+49 381 7654321", "0049 381 7654321", "0381/765 43 21", "+49 (0)381 7654321", "(0381) 765-4321"]
)
def test_a_phone_number_is_known_again(phone: str) -> None:
    assert phone_mark(phone) == "493817654321"


def test_short_numbers_and_missing_ones_tell_nobody_apart() -> None:
    assert [phone_mark(phone) for phone in ("110", "", None)] == ["", "", ""]
    assert [email_mark(None), website_mark(None), email_mark("x")] == ["", "", ""]


@pytest.mark.parametrize(
    "name",
    ["Bäckerei Lüders e. K.", "Baeckerei Lueders GmbH & Co. KG", "LÜDERS Bäckerei UG (haftungsbeschränkt)", "Bäckerei-Lüders"],
)
def test_a_company_name_is_compared_without_its_legal_form(name: str) -> None:
    assert company_words(name) == company_words("Bäckerei Lüders")


@pytest.mark.parametrize(
    ("field", "one", "other", "reason"),
    [
        ("register_entry", "AG Rostock HRB 1234", "AG Rostock, HRB 1234", "same register entry"),
        ("vat_id", "DE123456789", "DE123456789", "same VAT id"),
        ("website", "https://www.pumpen.example/de", "http://pumpen.example", "same website"),
    ],
)
def test_companies_are_known_by_what_is_theirs_alone(field: str, one: str, other: str, reason: str) -> None:
    found = companies({"name": "Ostsee Pumpen GmbH", field: one}, {"name": "Ostsee-Pumpen AG", field: other})
    assert reason in reasons(found)
    assert found.score > 0.8


def test_another_register_entry_speaks_against_it() -> None:
    found = companies({"name": "Bau GmbH", "register_entry": "HRB 1"}, {"name": "Bau GmbH", "register_entry": "HRB 2"})
    assert found.score < PROBABLE


def test_a_mail_domain_counts_in_the_same_place_unless_everybody_has_it() -> None:
    one = {"name": "Ostsee Pumpen", "place": "Wismar", "contact_email": "a@pumpen.example"}
    assert "same e-mail domain in the same place" in reasons(companies(one, one | {"contact_email": "b@pumpen.example"}))
    free = one | {"contact_email": "a@gmx.de"}
    assert "same e-mail domain in the same place" not in reasons(companies(free, free | {"contact_email": "b@gmx.de"}))


def test_the_limit_of_what_is_nearly_the_same_lies_below_one() -> None:
    assert 0 < PROBABLE < NEARLY < 1
