"""A referral: a partner recommends someone, once for each external id. Staff accept or reject it, the partner may revoke it."""

from collections.abc import Iterator

from services.foundation.aggregate import Context, Refusal, derived_stream
from services.foundation.messages import Event
from services.profiles.contract import (
    AcceptReferral,
    ReceiveReferral,
    ReferralAccepted,
    ReferralReceived,
    ReferralRejected,
    ReferralRevoked,
    RejectReferral,
    RevokeReferral,
)
from services.profiles.erasing import HoldsPersonalData


class ReferralBelongsToAnotherStream(Refusal):
    """The stream of a referral follows from its partner and external id."""


class ReferralAlreadyReceived(Refusal):
    """The partner used this external id before, for other content."""


class ReferralAlreadyAccepted(Refusal):
    """A profile was made from the referral: from then on the person's own consents decide."""


class ReferralAlreadyRejected(Refusal):
    """The referral was rejected and stays so; the partner may send another."""


class ReferralTakenBack(Refusal):
    """The partner revoked the referral."""


def referral_stream(partner_id: str, external_id: str) -> str:
    """The one stream of what this partner calls by this id."""
    return derived_stream("referral", partner_id, external_id)


class Referral(HoldsPersonalData):
    """``received`` is what the partner sent; ``decision`` is how it ended, None while it is open."""

    category = "referral"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.received: ReferralReceived | None = None
        self.decision: ReferralAccepted | ReferralRejected | ReferralRevoked | None = None

    def receive(self, command: ReceiveReferral, _: Context) -> Iterator[Event]:
        if self.stream != referral_stream(command.partner_id, command.external_id):
            raise ReferralBelongsToAnotherStream("this is not the stream of that partner and external id", field="external_id")
        referral = ReferralReceived.model_validate(command.model_dump())
        if self.received is None:
            yield referral
        elif self.received.fingerprint != command.fingerprint:
            raise ReferralAlreadyReceived("this external id stands for another referral", field="external_id")
        elif isinstance(self.decision, ReferralRevoked):
            raise ReferralTakenBack("this referral was revoked; send it under a new external id", field="external_id")

    def accept(self, command: AcceptReferral, _: Context) -> Iterator[Event]:
        match self.decision:
            case ReferralAccepted(person_id=person_id) if person_id == command.person_id:
                return
            case ReferralAccepted():
                raise ReferralAlreadyAccepted("the referral was accepted for another person", field="person_id")
        self._must_be_open()
        yield ReferralAccepted(**self._origin(), person_id=command.person_id)

    def reject(self, command: RejectReferral, _: Context) -> Iterator[Event]:
        if not isinstance(self.decision, ReferralRejected):
            self._must_be_open()
            yield ReferralRejected(**self._origin(), reason=command.reason)

    def revoke(self, _command: RevokeReferral, _: Context) -> Iterator[Event]:
        if not isinstance(self.decision, ReferralRevoked):
            self._must_be_open()
            yield ReferralRevoked(**self._origin())

    def apply(self, event: Event) -> None:
        match event:
            case ReferralReceived():
                self.received = event
            case ReferralAccepted() | ReferralRejected() | ReferralRevoked():
                self.decision = event
            case _:
                super().apply(event)

    def _must_be_open(self) -> None:
        match self.decision:
            case ReferralAccepted():
                raise ReferralAlreadyAccepted("the referral was accepted")
            case ReferralRejected():
                raise ReferralAlreadyRejected("the referral was rejected")
            case ReferralRevoked():
                raise ReferralTakenBack("the partner took the referral back")

    def _origin(self) -> dict[str, str]:
        return {"partner_id": self.received.partner_id, "region": self.received.region} if self.received else {}
