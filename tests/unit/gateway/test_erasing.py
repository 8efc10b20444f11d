"""The erasure process: which keys go, and which commands follow."""

from typing import Any

import pytest

from services.foundation.messages import Event
from services.gateway.erasing import OF_A_PROFILE, OF_OTHERS, doomed, react
from services.profiles.contract import (
    BeginErasure,
    ConfirmErasure,
    ConsentWithdrawn,
    ContactPersonRemoved,
    ErasePersonalData,
    EraseProfile,
    ExtendErasure,
    PersonalDataErased,
    ProfileErased,
    ReceiptSettled,
    ReferralAccepted,
    erasure_stream,
)
from tests.unit.recording import recorded
from tests.unit.story import NOW

UUID = "00000000-0000-4000-8000-00000000000"
PERSON, MERGED, COMPANY = f"person-{UUID}1", f"person-{UUID}2", f"company-{UUID}3"
REFERRAL, LATE, CONTACT_PERSON = f"referral-{UUID}4", f"referral-{UUID}5", f"contactperson-{UUID}6"
ERASURE = erasure_stream(PERSON)


def erased(*also: str, erasure: str = ERASURE, kind: str = "person") -> ProfileErased:
    return ProfileErased(kind=kind, erasure_id=erasure, erased_at=NOW, also=also)


def follows(event: Event, stream: str, kin: tuple[str, ...] = (), erasure: str = "") -> list[tuple[str, Any]]:
    requests = react(recorded(event, stream), lambda _: kin, lambda _: erasure, NOW)
    return [(request.stream, request.command) for request in requests]


def confirm(owner: str, *stores: Any) -> ConfirmErasure:
    return ConfirmErasure(owner=owner, stores=stores, confirmed_at=NOW)


def test_all_that_belongs_to_the_profile_is_asked_to_forget_before_anything_is_confirmed() -> None:
    assert follows(erased(REFERRAL, MERGED), PERSON, kin=(LATE, REFERRAL)) == [
        (
            ERASURE,
            BeginErasure(owner=PERSON, kind="person", owners=(PERSON, REFERRAL, MERGED, LATE), erased_at=NOW),
        ),
        (REFERRAL, ErasePersonalData(erasure_id=ERASURE)),
        (MERGED, EraseProfile(erasure_id=ERASURE)),
        (LATE, ErasePersonalData(erasure_id=ERASURE)),
        (ERASURE, confirm(PERSON, *OF_A_PROFILE)),
    ]


def test_a_profile_that_is_erased_with_another_names_what_belongs_to_it() -> None:
    assert follows(erased(REFERRAL), MERGED) == [
        (ERASURE, ExtendErasure(owner=REFERRAL)),
        (REFERRAL, ErasePersonalData(erasure_id=ERASURE)),
        (ERASURE, confirm(MERGED, *OF_A_PROFILE)),
    ]


def test_a_contact_person_is_forgotten_with_the_key() -> None:
    erasure = erasure_stream(COMPANY)
    commands = follows(erased(CONTACT_PERSON, erasure=erasure, kind="company"), COMPANY)
    assert (erasure, confirm(CONTACT_PERSON, "keys")) in commands


def test_what_has_forgotten_is_confirmed() -> None:
    assert follows(PersonalDataErased(erasure_id=ERASURE), REFERRAL) == [(ERASURE, confirm(REFERRAL, *OF_OTHERS))]


def test_a_referral_that_is_accepted_too_late_does_not_survive() -> None:
    accepted = ReferralAccepted(partner_id=f"partner-{UUID}7", region="DE-MV", person_id=PERSON)
    assert follows(accepted, LATE, erasure=ERASURE) == [
        (ERASURE, ExtendErasure(owner=LATE)),
        (LATE, ErasePersonalData(erasure_id=ERASURE)),
    ]
    assert follows(accepted, LATE) == []


@pytest.mark.parametrize(
    ("event", "stream", "owners"),
    [
        (erased(REFERRAL), PERSON, (PERSON, REFERRAL, LATE)),
        (PersonalDataErased(erasure_id=ERASURE), REFERRAL, (REFERRAL,)),
        (ReceiptSettled(how="sent"), ERASURE, (ERASURE,)),
        (ContactPersonRemoved(contact_person_id=CONTACT_PERSON), COMPANY, (CONTACT_PERSON,)),
        (ConsentWithdrawn(purpose="matching", withdrawn_at=NOW), PERSON, ()),
    ],
)
def test_which_keys_go(event: Event, stream: str, owners: tuple[str, ...]) -> None:
    assert doomed(recorded(event, stream), lambda _: (LATE,)) == owners
