"""The document itself: channels, operations, messages and schemas in the form of AsyncAPI 3.0.

Sources: AsyncAPI 3.0.0; its Kafka bindings 0.5.0; CloudEvents 1.0, Kafka protocol binding. Descriptions are the docstrings.
"""

import inspect
import json
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from deploy.asyncapi.traffic import SERVICES, STATES, Operation, messages_of, operations, streams_of
from services.foundation import outcomes
from services.foundation.broker import commands_topic, events_topic, outcomes_topic, topic
from services.foundation.cloudevents import headers_of
from services.foundation.event_store import Commit, StoredEvent
from services.foundation.messages import Actor, Command, Envelope, Event, Message
from services.foundation.outcomes import Outcome

Json = dict[str, Any]

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
BINDING = "0.5.0"
OUTCOMES = "outcomes"

BARE = Envelope(
    id="0d1f7c52-6f0e-4c86-9d8b-7a2f0a5c1e11",
    stream="person-5f0a1c9e-3b7d-4a52-8c1e-2d9b6f4e7a10",
    source="gateway",
    time=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    actor=Actor(id="staff-1", role="coordinator"),
    correlation_id="0d1f7c52-6f0e-4c86-9d8b-7a2f0a5c1e11",
)
"""An envelope with nothing in it that may be left out: its headers are the required ones."""

FULL = replace(
    BARE,
    causation_id="8a4e2b7c-1d3f-4e5a-9b6c-0f1e2d3c4b5a.0",
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    reply_to="gateway-7c9e6679-7425-40de-944b-e07fc1f90ae7",
    expected_version=3,
)
"""A command's envelope with everything in it: its headers are all that there are."""


class Draft07(GenerateJsonSchema):
    """JSON Schema as AsyncAPI 3.0 takes it: there ``discriminator`` is a name, not OpenAPI's object. ``oneOf`` says enough."""

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        described = super().tagged_union_schema(schema)
        described.pop("discriminator", None)
        return described


def render() -> str:
    """The document as it stands in the file: sorted, so that the same code always gives the same text."""
    return json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def document() -> Json:
    """The whole document, as JSON data."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    title, _, description = project["description"].partition(", ")
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": project["version"], "description": description},
        "defaultContentType": dict(headers_of("", BARE))["content-type"].decode(),
        "channels": _channels(),
        "operations": {f"{each.service}.{each.action}.{each.topic}": _operation(each) for each in operations()},
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


# --- channels and operations ----------------------------------------------------------------------------------------


def _channels() -> Json:
    channels: Json = {}
    for service in SERVICES:
        commands, events = messages_of(service, Command), messages_of(service, Event)
        channels[commands_topic(service)] = _channel(
            commands_topic(service), _meaning(Command), [each.TYPE for each in commands]
        )
        channels[events_topic(service)] = _channel(events_topic(service), _meaning(Event), [each.TYPE for each in events])
        channels[outcomes_topic(service)] = _channel(outcomes_topic(service), _meaning(outcomes), [OUTCOMES])
    for name, states in STATES.items():
        channels[name] = _channel(name, " ".join(map(_meaning, states)), [each.TYPE for each in states])
    return channels


def _channel(name: str, description: str, messages: Iterable[str]) -> Json:
    configuration = {key: [text] if key == "cleanup.policy" else int(text) for key, text in topic(name).config}
    return {
        "address": name,
        "description": description,
        "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in messages},
        "bindings": {"kafka": {"topicConfiguration": configuration, "bindingVersion": BINDING}},
    }


def _operation(operation: Operation) -> Json:
    channel = f"#/channels/{operation.topic}"
    described: Json = {"action": operation.action, "channel": {"$ref": channel}, "tags": [{"name": operation.service}]}
    if operation.messages:
        described["messages"] = [{"$ref": f"{channel}/messages/{each}"} for each in operation.messages]
    if operation.action == "receive" and operation.topic == commands_topic(operation.service):
        described["reply"] = {"channel": {"$ref": f"#/channels/{outcomes_topic(operation.service)}"}}
    return described


# --- messages -------------------------------------------------------------------------------------------------------


def _messages() -> Json:
    messages: Json = {OUTCOMES: _outcomes()}
    for service in SERVICES:
        for command in messages_of(service, Command):
            kinds = "|".join(streams_of(command))
            messages[command.TYPE] = _message(command, "CommandHeaders", {"type": "string", "pattern": f"^({kinds})-"})
        for event in messages_of(service, Event):
            messages[event.TYPE] = _message(event, "EventHeaders", {"type": "string"})
    for state in chain.from_iterable(STATES.values()):
        messages[state.TYPE] = _message(state, "StateHeaders", {"type": "string"})
    return messages


def _message(message: type[Message], headers: str, key: Json) -> Json:
    """``ce_type`` tells the messages of a topic apart; the key is the stream, which is also the subject."""
    described: Json = {
        "name": message.TYPE,
        "title": message.__name__,
        "headers": {
            "type": "object",
            "allOf": [{"$ref": f"#/components/schemas/{headers}"}],
            "properties": {"ce_type": {"const": message.TYPE}},
        },
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "payload": {"$ref": f"#/components/schemas/{message.__name__}"},
        "bindings": _key({**key, "description": "The stream: the same as ce_subject."}),
    }
    return described | ({"description": _meaning(message)} if message.__doc__ else {})


def _outcomes() -> Json:
    return {
        "name": OUTCOMES,
        "title": "Outcomes",
        "description": _meaning(Outcome),
        "payload": {"type": "array", "items": {"$ref": "#/components/schemas/Outcome"}},
        "bindings": _key({"type": "string", "description": "The receiver: ce_replyto of the commands."}),
    }


def _key(schema: Json) -> Json:
    return {"kafka": {"key": schema, "bindingVersion": BINDING}}


# --- schemas --------------------------------------------------------------------------------------------------------


def _schemas() -> Json:
    models: list[type[BaseModel]] = [Outcome, *chain.from_iterable(STATES.values())]
    for service in SERVICES:
        models += [*messages_of(service, Command), *messages_of(service, Event)]
    _, schemas = models_json_schema(
        [(each, "validation") for each in models],
        ref_template="#/components/schemas/{model}",
        schema_generator=Draft07,
    )
    commit, full_commit = _event_envelope(BARE), _event_envelope(FULL)
    state = replace(BARE, version=commit.version)
    return {
        **schemas["$defs"],
        "CommandHeaders": _headers(BARE, FULL),
        "EventHeaders": _headers(commit, full_commit),
        "StateHeaders": _headers(state, state),
    }


def _event_envelope(command: Envelope) -> Envelope:
    """The envelope of an event that this command led to, made the way the store makes it."""
    commit = Commit(
        command_id=command.id,
        stream=command.stream,
        version=4,
        partition=0,
        position=17,
        events=(StoredEvent("", ""),),
        time=command.time,
        actor=command.actor,
        correlation_id=command.correlation_id,
        traceparent=command.traceparent,
    )
    return next(commit.envelopes("profiles"))


def _headers(bare: Envelope, full: Envelope) -> Json:
    """Every header is text (UTF-8). Those that ``bare`` has are always there."""
    examples = {name: value.decode() for name, value in headers_of(Event.TYPE, full)}
    required = [name for name, _ in headers_of(Event.TYPE, bare)]
    properties: Json = {name: {"type": "string", "examples": [text]} for name, text in examples.items()}
    properties["ce_type"] = {"type": "string"}
    return {"type": "object", "description": _meaning(Envelope), "properties": properties, "required": required}


def _meaning(what: Any) -> str:
    return inspect.cleandoc(what.__doc__ or "")
