"""A contact as it stood at any moment, folded from the entries of its timeline: by the same rules as its view."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from services.foundation.messages import Actor, Envelope, Event, UnknownMessageType, read
from services.gateway.views.contact import ContactView

Document = dict[str, Any]

_VIEW = ContactView()


def told_by(entries: Iterable[Document], as_of: datetime) -> list[Document]:
    """The entries of one contact, in order, up to the first that was later than this moment.

    What was asked for with an older time than what had been decided before belongs behind it: a moment ends a timeline once.
    """
    told: list[Document] = []
    for entry in entries:
        if utc(entry["time"]) > as_of:
            break
        told.append(entry)
    return told


def folded(contact: str, entries: Iterable[Document]) -> Document:
    """The document that these entries lead to; one of a type that nobody knows any more only counts."""
    document: Document = {"_id": contact}
    for entry in entries:
        document["version"], document["updated_at"] = entry["version"], entry["time"]
        event = _event(entry)
        if event is not None:
            _VIEW.apply(document, event, _envelope(contact, entry))
    return document


def utc(moment: datetime) -> datetime:
    """The database gives times without a zone; they are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _event(entry: Document) -> Event | None:
    try:
        message = read(entry["type"], orjson.dumps(entry["data"], option=orjson.OPT_NAIVE_UTC))
    except UnknownMessageType:
        return None
    return message if isinstance(message, Event) else None


def _envelope(contact: str, entry: Document) -> Envelope:
    actor = Actor.parse(entry["actor"])
    return Envelope(entry["event_id"], contact, "timeline", utc(entry["time"]), actor, "", version=entry["version"])
