"""What the views of people, companies and partners have in common: the details in the clear, who stated them, and consents."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from services.foundation.messages import Envelope, Event, Recorded
from services.foundation.privacy import KeyVault
from services.foundation.projection import Projection
from services.gateway.views import profile_events
from services.gateway.views.unsealing import opened, prefetch_keys
from services.gateway.words import opened_words
from services.profiles.contract import (
    PRECEDENCE,
    ConsentGranted,
    ConsentWithdrawn,
    ProfileCreated,
    ProfileErased,
    ProfileUpdated,
)


class ProfileView(Projection):
    """A profile as last stated. ``sealed``: the fields that are opened with the key of the profile's own stream."""

    sealed: ClassVar[tuple[str, ...]] = ()
    derives: ClassVar[tuple[str, ...]] = (profile_events.COLLECTION,)

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
            case ProfileErased():
                leave_tombstone(document, erased_at=event.erased_at, erasure_id=event.erasure_id)

    def derive(self, document: dict[str, Any], event: Event, envelope: Envelope) -> Iterable[tuple[str, dict[str, Any]]]:
        yield profile_events.COLLECTION, profile_events.entry(event, envelope)

    def _state(self, document: dict[str, Any], event: ProfileCreated | ProfileUpdated, envelope: Envelope) -> None:
        details = event.details.model_dump(mode="json", exclude={"kind"})
        document.update(opened(self._vault, envelope.stream, details, self.sealed))
        stated = event.as_stated().model_dump(mode="json", include=set(event.stated))
        sealed = [field for field in self.sealed if field in stated]
        for field, value in opened(self._vault, envelope.stream, stated, sealed).items():
            made = {"value": value, **self.source_of(event.provenance, event.evidence, envelope)}
            _keep_statement(document["statements"], field, made)

    def source_of(self, provenance: str, evidence: str, envelope: Envelope) -> dict[str, Any]:
        """Where a statement comes from, what it rests on, when and by whom it was handed in."""
        shown = opened_words(self._vault, envelope.stream, evidence, "evidence")
        return {"provenance": provenance, "evidence": shown, "at": envelope.time, "by": str(envelope.actor)}


def _keep_statement(statements: dict[str, Any], field: str, made: dict[str, Any]) -> None:
    """Beside those of other provenance, the one that counts first."""
    others = [each for each in statements.get(field, ()) if each["provenance"] != made["provenance"]]
    statements[field] = by_precedence([*others, made])


def by_precedence(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Statements, the one that counts first."""
    order: tuple[str, ...] = PRECEDENCE
    return sorted(made, key=lambda each: order.index(each["provenance"]) if each["provenance"] in order else len(order))


def leave_tombstone(document: dict[str, Any], **said: Any) -> None:
    """Empties a document of all but its id and version."""
    kept: dict[str, Any] = {name: document[name] for name in ("_id", "version", "updated_at", "created_at") if name in document}
    document.clear()
    document.update(kept, **said)


def _without(document: dict[str, Any], purpose: str) -> list[dict[str, Any]]:
    return [consent for consent in document.get("consents", []) if consent["purpose"] != purpose]
