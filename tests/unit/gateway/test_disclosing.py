"""What of a person's document companies and partners are shown: an allow-list, so a new field is hidden until it is on it."""

import pytest

from services.gateway.disclosing import ALWAYS, ON_ARRANGEMENT, WITHOUT_NAME, part_of
from services.gateway.views.feed import SHOWN
from services.profiles.contract import PERSON_SEALED, PersonDetails

NEVER = {
    "address",
    "preferred_language",
    "statements",
    "covered",
    "qualifications",
    "skill_concepts",
    "concepts",
    "origin",
    "merged_from",
    "merged_into",
    "consents",
    "created_at",
    "duplicate_keys",
    "not_duplicates",
    "merge_rejected",
    "something_new",
}
DOCUMENT = dict.fromkeys([*PersonDetails.model_fields, *ALWAYS, *NEVER], "seen")


@pytest.mark.parametrize(("contact", "more"), [(None, frozenset()), ("contact-1", ON_ARRANGEMENT)])
def test_nothing_is_shown_that_is_not_listed(contact: str | None, more: frozenset[str]) -> None:
    shown = part_of(DOCUMENT, contact).keys()
    assert shown == {*WITHOUT_NAME, *more, *ALWAYS}
    assert not NEVER & shown


def test_partners_are_shown_no_more_in_the_feed_and_no_list_names_a_sealed_field() -> None:
    assert SHOWN <= WITHOUT_NAME
    assert not WITHOUT_NAME & {*PERSON_SEALED, *NEVER}
    assert {*ON_ARRANGEMENT} == {*PERSON_SEALED} - {"address"}
