"""What was stated of a profile, field by field and by provenance: no statement overwrites one that comes from elsewhere.

A merge lends a profile the statements of another. They lie on top of its own until they are given back; what the profile
states itself after that is its own for good.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from services.profiles.contract import PRECEDENCE


class Statement(NamedTuple):
    """What was stated of one field, where it comes from, and what it rests on."""

    field: str
    value: Any
    provenance: str = "staff"
    evidence: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """One statement of each field and provenance is the last."""
        return self.field, self.provenance


class Statements:
    """The last statement of each field and provenance. Of several, the one that counts is the first in ``PRECEDENCE``."""

    def __init__(self, made: Iterable[Statement] = ()) -> None:
        self._own: dict[tuple[str, str], Statement] = {}
        self._lent: dict[tuple[str, str], list[tuple[str, Statement]]] = {}
        for statement in made:
            self.add(statement)

    def add(self, statement: Statement) -> None:
        self._own[statement.key] = statement
        self._lent.pop(statement.key, None)

    def lend(self, lender: str, statement: Statement) -> None:
        """Lays a statement of another profile on top."""
        self._lent.setdefault(statement.key, []).append((lender, statement))

    def lent_by(self, lender: str) -> list[tuple[str, str]]:
        """Field and provenance of what is lent by this profile and was not stated since."""
        return [key for key, lent in self._lent.items() if any(each == lender for each, _ in lent)]

    def give_back(self, lender: str) -> None:
        """Takes away all that this profile has lent; what lies below shows again."""
        for key in self.lent_by(lender):
            kept = [each for each in self._lent[key] if each[0] != lender]
            if kept:
                self._lent[key] = kept
            else:
                del self._lent[key]

    def is_lent(self, field: str, provenance: str = "") -> bool:
        """Whether what this source, or any, has stated of the field belongs to another profile."""
        return any(name == field and provenance in ("", source) for name, source in self._lent)

    def made(self, field: str, provenance: str) -> Statement | None:
        """The last statement of this field and provenance."""
        return self._last().get((field, provenance))

    def counting(self) -> dict[str, Any]:
        """The value that counts of each field."""
        by_field: dict[str, dict[str, Statement]] = {}
        for statement in self:
            by_field.setdefault(statement.field, {})[statement.provenance] = statement
        return {field: _first(made).value for field, made in by_field.items()}

    def with_further(self, further: Iterable[Statement]) -> "Statements":
        """These and others, which replace those of the same field and provenance."""
        return Statements((*self, *further))

    def without(self, lender: str) -> "Statements":
        """These without what this profile has lent."""
        left = Statements()
        left._own = dict(self._own)
        left._lent = {key: list(lent) for key, lent in self._lent.items()}
        left.give_back(lender)
        return left

    def __iter__(self) -> Iterator[Statement]:
        yield from self._last().values()

    def _last(self) -> dict[tuple[str, str], Statement]:
        return self._own | {key: lent[-1][1] for key, lent in self._lent.items()} if self._lent else self._own


def _first(made: Mapping[str, Statement]) -> Statement:
    known = [made[provenance] for provenance in PRECEDENCE if provenance in made]
    return known[0] if known else next(iter(made.values()))
