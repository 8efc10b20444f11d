"""Erasures: who was erased, which stores have confirmed it and since when."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.profiles.contract import (
    STORES,
    ErasureBegun,
    ErasureCompleted,
    ErasureConfirmed,
    ErasureExtended,
    ReceiptSettled,
)


class ErasureView(Projection):
    """{_id, version, owner, kind, state: running|completed, erased_at, completed_at, owners, stores: [{store, confirmed_at}],
    confirmations: [{owner, stores, confirmed_at}], receipt: none|waiting|sent|failed}"""

    collection = "erasures"
    categories = frozenset({"erasure"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        document.setdefault("stores", [{"store": store, "confirmed_at": None} for store in STORES])
        match event:
            case ErasureBegun():
                fields = event.model_dump(include={"owner", "kind", "erased_at"})
                document.update(fields, state="running", completed_at=None, receipt="waiting" if event.notice_email else "none")
                document["owners"] = list(event.owners)
            case ErasureExtended():
                others = [owner for owner in document.get("owners", []) if owner != event.owner]
                document["owners"] = [*others, event.owner]
            case ErasureConfirmed():
                before = document.get("confirmations", [])
                document["confirmations"] = [*before, event.model_dump()]
            case ErasureCompleted():
                document.update(state="completed", completed_at=event.completed_at)
                document["stores"] = [each.model_dump() for each in event.stores]
            case ReceiptSettled():
                document["receipt"] = event.how
