"""Referrals: received once, then accepted, rejected or revoked."""

import pytest

from services.foundation.aggregate import Refusal
from services.foundation.messages import Command, Event
from services.profiles.contract import (
    AcceptReferral,
    ReferralAccepted,
    ReferralReceived,
    ReferralRejected,
    ReferralRevoked,
    RejectReferral,
    RevokeReferral,
)
from services.profiles.referral import (
    ReferralAlreadyAccepted,
    ReferralAlreadyReceived,
    ReferralAlreadyRejected,
    ReferralBelongsToAnotherStream,
    ReferralTakenBack,
)
from tests.unit.profiles.words import FINGERPRINT, OTHER_PERSON, PARTNER, PERSON, SEALED, receive_referral, referral

RECEIVED = ReferralReceived(
    partner_id=PARTNER, external_id="case-17", name=SEALED, skills=("CAD",), region="UA-46", fingerprint=FINGERPRINT
)
ACCEPTED = ReferralAccepted(partner_id=PARTNER, region="UA-46", person_id=PERSON)
REJECTED = ReferralRejected(partner_id=PARTNER, region="UA-46", reason=SEALED)
REVOKED = ReferralRevoked(partner_id=PARTNER, region="UA-46")
ACCEPT, REJECT, REVOKE = AcceptReferral(person_id=PERSON), RejectReferral(reason=SEALED), RevokeReferral()


def test_a_referral_is_received() -> None:
    referral().when(receive_referral()).then(RECEIVED)


def test_a_referral_stands_in_the_stream_of_its_external_id() -> None:
    refused = referral().when(receive_referral(external_id="case-18"))
    refused.then_refused(ReferralBelongsToAnotherStream, field="external_id")


@pytest.mark.parametrize("decided", [(), (ACCEPTED,), (REJECTED,)])
def test_receiving_the_same_again_changes_nothing(decided: tuple[Event, ...]) -> None:
    referral().given(RECEIVED, *decided).when(receive_referral()).then_nothing()


def test_a_name_that_was_sealed_anew_is_the_same_content() -> None:
    referral().given(RECEIVED).when(receive_referral(name="sealed.v1.QmFy")).then_nothing()


def test_one_external_id_stands_for_one_referral() -> None:
    refused = referral().given(RECEIVED).when(receive_referral(fingerprint="b" * 64))
    refused.then_refused(ReferralAlreadyReceived, field="external_id")


def test_a_revoked_referral_is_not_received_again() -> None:
    refused = referral().given(RECEIVED, REVOKED).when(receive_referral())
    refused.then_refused(ReferralTakenBack, field="external_id")


@pytest.mark.parametrize(("command", "event"), [(ACCEPT, ACCEPTED), (REJECT, REJECTED), (REVOKE, REVOKED)])
def test_an_open_referral_is_accepted_rejected_or_revoked(command: Command, event: Event) -> None:
    referral().given(RECEIVED).when(command).then(event)


@pytest.mark.parametrize(("command", "event"), [(ACCEPT, ACCEPTED), (REJECT, REJECTED), (REVOKE, REVOKED)])
def test_deciding_the_same_again_changes_nothing(command: Command, event: Event) -> None:
    referral().given(RECEIVED, event).when(command).then_nothing()


@pytest.mark.parametrize(
    ("event", "command", "refusal"),
    [
        (ACCEPTED, REJECT, ReferralAlreadyAccepted),
        (ACCEPTED, REVOKE, ReferralAlreadyAccepted),
        (REJECTED, ACCEPT, ReferralAlreadyRejected),
        (REJECTED, REVOKE, ReferralAlreadyRejected),
        (REVOKED, ACCEPT, ReferralTakenBack),
        (REVOKED, REJECT, ReferralTakenBack),
    ],
)
def test_what_is_decided_stays_decided(event: Event, command: Command, refusal: type[Refusal]) -> None:
    referral().given(RECEIVED, event).when(command).then_refused(refusal)


def test_a_referral_is_accepted_for_one_person_only() -> None:
    refused = referral().given(RECEIVED, ACCEPTED).when(AcceptReferral(person_id=OTHER_PERSON))
    refused.then_refused(ReferralAlreadyAccepted, field="person_id")
