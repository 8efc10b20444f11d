"""Threads, their messages and what was reported, as sealed as their events: they are opened for each reader.

Of a message that was withdrawn or hidden there is who wrote it and when, and not what.
"""

from collections.abc import Iterable
from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import MessageHidden, MessagePosted, MessageReported, MessageWithdrawn, ThreadRead

Fields = dict[str, Any]

ABOUT = {"message_id", "author", "role", "language", "reply_to"}
WITHOUT_TEXT: Fields = {"body": None, "attachments": []}


class ThreadView(Projection):
    """{_id, version, subject, topic: sealed, last_at, messages: [{message_id, number, author, role, at, language, reply_to,
    state: posted|withdrawn|hidden, reason, attachment_ids, reports: [{by, reason, at}]}], read: [{reader, number}]};
    messages: {_id: thread/number, thread, subject, …, body, attachments: [{attachment_id, name, media_type, size}]};
    reported_messages: {_id: message, thread, subject, author, state, reports, reported_at}.

    ``number`` is the version of the thread at which a message was posted."""

    collection = "threads"
    derives = ("messages", "reported_messages")
    categories = frozenset({"thread"})

    def apply(self, document: Fields, event: Event, envelope: Envelope) -> None:
        match event:
            case MessagePosted():
                document.update(subject=event.subject, topic=event.topic, last_at=envelope.time)
                document["messages"] = [*document.get("messages", ()), _entry(event, envelope)]
            case MessageWithdrawn():
                _change(document, event.message_id, state="withdrawn")
            case MessageHidden():
                _change(document, event.message_id, state="hidden", reason=event.reason)
            case MessageReported():
                report = {"by": event.by, "reason": event.reason, "at": envelope.time}
                others = [each for each in _found(document, event.message_id)["reports"] if each["by"] != event.by]
                _change(document, event.message_id, reports=[*others, report])
            case ThreadRead():
                mark = {"reader": event.reader, "number": _found(document, event.message_id)["number"]}
                document["read"] = [*(each for each in document.get("read", ()) if each["reader"] != event.reader), mark]

    def derive(self, document: Fields, event: Event, envelope: Envelope) -> Iterable[tuple[str, Fields]]:
        match event:
            case MessagePosted():
                text = event.model_dump(include={"body", "attachments"})
                yield "messages", _message(document, event.message_id) | {**text, "attachments": list(text["attachments"])}
            case MessageWithdrawn() | MessageHidden():
                yield "messages", _message(document, event.message_id) | WITHOUT_TEXT
                if _found(document, event.message_id)["reports"]:
                    yield "reported_messages", _reported(document, event.message_id)
            case MessageReported():
                yield "reported_messages", _reported(document, event.message_id)


def message_key(thread: str, number: int) -> str:
    """Sorts by the order of the messages, so that a thread is a range of ids."""
    return f"{thread}/{number:08d}"


def _entry(event: MessagePosted, envelope: Envelope) -> Fields:
    kept = {"number": envelope.version, "at": envelope.time, "state": "posted", "reason": None, "reports": []}
    return event.model_dump(include=ABOUT) | kept | {"attachment_ids": [each.attachment_id for each in event.attachments]}


def _found(document: Fields, message_id: str) -> Fields:
    found: Fields = next(each for each in document["messages"] if each["message_id"] == message_id)
    return found


def _change(document: Fields, message_id: str, **changes: Any) -> None:
    document["messages"] = [{**each, **changes} if each["message_id"] == message_id else each for each in document["messages"]]


def _message(document: Fields, message_id: str) -> Fields:
    entry = {name: value for name, value in _found(document, message_id).items() if name != "reports"}
    place = {"thread": document["_id"], "subject": document["subject"]}
    return {"_id": message_key(document["_id"], entry["number"]), **place, **entry}


def _reported(document: Fields, message_id: str) -> Fields:
    entry = _found(document, message_id)
    kept = {name: entry[name] for name in ("number", "author", "role", "state", "reports")}
    place = {"thread": document["_id"], "subject": document["subject"], "reported_at": entry["reports"][0]["at"]}
    return {"_id": message_id, **place, **kept}
