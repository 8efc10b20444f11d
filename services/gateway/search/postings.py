"""An inverted index: which documents hold which term. Documents are numbered, and sets of them are the bits of whole numbers.

A term is a text such as ``sector=construction``. What few documents hold is kept as a set of their numbers, the rest as bits.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

FEW = 256
"""Up to so many numbers are a set: bits for all documents would take more room."""

_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of one document. ``keys`` are values to sort and to compare by, None where there is none."""

    id: str
    version: int
    terms: tuple[str, ...]
    keys: Mapping[str, Any] = field(default_factory=dict)


class Postings:
    """Entries by their number, and their numbers by term. Not safe for several threads at once."""

    def __init__(self) -> None:
        self.entries: list[Entry | None] = []
        self.numbers: dict[str, int] = {}
        self._free: list[int] = []
        self._few: dict[str, set[int]] = {}
        self._many: dict[str, bytearray] = {}
        self._all = bytearray()
        self._made: dict[str, int] = {}
        self._vocabulary: list[str] = []
        self._new_terms: set[str] = set()

    def put(self, entry: Entry) -> None:
        """Takes an entry, in the place of one with the same id."""
        number = self.numbers.get(entry.id)
        before: tuple[str, ...] = ()
        if number is None:
            number = self._number()
            self.numbers[entry.id] = number
        else:
            before = self._at(number).terms
        self.entries[number] = entry
        kept = set(before).intersection(entry.terms)
        for term in before:
            if term not in kept:
                self._drop(term, number)
        for term in entry.terms:
            if term not in kept:
                self._add(term, number)

    def remove(self, id: str) -> None:
        number = self.numbers.pop(id, None)
        if number is None:
            return
        for term in self._at(number).terms:
            self._drop(term, number)
        self.entries[number] = None
        _clear_bit(self._all, number)
        self._made.clear()
        self._free.append(number)

    def all(self) -> int:
        return int.from_bytes(self._all, "little")

    def holding(self, term: str) -> int:
        """The documents that hold this term."""
        if term in self._few:
            return bits_of(self._few[term])
        if term not in self._many:
            return 0
        if term not in self._made:
            self._made[term] = int.from_bytes(self._many[term], "little")
        return self._made[term]

    def holding_any(self, terms: Iterable[str]) -> int:
        found, few = 0, set[int]()
        for term in terms:
            if term in self._few:
                few |= self._few[term]
            else:
                found |= self.holding(term)
        return found | bits_of(few)

    def beginning_with(self, prefix: str) -> list[str]:
        """The terms with this beginning, in order."""
        vocabulary = self._ordered()
        found: list[str] = []
        for position in range(bisect_left(vocabulary, prefix), len(vocabulary)):
            if not vocabulary[position].startswith(prefix):
                break
            if vocabulary[position] in self._few or vocabulary[position] in self._many:
                found.append(vocabulary[position])
        return found

    def entry(self, id: str) -> Entry | None:
        number = self.numbers.get(id)
        return None if number is None else self.entries[number]

    def of(self, bits: int) -> Iterator[Entry]:
        """The entries with these numbers."""
        return (self._at(number) for number in numbers_in(bits))

    def _at(self, number: int) -> Entry:
        entry = self.entries[number]
        if entry is None:
            raise LookupError(f"there is no entry {number}")
        return entry

    def _number(self) -> int:
        if self._free:
            number = self._free.pop()
        else:
            number = len(self.entries)
            self.entries.append(None)
        _set_bit(self._all, number)
        return number

    def _add(self, term: str, number: int) -> None:
        self._made.pop(term, None)
        if term in self._many:
            _set_bit(self._many[term], number)
            return
        few = self._few.get(term)
        if few is None:
            self._few[term] = {number}
            self._new_terms.add(term)
            return
        few.add(number)
        if len(few) > FEW:
            self._many[term] = _bytes_of(few)
            del self._few[term]

    def _drop(self, term: str, number: int) -> None:
        self._made.pop(term, None)
        if term in self._many:
            _clear_bit(self._many[term], number)
            return
        few = self._few[term]
        few.discard(number)
        if not few:
            del self._few[term]

    def _ordered(self) -> list[str]:
        """Terms that nobody holds any more stay until new ones come."""
        if self._new_terms:
            self._vocabulary = sorted({*self._few, *self._many})
            self._new_terms.clear()
        return self._vocabulary


def numbers_in(bits: int) -> Iterator[int]:
    """The numbers that these bits stand for, in order."""
    for index, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        if byte:
            for bit in _BITS[byte]:
                yield index * 8 + bit


def bits_of(numbers: Iterable[int]) -> int:
    """The bits that stand for these numbers."""
    return int.from_bytes(_bytes_of(numbers), "little")


def _bytes_of(numbers: Iterable[int]) -> bytearray:
    made = bytearray()
    for number in sorted(numbers, reverse=True):
        _set_bit(made, number)
    return made


def _set_bit(made: bytearray, number: int) -> None:
    if number // 8 >= len(made):
        made.extend(bytes(number // 8 + 1 - len(made)))
    made[number // 8] |= 1 << number % 8


def _clear_bit(made: bytearray, number: int) -> None:
    if number // 8 < len(made):
        made[number // 8] &= ~(1 << number % 8)
