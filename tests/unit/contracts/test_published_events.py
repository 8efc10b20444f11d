"""An event that was once written can always be read, and says what it said."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError, create_model

from services.foundation.messages import Event, UnknownMessageType, read, upcaster
from tests.unit.contracts.examples import missing, published, recorded

LIMITS = {
    *("enum", "pattern", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}

AS_ONCE_WRITTEN = {"room": "hall", "bulbs": [{"watts": 9}]}

EXAMPLES = [(name, data) for name, examples in recorded().items() for data in examples]


class Bulb(BaseModel):
    """A part of the events that are changed below."""

    watts: int


def flaw(type_name: str, data: Any) -> str:
    """Why this data is no longer read as what it was written; nothing where it is."""
    try:
        event = read(type_name, json.dumps(data))
    except (UnknownMessageType, ValidationError) as reason:
        return _advice(type_name, str(reason))
    if type_name != event.TYPE:
        return ""  # lifted: the fields may have other names now
    changed = ", ".join(lost(data, json.loads(event.to_json())))
    return changed and _advice(type_name, f"these fields are gone or changed: {changed}")


def lost(written: Any, found: Any, at: str = "") -> Iterator[str]:
    """The fields that are not read with the value, and the kind of value, that was written. Further fields are no loss."""
    if isinstance(written, dict) and isinstance(found, dict):
        for name, value in written.items():
            yield from lost(value, found.get(name), f"{at}.{name}" if at else name)
    elif isinstance(written, list) and isinstance(found, list) and len(written) == len(found):
        for value, present in zip(written, found, strict=True):
            yield from lost(value, present, at)
    elif type(written) is not type(found) or written != found:
        yield at


def _advice(type_name: str, reason: str) -> str:
    return f"what was once published as {type_name} can no longer be read: make a new version and an upcaster. {reason}"


def limits(schema: Any) -> set[str]:
    """The limits anywhere in this schema."""
    if isinstance(schema, list):
        return {each for part in schema for each in limits(part)}
    if not isinstance(schema, dict):
        return set()
    closed = {"additionalProperties"} if schema.get("additionalProperties") is False else set()
    inner = {each for name, part in schema.items() for each in limits(list(part.values()) if name == "properties" else part)}
    return closed | (LIMITS & schema.keys()) | inner


@pytest.mark.parametrize(("type_name", "data"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_what_was_once_published_is_still_read(type_name: str, data: Any) -> None:
    assert flaw(type_name, data) == ""


def test_every_event_is_recorded_with_all_its_fields() -> None:
    new = [name for name, event in published().items() if missing(event)]
    assert not new, "new events or fields: record them with python -m tests.unit.contracts.examples"


@pytest.mark.parametrize("type_name", sorted(published()))
def test_no_field_of_an_event_carries_a_limit(type_name: str) -> None:
    assert limits(published()[type_name].model_json_schema()) == set()


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ("Removed", {"bulbs": (list[Bulb], ...)}),
        ("Renamed", {"place": (str, "hall"), "bulbs": (list[Bulb], ...)}),
        ("Required", {"room": (str, ...), "bulbs": (list[Bulb], ...), "colour": (str, ...)}),
        ("Retyped", {"room": (int, ...), "bulbs": (list[Bulb], ...)}),
        ("Coerced", {"room": (str, ...), "bulbs": (list[dict[str, float]], ...)}),
    ],
)
def test_a_change_that_loses_what_was_written_is_found(change: str, fields: dict[str, Any]) -> None:
    create_model(change, __base__=Event, __cls_kwargs__={"type": f"lamps.{change}.v1"}, **fields)
    assert "make a new version and an upcaster" in flaw(f"lamps.{change}.v1", AS_ONCE_WRITTEN)


def test_an_event_that_was_dropped_is_found() -> None:
    assert "lamps.Dropped.v1" in flaw("lamps.Dropped.v1", AS_ONCE_WRITTEN)


def test_a_field_with_a_default_and_an_upcaster_are_the_ways_to_change() -> None:
    fields: dict[str, Any] = {"room": (str, ...), "bulbs": (list[Bulb], ...), "colour": (str, "white")}
    create_model("Grown", __base__=Event, __cls_kwargs__={"type": "lamps.Grown.v2"}, **fields)
    upcaster("lamps.Grown.v1", "lamps.Grown.v2")(lambda data: {"room": data["place"], "bulbs": data["bulbs"]})
    assert not flaw("lamps.Grown.v2", AS_ONCE_WRITTEN)
    assert not flaw("lamps.Grown.v1", {"place": "hall", "bulbs": []})


def test_a_limit_is_found() -> None:
    assert limits({"properties": {"pattern": {"type": "string"}, "a": {"type": "array", "items": {"enum": ["x"]}}}}) == {"enum"}
