"""What the views of people, companies and partners have in common: the details in the clear, who stated them, and consents."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from services.foundation.messages import Envelope, Event, Recorded
from services.foundation.privacy import KeyVault
from services.foundation.projection import Projection
from services.gateway.views import profile_events
from services.gateway.views.merging import keep_merge, state_own
from services.gateway.views.provenance import source_of
from services.gateway.views.unsealing import opened, prefetch_keys
from services.gateway.words import opened_words
from services.profiles.contract import (
    ConsentGranted,
    ConsentWithdrawn,
    MergeUndone,
    ProfileCreated,
    ProfileErased,
    ProfilesMerged,
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
            case ProfilesMerged() | MergeUndone():
                document.update(self._details(event, envelope))
                keep_merge(self._vault, self.sealed, document, event, envelope)
            case ProfileCreated():
                document.update(consents=[], statements={}, created_at=envelope.time, origin=event.origin or None)
                document.update(merged_into=None, merged_from=[])
                self._state(document, event, envelope)
            case ProfileUpdated():
                self._state(document, event, envelope)
            case ConsentGranted():
                document["consents"] = [*_without(document, event.purpose), event.model_dump()]
            case ConsentWithdrawn():
                document["consents"] = _without(document, event.purpose)
            case ProfileErased():
                leave_tombstone(document, erased_at=event.erased_at, erasure_id=event.erasure_id)
            case _:
                keep_merge(self._vault, self.sealed, document, event, envelope)
        if not isinstance(event, ConsentGranted | ConsentWithdrawn | ProfileErased):
            document["duplicate_keys"] = [] if document.get("merged_into") else self.duplicate_keys(document)

    def duplicate_keys(self, document: dict[str, Any]) -> list[str]:
        """By which probable duplicates of this profile are found; none where nobody looks for any."""
        return []

    def derive(self, document: dict[str, Any], event: Event, envelope: Envelope) -> Iterable[tuple[str, dict[str, Any]]]:
        yield profile_events.COLLECTION, profile_events.entry(event, envelope)

    def _state(self, document: dict[str, Any], event: ProfileCreated | ProfileUpdated, envelope: Envelope) -> None:
        document.update(self._details(event, envelope))
        stated = event.as_stated().model_dump(mode="json", include=set(event.stated))
        sealed = [field for field in self.sealed if field in stated]
        for field, value in opened(self._vault, envelope.stream, stated, sealed).items():
            state_own(document, field, {"value": value, **self.source_of(event.provenance, event.evidence, envelope)})

    def _details(self, event: ProfileCreated | ProfileUpdated, envelope: Envelope) -> dict[str, Any]:
        details = event.details.model_dump(mode="json", exclude={"kind"})
        return opened(self._vault, envelope.stream, details, self.sealed)

    def source_of(self, provenance: str, evidence: str, envelope: Envelope) -> dict[str, Any]:
        """Where a statement comes from, what it rests on, when and by whom it was handed in."""
        shown = opened_words(self._vault, envelope.stream, evidence, "evidence")
        return source_of(provenance, shown, envelope)


def leave_tombstone(document: dict[str, Any], **said: Any) -> None:
    """Empties a document of all but its id and version."""
    kept: dict[str, Any] = {name: document[name] for name in ("_id", "version", "updated_at", "created_at") if name in document}
    document.clear()
    document.update(kept, **said)


def _without(document: dict[str, Any], purpose: str) -> list[dict[str, Any]]:
    return [consent for consent in document.get("consents", []) if consent["purpose"] != purpose]
