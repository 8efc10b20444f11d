"""What was stated of a profile, field by field and by provenance: no statement overwrites one that comes from elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from services.profiles.contract import PRECEDENCE


class Statement(NamedTuple):
    """What was stated of one field, where it comes from, and what it rests on."""

    field: str
    value: Any
    provenance: str = "staff"
    evidence: str = ""


class Statements:
    """The last statement of each field and provenance. Of several, the one that counts is the first in ``PRECEDENCE``."""

    def __init__(self, made: Iterable[Statement] = ()) -> None:
        self._by_field: dict[str, dict[str, Statement]] = {}
        for statement in made:
            self.add(statement)

    def add(self, statement: Statement) -> None:
        self._by_field.setdefault(statement.field, {})[statement.provenance] = statement

    def made(self, field: str, provenance: str) -> Statement | None:
        """The last statement of this field and provenance."""
        return self._by_field.get(field, {}).get(provenance)

    def counting(self) -> dict[str, Any]:
        """The value that counts of each field."""
        return {field: _first(made).value for field, made in self._by_field.items()}

    def with_further(self, further: Iterable[Statement]) -> "Statements":
        """These and others, which replace those of the same field and provenance."""
        return Statements((*self, *further))

    def __iter__(self) -> Iterator[Statement]:
        for made in self._by_field.values():
            yield from made.values()


def _first(made: Mapping[str, Statement]) -> Statement:
    known = [made[provenance] for provenance in PRECEDENCE if provenance in made]
    return known[0] if known else next(iter(made.values()))
