"""Messages on Kafka: CloudEvents 1.0 records in binary mode. The value is the JSON data, the headers are the envelope.

Source: CloudEvents 1.0, Kafka protocol binding, "Binary Content Mode". Brücke's extension attributes are
``ce_streamversion``, ``ce_position``, ``ce_correlationid``, ``ce_causationid``, ``ce_actor``, ``ce_replyto`` and
``ce_expectedversion``.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from services.foundation.messages import Actor, Command, Envelope, Message, Recorded, UnknownMessageType, read

Headers = list[tuple[str, bytes]]

_FIXED: Headers = [("ce_specversion", b"1.0"), ("content-type", b"application/json")]


class UnreadableMessage(Exception):
    """A record that is no message of Brücke: a header is missing or wrong, or nobody here knows its type."""


class InvalidMessage(Exception):
    """A record with a good envelope whose data does not fit its type. ``field`` and ``reason`` tell what is wrong."""

    def __init__(self, envelope: Envelope, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.envelope = envelope
        self.field = field
        self.reason = reason


def headers_of(type_name: str, envelope: Envelope) -> Headers:
    """The headers that carry this envelope and message type."""
    headers = [
        *_FIXED,
        ("ce_id", envelope.id.encode()),
        ("ce_type", type_name.encode()),
        ("ce_source", envelope.source.encode()),
        ("ce_subject", envelope.stream.encode()),
        ("ce_time", envelope.time.isoformat().encode()),
        ("ce_correlationid", envelope.correlation_id.encode()),
        ("ce_actor", str(envelope.actor).encode()),
    ]
    for name, text in (("ce_causationid", envelope.causation_id), ("ce_replyto", envelope.reply_to)):
        if text:
            headers.append((name, text.encode()))
    for name, number in (("ce_streamversion", envelope.version), ("ce_position", envelope.position)):
        if number:
            headers.append((name, b"%d" % number))
    if envelope.expected_version is not None:
        headers.append(("ce_expectedversion", b"%d" % envelope.expected_version))
    if envelope.traceparent:
        headers.append(("traceparent", envelope.traceparent.encode()))
    return headers


def envelope_of(headers: Iterable[tuple[str, bytes]], partition: int = 0) -> tuple[str, Envelope]:
    """The message type and the envelope that these headers carry; raises UnreadableMessage."""
    try:
        given = {name: value.decode() for name, value in headers}
        return given["ce_type"], _envelope(given, partition)
    except KeyError as missing:
        raise UnreadableMessage(f"the header {missing} is missing") from None
    except (ValueError, AttributeError) as wrong:
        raise UnreadableMessage(f"a header cannot be read: {wrong}") from None


def _envelope(given: Mapping[str, str], partition: int) -> Envelope:
    expected = given.get("ce_expectedversion")
    return Envelope(
        id=given["ce_id"],
        stream=given["ce_subject"],
        source=given["ce_source"],
        time=datetime.fromisoformat(given["ce_time"]),
        actor=Actor.parse(given["ce_actor"]),
        correlation_id=given.get("ce_correlationid", given["ce_id"]),
        causation_id=given.get("ce_causationid", ""),
        traceparent=given.get("traceparent", ""),
        version=int(given.get("ce_streamversion", 0)),
        position=int(given.get("ce_position", 0)),
        partition=partition,
        reply_to=given.get("ce_replyto", ""),
        expected_version=None if expected is None else int(expected),
    )


def recorded_from(record: Any) -> Recorded:
    """The message in a Kafka record; raises UnreadableMessage or InvalidMessage."""
    type_name, envelope = envelope_of(record.headers, record.partition)
    return Recorded(message_of(type_name, record.value or b"", envelope), envelope)


def message_of(type_name: str, value: bytes, envelope: Envelope) -> Message:
    """The message of this type and JSON value; raises UnreadableMessage or InvalidMessage."""
    try:
        return read(type_name, value)
    except UnknownMessageType as unknown:
        raise UnreadableMessage(str(unknown)) from None
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidMessage(envelope, field, first["msg"]) from None


class InvalidCommand(Command):
    """Stands for a command whose data does not fit its type, so that it is refused in its turn rather than put aside."""

    field: str
    reason: str


def command_from(record: Any) -> Recorded:
    """The command in a Kafka record, or an InvalidCommand in its place; raises UnreadableMessage."""
    try:
        return recorded_from(record)
    except InvalidMessage as wrong:
        return Recorded(InvalidCommand(field=wrong.field, reason=wrong.reason), wrong.envelope)
