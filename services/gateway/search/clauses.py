"""What a search asks for, part by part: each clause says which documents of an index fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from services.gateway.search.entries import NAME, WORD
from services.gateway.search.postings import Postings, bits_of
from services.vocabulary.places import distance_km


class Clause(Protocol):
    """One condition."""

    def bits(self, postings: Postings, among: int) -> int:
        """The documents that fit. Those that are not ``among`` these need not be looked at."""


@dataclass(frozen=True, slots=True)
class Holds:
    """One of these terms."""

    terms: tuple[str, ...]

    def bits(self, postings: Postings, among: int) -> int:
        return among & postings.holding_any(self.terms)


@dataclass(frozen=True, slots=True)
class Begins:
    """A term that begins like this."""

    prefix: str

    def bits(self, postings: Postings, among: int) -> int:
        return among & postings.holding_any(postings.beginning_with(self.prefix))


@dataclass(frozen=True, slots=True)
class Says:
    """A word that begins like this; of what identifies people too, if ``names``."""

    word: str
    names: bool

    def bits(self, postings: Postings, among: int) -> int:
        spaces = (WORD, NAME) if self.names else (WORD,)
        return among & postings.holding_any(term for space in spaces for term in postings.beginning_with(space + self.word))

    def whole(self, postings: Postings) -> int:
        """The documents with just this word."""
        return postings.holding_any(space + self.word for space in ((WORD, NAME) if self.names else (WORD,)))


@dataclass(frozen=True, slots=True)
class Between:
    """A value to compare by that is known, from ``low`` on and below ``high``; None is no bound."""

    key: str
    low: Any = None
    high: Any = None

    def bits(self, postings: Postings, among: int) -> int:
        return bits_of(postings.numbers[entry.id] for entry in postings.of(among) if self._fits(entry.keys.get(self.key)))

    def _fits(self, value: Any) -> bool:
        if value is None:
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value < self.high)


@dataclass(frozen=True, slots=True)
class AvailableBy:
    """Available on this day (ISO 8601). Who named no day is."""

    day: str

    def bits(self, postings: Postings, among: int) -> int:
        return bits_of(postings.numbers[entry.id] for entry in postings.of(among) if entry.keys["available"] <= self.day)


@dataclass(frozen=True, slots=True)
class Reaches:
    """This place lies within the distance that the person is ready to travel."""

    place: str

    def bits(self, postings: Postings, among: int) -> int:
        return bits_of(postings.numbers[entry.id] for entry in postings.of(among) if self._reached(entry.keys))

    def _reached(self, keys: Any) -> bool:
        distance = distance_km(keys["place"], self.place)
        return distance is not None and distance <= keys["mobility"]


@dataclass(frozen=True, slots=True)
class All:
    """All of these."""

    parts: tuple[Clause, ...]

    def bits(self, postings: Postings, among: int) -> int:
        for part in self.parts:
            among = part.bits(postings, among)
        return among


@dataclass(frozen=True, slots=True)
class OneOf:
    """At least one of these."""

    parts: tuple[Clause, ...]

    def bits(self, postings: Postings, among: int) -> int:
        found = 0
        for part in self.parts:
            found |= part.bits(postings, among)
        return found


def said(clause: Clause | None) -> Iterator[Says]:
    """The words that a clause asks for."""
    match clause:
        case Says():
            yield clause
        case All(parts=parts):
            for part in parts:
                yield from said(part)
