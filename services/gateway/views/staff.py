"""The staff directory, with names and addresses as sealed as in the events."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.notifications.contract import StaffEnrolled, StaffRemoved


class StaffView(Projection):
    """{_id, version, staff_id, name: sealed, email: sealed, role, language, time_zone}; of one who has left nothing."""

    collection = "staff"
    categories = frozenset({"staff"})

    def apply(self, document: dict[str, Any], event: Event, envelope: Envelope) -> None:
        match event:
            case StaffEnrolled():
                document.update(event.model_dump())
            case StaffRemoved():
                for name in set(document) - {"_id", "version", "updated_at"}:
                    del document[name]
