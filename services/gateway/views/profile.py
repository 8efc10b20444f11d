"""What the views of people, companies and partners have in common: the details in the clear, and the consents."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from services.foundation.messages import Envelope, Event, Recorded
from services.foundation.privacy import KeyVault
from services.foundation.projection import Projection
from services.gateway.views import profile_events
from services.gateway.views.unsealing import opened, prefetch_keys
from services.profiles.contract import ConsentGranted, ConsentWithdrawn, ProfileCreated, ProfileErased, ProfileUpdated


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
                document.setdefault("consents", [])
                document["created_at"] = envelope.time
                document.update(self._details(event, envelope.stream))
            case ProfileUpdated():
                document.update(self._details(event, envelope.stream))
            case ConsentGranted():
                document["consents"] = [*_without(document, event.purpose), event.model_dump()]
            case ConsentWithdrawn():
                document["consents"] = _without(document, event.purpose)
            case ProfileErased():
                leave_tombstone(document, erased_at=event.erased_at, erasure_id=event.erasure_id)

    def derive(self, document: dict[str, Any], event: Event, envelope: Envelope) -> Iterable[tuple[str, dict[str, Any]]]:
        yield profile_events.COLLECTION, profile_events.entry(event, envelope)

    def _details(self, event: ProfileCreated | ProfileUpdated, stream: str) -> dict[str, Any]:
        return opened(self._vault, stream, event.details.model_dump(exclude={"kind"}), self.sealed)


def leave_tombstone(document: dict[str, Any], **said: Any) -> None:
    """Empties a document of all but its id and version."""
    kept: dict[str, Any] = {name: document[name] for name in ("_id", "version", "updated_at", "created_at") if name in document}
    document.clear()
    document.update(kept, **said)


def _without(document: dict[str, Any], purpose: str) -> list[dict[str, Any]]:
    return [consent for consent in document.get("consents", []) if consent["purpose"] != purpose]
