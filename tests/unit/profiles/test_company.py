"""Companies, their size class and their needs."""

import pytest

from services.profiles.company import (
    ContactPersonUnknown,
    IndustryNotInScheme,
    NeedAlreadyStated,
    NeedAlreadyWithdrawn,
    NeedUnknown,
)
from services.profiles.contract import (
    AddContactPerson,
    CompanyDetails,
    ContactPersonAdded,
    ContactPersonRemoved,
    IndustryCode,
    NeedStated,
    NeedWithdrawn,
    ProfileCreated,
    RemoveContactPerson,
    SpokenLanguage,
    UpdateCompany,
    WithdrawNeed,
    YearFigures,
)
from services.profiles.profile import ProfileAlreadyExists
from services.profiles.size_class import lasting_size_class, size_class
from tests.unit.profiles.words import DEPUTY, NEED, SEALED, company, create_company, state_need

DETAILS = CompanyDetails(
    name="Ostsee Pumpen GmbH",
    sector="mechanical_engineering",
    headcount=49,
    turnover_eur=9_000_000,
    balance_sheet_eur=8_000_000,
    figures=(YearFigures(year=0, headcount=49, turnover_eur=9_000_000, balance_sheet_eur=8_000_000),),
    size_class="small",
    place="Wismar",
    region="DE-MV",
    contact_name=SEALED,
    contact_email=SEALED,
)
NAMED = ("name", "sector", "headcount", "turnover_eur", "balance_sheet_eur", "place", "region", "contact_name", "contact_email")
CREATED = ProfileCreated(kind="company", details=DETAILS, stated=NAMED)
STATED = NeedStated(
    need_id=NEED,
    title="Pump engineer",
    purpose="employment",
    languages=(SpokenLanguage(language="de", level="B1"),),
    sector="mechanical_engineering",
    place="Wismar",
    region="DE-MV",
)
WITHDRAWN = NeedWithdrawn(need_id=NEED)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("headcount", "turnover", "balance_sheet", "expected"),
    [
        (9, 2 * MILLION, 2 * MILLION, "micro"),
        (9, 2 * MILLION + 1, 2 * MILLION, "micro"),
        (9, 2 * MILLION + 1, 2 * MILLION + 1, "small"),
        (10, 0, 0, "small"),
        (49, 10 * MILLION, 90 * MILLION, "small"),
        (50, 0, 0, "medium"),
        (249, 50 * MILLION, 44 * MILLION, "medium"),
        (249, 51 * MILLION, 43 * MILLION, "medium"),
        (249, 51 * MILLION, 44 * MILLION, "large"),
        (250, 0, 0, "large"),
    ],
)
def test_the_size_class_follows_the_recommendation(headcount: int, turnover: int, balance_sheet: int, expected: str) -> None:
    assert size_class(headcount, turnover, balance_sheet) == expected


def test_a_company_is_created_with_its_derived_size_class() -> None:
    company().when(create_company()).then(CREATED)


def test_creating_the_same_company_again_changes_nothing() -> None:
    company().given(CREATED).when(create_company()).then_nothing()


def test_an_existing_company_is_not_created_with_other_details() -> None:
    company().given(CREATED).when(create_company(headcount=3)).then_refused(ProfileAlreadyExists)


def test_growing_changes_the_size_class() -> None:
    story = company().given(CREATED).when(UpdateCompany(headcount=50)).then_details()
    assert (story.headcount, story.size_class) == (50, "medium")
    assert [figures.headcount for figures in story.figures] == [50]


def test_one_year_beyond_the_ceilings_does_not_change_the_size_class() -> None:
    story = company().when(create_company(figures_year=2023)).when(UpdateCompany(headcount=60, figures_year=2024))
    assert story.then_details().size_class == "small"
    assert story.when(UpdateCompany(headcount=70, figures_year=2025)).then_details().size_class == "medium"


def test_the_figures_of_a_year_can_be_corrected() -> None:
    story = company().when(create_company(figures_year=2024)).when(UpdateCompany(headcount=60)).then_details()
    assert (story.size_class, len(story.figures)) == ("medium", 1)


@pytest.mark.parametrize(
    ("headcounts", "expected"),
    [
        ([5, 12, 5], "micro"),
        ([5, 12, 12], "small"),
        ([5, 60, 12], "small"),
        ([60, 5, 12], "small"),
        ([60, 5, 5], "micro"),
        ([12, 5, 60], "small"),
        ([300, 60, 60, 300, 300], "large"),
    ],
)
def test_a_status_changes_after_two_years_in_a_row(headcounts: list[int], expected: str) -> None:
    figures = [
        YearFigures(year=2020 + index, headcount=count, turnover_eur=0, balance_sheet_eur=0)
        for index, count in enumerate(headcounts)
    ]
    assert lasting_size_class(figures[::-1]) == expected


def test_the_section_of_an_industry_is_derived() -> None:
    industry = IndustryCode(scheme="NACE", edition="Rev. 2.1", code="35.12")
    story = company().when(create_company(industry=industry)).then_details()
    assert (story.industry.section, story.industry.code) == ("D", "35.12")


@pytest.mark.parametrize(
    ("scheme", "edition", "code", "field"),
    [
        ("WZ", "Rev. 2", "28", "edition"),
        ("WZ", "2008", "A28", "code"),
        ("NACE", "Rev. 2", "V", "code"),
        ("WZ", "2008", "34", "code"),
    ],
)
def test_an_industry_that_its_scheme_does_not_have_is_refused(scheme: str, edition: str, code: str, field: str) -> None:
    industry = IndustryCode.model_validate({"scheme": scheme, "edition": edition, "code": code})
    company().when(create_company(industry=industry)).then_refused(IndustryNotInScheme, field=f"industry.{field}")
    company().given(CREATED).when(UpdateCompany(industry=industry)).then_refused(IndustryNotInScheme, field=f"industry.{field}")


def test_contact_people_come_and_go() -> None:
    added = ContactPersonAdded(contact_person_id=DEPUTY, name=SEALED, role="deputy")
    removed = ContactPersonRemoved(contact_person_id=DEPUTY)
    command = AddContactPerson(contact_person_id=DEPUTY, name=SEALED, role="deputy")
    company().given(CREATED).when(command).then(added)
    company().given(CREATED, added).when(command).then_nothing()
    company().given(CREATED, added).when(RemoveContactPerson(contact_person_id=DEPUTY)).then(removed)
    company().given(CREATED, added, removed).when(RemoveContactPerson(contact_person_id=DEPUTY)).then_nothing()
    company().given(CREATED, added, removed).when(command).then_refused(ContactPersonUnknown, field="contact_person_id")
    unknown = RemoveContactPerson(contact_person_id=DEPUTY)
    company().given(CREATED).when(unknown).then_refused(ContactPersonUnknown, field="contact_person_id")


def test_an_update_that_changes_nothing_says_nothing() -> None:
    company().given(CREATED).when(UpdateCompany(place="Wismar")).then_nothing()


def test_a_company_states_a_need() -> None:
    company().given(CREATED).when(state_need()).then(STATED)


def test_stating_the_same_need_again_changes_nothing() -> None:
    company().given(CREATED, STATED).when(state_need()).then_nothing()


def test_a_stated_need_does_not_change_its_content() -> None:
    company().given(CREATED, STATED).when(state_need(title="Welder")).then_refused(NeedAlreadyStated, field="need_id")


def test_a_need_is_withdrawn() -> None:
    company().given(CREATED, STATED).when(WithdrawNeed(need_id=NEED)).then(WITHDRAWN)


def test_withdrawing_a_withdrawn_need_changes_nothing() -> None:
    company().given(CREATED, STATED, WITHDRAWN).when(WithdrawNeed(need_id=NEED)).then_nothing()


def test_an_unknown_need_cannot_be_withdrawn() -> None:
    company().given(CREATED).when(WithdrawNeed(need_id=NEED)).then_refused(NeedUnknown, field="need_id")


def test_a_withdrawn_need_does_not_come_back() -> None:
    company().given(CREATED, STATED, WITHDRAWN).when(state_need()).then_refused(NeedAlreadyWithdrawn, field="need_id")
