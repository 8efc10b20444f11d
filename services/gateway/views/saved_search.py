"""Saved searches, as sealed as their events: they are opened at the moment of use."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.profiles.contract import SearchDeleted, SearchHitsFound, SearchHitsSeen, SearchSaved


class SavedSearchView(Projection):
    """{_id, version, keeper: who it belongs to, resource, title, query: sealed, notify, saved_at, known, unseen: [id],
    deleted}; of a deleted one only the last remains."""

    collection = "searches"
    categories = frozenset({"search"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case SearchSaved():
                kept = event.model_dump(include={"resource", "title", "query", "notify", "saved_at", "known"})
                document.update(kept, keeper=keeper_of(event.actor, event.owner), unseen=[], deleted=False)
            case SearchDeleted():
                for name in set(document) - {"_id", "version", "updated_at"}:
                    del document[name]
                document["deleted"] = True
            case SearchHitsFound() if not document.get("deleted"):
                document["known"] = [*document["known"], *(hit for hit in event.hits if hit not in document["known"])]
                document["unseen"] = [*document["unseen"], *(hit for hit in event.hits if hit not in document["unseen"])]
            case SearchHitsSeen() if not document.get("deleted"):
                document["unseen"] = []


def keeper_of(actor: str, stream: str) -> str:
    """Whose a search is: an actor, and the company, person or partner that they speak for."""
    return f"{actor}/{stream}"
