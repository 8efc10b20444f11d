"""Examples of every event that was ever published, as JSON data the way it was written: events.json.

The file only grows. ``python -m tests.unit.contracts.examples`` adds what is missing; it never changes what stands there, and
neither should anyone: an example that is no longer read asks for a new version and an upcaster.
"""

import json
from pathlib import Path
from typing import Any

from services.foundation.messages import Event, registered_types
from services.matching import contract as _matching  # noqa: F401 - the contracts register their events
from services.notifications import contract as _notifications  # noqa: F401
from services.profiles import contract as _profiles  # noqa: F401

FILE = Path(__file__).with_name("events.json")


def published() -> dict[str, type[Event]]:
    """The events of the services as they are now, by their type names."""
    known = registered_types().items()
    return {name: each for name, each in known if issubclass(each, Event) and each.__module__.startswith("services.")}


def recorded() -> dict[str, list[Any]]:
    """The examples by type name; of types that are lifted by now, too."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def missing(event: type[Event]) -> list[Any]:
    """The examples of this event, with all its present fields, that are not recorded yet."""
    schema = event.model_json_schema()
    known = recorded().get(event.TYPE, [])
    return [each for each in _examples(schema, schema.get("$defs", {}), event.__name__) if each not in known]


def record() -> None:
    """Adds what is missing."""
    grown = recorded()
    for name, event in published().items():
        grown[name] = grown.get(name, []) + missing(event)
    FILE.write_text(json.dumps(dict(sorted(grown.items())), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _examples(schema: dict[str, Any], defs: dict[str, Any], name: str) -> list[Any]:
    """Data that fits the schema, with every field filled; where there are alternatives, one for each."""
    if "$ref" in schema:
        return _examples(defs[schema["$ref"].rpartition("/")[2]], defs, name)
    if "oneOf" in schema:
        return [each for option in schema["oneOf"] for each in _examples(option, defs, name)]
    if "anyOf" in schema:  # a field that may be null
        return _examples(schema["anyOf"][0], defs, name)
    if "properties" in schema:
        fields = {field: _examples(each, defs, field) for field, each in schema["properties"].items()}
        count = max((len(options) for options in fields.values()), default=1)
        return [{field: options[index % len(options)] for field, options in fields.items()} for index in range(count)]
    if schema["type"] == "array":
        return [[each] for each in _examples(schema["items"], defs, name)]
    return [schema["const"] if "const" in schema else _plain(schema, name)]


def _plain(schema: dict[str, Any], name: str) -> Any:
    match schema:
        case {"type": "string", "format": "date-time"}:
            return "2026-03-02T09:30:00Z"
        case {"type": "string", "format": "date"}:
            return "2026-03-02"
        case {"type": "string"}:
            return f"a {name.replace('_', ' ')}"
        case {"type": "object"}:
            return {"key": "value"}
        case _:
            return {"integer": 3, "number": 0.5, "boolean": True}[schema["type"]]


if __name__ == "__main__":
    record()
