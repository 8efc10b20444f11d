"""Being forgotten: profiles, what belongs to them, and the erasure that collects the confirmations."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.messages import Command
from services.profiles.contract import (
    STORES,
    AddContactPerson,
    BeginErasure,
    ConfirmErasure,
    ErasePersonalData,
    EraseProfile,
    ErasureBegun,
    ErasureCompleted,
    ErasureConfirmed,
    ErasureExtended,
    ExtendErasure,
    GrantConsent,
    PersonalDataErased,
    ProfileErased,
    ReceiptSettled,
    RejectReferral,
    RevokeReferral,
    SettleReceipt,
    StoreCleaned,
    UpdatePerson,
    WithdrawConsent,
    WithdrawNeed,
    erasure_stream,
)
from services.profiles.erasing import TAKEN_OF_THE_ERASED, ProfileIsErased
from services.profiles.erasure import ErasureBelongsToAnotherStream, ErasureNotCompleted
from services.profiles.routes import ROUTES
from tests.unit.profiles.words import (
    COMPANY,
    NEED,
    OTHER_PERSON,
    PERSON,
    REFERRAL,
    SEALED,
    company,
    create_company,
    create_person,
    partner,
    person,
    receive_referral,
    referral,
    state_need,
)
from tests.unit.story import NOW, Story

ERASURE = erasure_stream(PERSON)
CONTACT_PERSON = "contactperson-00000000-0000-4000-8000-000000000009"
LATER = NOW + timedelta(seconds=2)
ERASED = ProfileErased(kind="person", erasure_id=ERASURE, erased_at=NOW)


def erasure() -> Story:
    return Story(ERASURE, ROUTES)


def begun(*others: str, **more: Any) -> ErasureBegun:
    return ErasureBegun(owner=PERSON, kind="person", owners=(PERSON, *others), erased_at=NOW, **more)


def begin(*others: str) -> BeginErasure:
    return BeginErasure(owner=PERSON, kind="person", owners=(PERSON, *others), erased_at=NOW)


def confirm(*stores: Any, owner: str = PERSON) -> ConfirmErasure:
    return ConfirmErasure(owner=owner, stores=stores, confirmed_at=LATER)


def confirmed(*stores: str, owner: str = PERSON) -> ErasureConfirmed:
    return ErasureConfirmed(owner=owner, stores=stores, confirmed_at=LATER)


COMPLETED = ErasureCompleted(
    owner=PERSON,
    kind="person",
    stores=tuple(StoreCleaned(store=store, confirmed_at=LATER) for store in STORES),
    erased_at=NOW,
    completed_at=LATER,
)


def test_a_person_is_erased_once() -> None:
    story = person().when(create_person()).when(EraseProfile(notice_name=SEALED, notice_email=SEALED, language="en"))
    story.then(ERASED.model_copy(update={"notice_name": SEALED, "notice_email": SEALED, "language": "en"}))
    story.when(EraseProfile()).then_nothing()


def test_what_the_profile_was_made_of_goes_with_it() -> None:
    origin = "prospect-00000000-0000-4000-8000-000000000008"
    story = person().when(create_person(origin=origin)).when(EraseProfile(also=(REFERRAL, PERSON)))
    story.then(ERASED.model_copy(update={"also": (origin, REFERRAL)}))


def test_the_contact_people_of_a_company_go_with_it() -> None:
    added = AddContactPerson(contact_person_id=CONTACT_PERSON, name=SEALED)
    story = company().when(create_company()).when(added).when(EraseProfile())
    story.then(ProfileErased(kind="company", erasure_id=erasure_stream(COMPANY), erased_at=NOW, also=(CONTACT_PERSON,)))


@pytest.mark.parametrize(
    "command",
    [
        create_person(),
        UpdatePerson(place="Wismar"),
        GrantConsent(purpose="matching", text_version="2026-01", language="de"),
        WithdrawConsent(purpose="matching"),
    ],
)
def test_after_that_everything_is_refused(command: Command) -> None:
    person().when(create_person()).when(EraseProfile()).when(command).then_refused(ProfileIsErased)


@pytest.mark.parametrize("command", [create_company(), state_need(), WithdrawNeed(need_id=NEED)])
def test_of_a_company_too(command: Command) -> None:
    company().when(create_company()).when(EraseProfile()).when(command).then_refused(ProfileIsErased)


def test_every_command_on_a_profile_or_referral_is_guarded() -> None:
    for story in (person(), company(), partner(), referral()):
        story.aggregate.erasures = frozenset({ERASURE})
        for command, route in story.routes.items():
            if command not in TAKEN_OF_THE_ERASED:
                with pytest.raises(ProfileIsErased):
                    route.decide(story.aggregate, None, None)  # type: ignore[arg-type]


def test_a_profile_that_belongs_to_another_is_erased_for_that_one_even_if_it_was_erased_before() -> None:
    story = person().given(ERASED).when(EraseProfile(erasure_id=erasure_stream(OTHER_PERSON)))
    story.then(ProfileErased(kind="person", erasure_id=erasure_stream(OTHER_PERSON), erased_at=NOW))


def test_a_referral_forgets_and_is_refused_from_then_on() -> None:
    story = referral().when(receive_referral()).when(ErasePersonalData(erasure_id=ERASURE))
    story.then(PersonalDataErased(erasure_id=ERASURE))
    story.when(ErasePersonalData(erasure_id=ERASURE)).then_nothing()
    for command in (receive_referral(), RevokeReferral(), RejectReferral(reason=SEALED)):
        story.when(command).then_refused(ProfileIsErased)


def test_an_erasure_is_completed_when_every_store_has_confirmed() -> None:
    story = erasure().when(begin())
    story.then(begun())
    story.when(confirm(*STORES[:5])).then(confirmed(*STORES[:5]))
    story.when(confirm(*STORES)).then(confirmed(*STORES[5:]), COMPLETED)


def test_stores_may_confirm_before_it_begins() -> None:
    erasure().when(confirm(*STORES)).when(begin()).then(begun(), COMPLETED)


def test_what_else_belongs_to_the_person_is_waited_for() -> None:
    story = erasure().when(begin(REFERRAL)).when(confirm(*STORES))
    story.then(confirmed(*STORES))
    story.when(confirm("keys", "views", owner=REFERRAL)).then(confirmed("keys", "views", owner=REFERRAL), COMPLETED)


def test_what_turns_up_before_the_end_is_waited_for() -> None:
    story = erasure().when(begin()).when(ExtendErasure(owner=REFERRAL))
    story.then(ErasureExtended(owner=REFERRAL))
    story.when(ExtendErasure(owner=REFERRAL)).then_nothing()
    story.when(confirm(*STORES)).then(confirmed(*STORES))
    story.when(confirm("keys", "views", owner=REFERRAL)).then(confirmed("keys", "views", owner=REFERRAL), COMPLETED)


def test_what_turns_up_after_the_end_is_recorded_and_completes_nothing_again() -> None:
    story = erasure().when(begin()).when(confirm(*STORES)).when(ExtendErasure(owner=REFERRAL))
    story.then(ErasureExtended(owner=REFERRAL))
    story.when(confirm("keys", "views", owner=REFERRAL)).then(confirmed("keys", "views", owner=REFERRAL))


def test_a_contact_person_is_gone_with_the_key() -> None:
    story = erasure().when(begin(CONTACT_PERSON)).when(confirm(*STORES))
    story.when(confirm("keys", owner=CONTACT_PERSON)).then(confirmed("keys", owner=CONTACT_PERSON), COMPLETED)


def test_the_receipt_is_settled_once_and_not_before_there_is_one() -> None:
    story = erasure().when(begin()).when(SettleReceipt(how="sent"))
    story.then_refused(ErasureNotCompleted)
    story.when(confirm(*STORES)).when(SettleReceipt(how="sent")).then(ReceiptSettled(how="sent"))
    story.when(SettleReceipt(how="failed")).then_nothing()


def test_the_erasure_of_somebody_else_is_another_stream() -> None:
    command = BeginErasure(owner=OTHER_PERSON, kind="person", owners=(), erased_at=NOW)
    erasure().when(command).then_refused(ErasureBelongsToAnotherStream, "owner")


PARTS: list[Command] = [
    begin(REFERRAL),
    *(confirm(store) for store in STORES),
    confirm("keys", owner=REFERRAL),
    confirm("views", owner=REFERRAL),
]


@given(order=st.permutations(PARTS), repeated=st.lists(st.sampled_from(PARTS), max_size=8))
def test_in_whatever_order_and_however_often_it_is_completed_exactly_once(
    order: list[Command], repeated: list[Command]
) -> None:
    story, completions = erasure(), 0
    for command in [*repeated, *order, *repeated]:
        story.when(command)
        assert story.refusal is None
        completions += sum(isinstance(event, ErasureCompleted) for event in story.events)
    assert completions == 1
