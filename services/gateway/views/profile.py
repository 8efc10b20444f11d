"""What the views of people, companies and partners have in common: the details in the clear, who stated them, and consents."""

from collections.abc import Sequence
from typing import Any, ClassVar

from services.foundation.messages import Envelope, Event, Recorded
from services.foundation.privacy import KeyVault
from services.foundation.projection import Projection
from services.gateway.views.unsealing import opened, prefetch_keys
from services.profiles.contract import PRECEDENCE, ConsentGranted, ConsentWithdrawn, ProfileCreated, ProfileUpdated


class ProfileView(Projection):
    """A profile as last stated. ``sealed``: the fields that are opened with the key of the profile's own stream."""

    sealed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, vault: KeyVault) -> None:
        self._vault = vault

    def prepare(self, batch: Sequence[Recorded]) -> None:
        prefetch_keys(self._vault, batch, self.categories)

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case ProfileCreated():
                document.update(consents=[], statements={}, created_at=envelope.time, origin=event.origin or None)
                self._state(document, event, envelope)
            case ProfileUpdated():
                self._state(document, event, envelope)
            case ConsentGranted():
                document["consents"] = [*_without(document, event.purpose), event.model_dump()]
            case ConsentWithdrawn():
                document["consents"] = _without(document, event.purpose)

    def _state(self, document: dict[str, Any], event: ProfileCreated | ProfileUpdated, envelope: Envelope) -> None:
        details = event.details.model_dump(mode="json", exclude={"kind"})
        document.update(opened(self._vault, envelope.stream, details, self.sealed))
        stated = event.as_stated().model_dump(mode="json", include=set(event.stated))
        sealed = [field for field in self.sealed if field in stated]
        for field, value in opened(self._vault, envelope.stream, stated, sealed).items():
            _keep_statement(document, field, value, event, envelope)


def _keep_statement(
    document: dict[str, Any], field: str, value: Any, event: ProfileCreated | ProfileUpdated, envelope: Envelope
) -> None:
    """Beside those of other provenance, the one that counts first."""
    others = [each for each in document["statements"].get(field, ()) if each["provenance"] != event.provenance]
    made = {"value": value, **source_of(event.provenance, event.evidence, envelope)}
    document["statements"][field] = by_precedence([*others, made])


def source_of(provenance: str, evidence: str, envelope: Envelope) -> dict[str, Any]:
    """Where a statement comes from, who handed it in, and when."""
    return {"provenance": provenance, "evidence": evidence, "at": envelope.time, "by": str(envelope.actor)}


def by_precedence(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Statements, the one that counts first."""
    order: tuple[str, ...] = PRECEDENCE
    return sorted(made, key=lambda each: order.index(each["provenance"]) if each["provenance"] in order else len(order))


def _without(document: dict[str, Any], purpose: str) -> list[dict[str, Any]]:
    return [consent for consent in document.get("consents", []) if consent["purpose"] != purpose]
