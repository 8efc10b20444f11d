"""Whom partners recommend, and what became of it."""

from collections.abc import Sequence
from typing import Any

from services.foundation.messages import Envelope, Event, Recorded
from services.foundation.privacy import KeyVault
from services.foundation.projection import Projection
from services.gateway.views.unsealing import opened, prefetch_keys
from services.gateway.words import opened_words
from services.profiles.contract import PersonalDataErased, ReferralAccepted, ReferralReceived, ReferralRejected, ReferralRevoked


class ReferralView(Projection):
    """{_id, version, partner_id, external_id, name, email, note, …, person_id, reason,
    state: received|accepted|rejected|revoked}"""

    collection = "referrals"
    categories = frozenset({"referral"})
    sealed = ("name", "email", "note")

    def __init__(self, vault: KeyVault) -> None:
        self._vault = vault

    def prepare(self, batch: Sequence[Recorded]) -> None:
        prefetch_keys(self._vault, batch, self.categories)

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case ReferralReceived():
                document.update(opened(self._vault, envelope.stream, event.model_dump(exclude={"fingerprint"}), self.sealed))
                document.update(state="received", received_at=envelope.time, person_id=None, reason=None)
            case ReferralAccepted():
                document.update(state="accepted", person_id=event.person_id)
            case ReferralRejected():
                document.update(state="rejected", reason=opened_words(self._vault, envelope.stream, event.reason, "reason"))
            case ReferralRevoked():
                document["state"] = "revoked"
            case PersonalDataErased():
                document.update(dict.fromkeys((*self.sealed, "reason")), erased_at=envelope.time)
