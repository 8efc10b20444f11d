"""Messages keep what they say, on the wire and over the years."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.cloudevents import (
    InvalidCommand,
    InvalidMessage,
    UnreadableMessage,
    command_from,
    envelope_of,
    headers_of,
    recorded_from,
)
from services.foundation.messages import Actor, Envelope, Event, UnknownMessageType, read, upcaster
from tests.lamps import LampPutUp, PutUp, envelope

words = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=40)


class LampMoved(Event, type="lamps.LampMoved.v3"):
    to: str


@upcaster("lamps.LampMoved.v1", "lamps.LampMoved.v2")
def _place_became_room(data: dict[str, str]) -> dict[str, str]:
    return {"room": data["place"]}


@upcaster("lamps.LampMoved.v2", "lamps.LampMoved.v3")
def _room_became_to(data: dict[str, str]) -> dict[str, str]:
    return {"to": data["room"]}


def record(headers: list[tuple[str, bytes]], value: bytes) -> SimpleNamespace:
    return SimpleNamespace(headers=headers, value=value, partition=3)


@given(
    id=words,
    stream=words,
    actor=st.builds(Actor, id=words, role=st.sampled_from(["coordinator", "person"])),
    time=st.datetimes(timezones=st.just(UTC)),
    version=st.integers(0, 10**9),
    position=st.integers(0, 10**9),
    expected=st.none() | st.integers(0, 10**9),
    more=words,
)
def test_an_envelope_survives_the_way_over_kafka(
    id: str, stream: str, actor: Actor, time: datetime, version: int, position: int, expected: int | None, more: str
) -> None:
    sent = Envelope(
        id=id,
        stream=stream,
        source="lamps",
        time=time,
        actor=actor,
        correlation_id=more,
        causation_id=more,
        traceparent=more,
        version=version,
        position=position,
        partition=3,
        reply_to=more,
        expected_version=expected,
    )
    assert envelope_of(headers_of("lamps.LampPutUp.v1", sent), partition=3) == ("lamps.LampPutUp.v1", sent)


@given(words)
def test_words_in_any_script_survive_unchanged(text: str) -> None:
    moved = LampMoved(to=text)
    assert read(LampMoved.TYPE, moved.to_json()) == moved


def test_an_old_event_is_lifted_step_by_step() -> None:
    assert read("lamps.LampMoved.v1", b'{"place": "hall"}') == LampMoved(to="hall")


def test_an_unknown_field_of_an_event_is_ignored() -> None:
    assert read(LampPutUp.TYPE, b'{"watts": 9, "later": true}') == LampPutUp(watts=9)


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(UnknownMessageType, match=r"lamps\.Gone\.v1"):
        read("lamps.Gone.v1", b"{}")


def test_two_messages_cannot_share_a_type() -> None:
    with pytest.raises(TypeError, match=r"lamps\.LampPutUp\.v1"):
        type("Twin", (Event,), {}, type="lamps.LampPutUp.v1")


@pytest.mark.parametrize("missing", ["ce_id", "ce_type", "ce_subject", "ce_time", "ce_actor", "ce_source"])
def test_a_record_without_a_header_is_unreadable(missing: str) -> None:
    headers = [each for each in headers_of(PutUp.TYPE, envelope("lamp-1")) if each[0] != missing]
    with pytest.raises(UnreadableMessage, match=missing):
        recorded_from(record(headers, b'{"watts": 9}'))


@pytest.mark.parametrize("value", [b"", b"{", b"[]", b'{"watts": "many"}', b'{"watts": 9, "volts": 1}', b"\xff\xfe"])
def test_data_that_does_not_fit_is_invalid_and_a_command_is_answered_for_it(value: bytes) -> None:
    wrong = record(headers_of(PutUp.TYPE, envelope("lamp-1")), value)
    with pytest.raises(InvalidMessage):
        recorded_from(wrong)
    assert isinstance(command_from(wrong).message, InvalidCommand)
