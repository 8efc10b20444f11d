"""The history of a profile: what happened, when, and by which role. Of what was stated only the fields, no sealed text."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.gateway.views.contact import timeline_id
from services.profiles.contract import MergeUndone, ProfileCreated, ProfileErased, ProfilesMerged, ProfileUpdated

COLLECTION = "profile_events"
SEALED = "sealed."


def entry(event: Event, envelope: Envelope) -> dict[str, Any]:
    """{_id: stream/version, subject, type, time, by: the role, data}"""
    return {
        "_id": timeline_id(envelope.stream, envelope.version),
        "subject": envelope.stream,
        "type": event.TYPE,
        "time": envelope.time,
        "by": envelope.actor.role,
        "data": _data(event),
    }


def _data(event: Event) -> dict[str, Any]:
    match event:
        case ProfilesMerged():
            fields = {field for group in event.taken for field in group.fields}
            return {"absorbed_id": event.absorbed_id, "fields": sorted(fields), "provenance": event.provenance}
        case MergeUndone():
            fields = {each.field for each in event.statements}
            return {"absorbed_id": event.absorbed_id, "fields": sorted(fields), "provenance": event.provenance}
        case ProfileCreated() | ProfileUpdated():
            stated = event.stated or [name for name, value in event.details if name != "kind" and value not in ("", (), None)]
            return {"fields": sorted(stated), "provenance": event.provenance}
        case ProfileErased():
            return {"erasure_id": event.erasure_id}
        case _:
            said = event.model_dump(mode="json")
            return {name: value for name, value in said.items() if not (isinstance(value, str) and value.startswith(SEALED))}
