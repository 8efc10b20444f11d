"""Companies, their size class and their needs."""

import pytest

from services.profiles.company import NeedAlreadyStated, NeedAlreadyWithdrawn, NeedUnknown, size_class
from services.profiles.contract import (
    CompanyDetails,
    NeedStated,
    NeedWithdrawn,
    ProfileCreated,
    ProfileUpdated,
    SpokenLanguage,
    UpdateCompany,
    WithdrawNeed,
)
from services.profiles.profile import ProfileAlreadyExists
from tests.unit.profiles.words import NEED, SEALED, company, create_company, state_need

DETAILS = CompanyDetails(
    name="Ostsee Pumpen GmbH",
    sector="mechanical_engineering",
    headcount=49,
    turnover_eur=9_000_000,
    balance_sheet_eur=8_000_000,
    size_class="small",
    place="Wismar",
    region="DE-MV",
    contact_name=SEALED,
    contact_email=SEALED,
)
CREATED = ProfileCreated(kind="company", details=DETAILS)
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
    grown = DETAILS.model_copy(update={"headcount": 50, "size_class": "medium"})
    company().given(CREATED).when(UpdateCompany(headcount=50)).then(ProfileUpdated(kind="company", details=grown))


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
