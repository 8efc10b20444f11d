"""Columns of numbers, a row a person, that grow as one; and lists of the rows in which something stands."""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]


class Columns:
    """A family of columns by key, e.g. one a language. A key that nobody has yet has no column: ``get`` gives its default."""

    def __init__(self, dtype: Any, default: int = 0) -> None:
        self._dtype = dtype
        self._default = default
        self._columns: dict[Hashable, Numbers] = {}
        self._capacity = 0

    def grow(self, capacity: int) -> None:
        self._capacity = capacity
        for key, column in self._columns.items():
            longer = np.full(capacity, self._default, self._dtype)
            longer[: len(column)] = column
            self._columns[key] = longer

    def put(self, key: Hashable, row: int, value: int) -> None:
        column = self._columns.get(key)
        if column is None:
            column = self._columns[key] = np.full(self._capacity, self._default, self._dtype)
        column[row] = value

    def clear(self, row: int) -> None:
        for column in self._columns.values():
            column[row] = self._default

    def get(self, key: Hashable, count: int) -> Numbers | None:
        """The first ``count`` rows of a column; None where all of them would hold the default."""
        column = self._columns.get(key)
        return None if column is None else column[:count]

    def __iter__(self) -> Iterator[Any]:
        """The keys."""
        return iter(self._columns)


class Postings:
    """The rows in which each word stands."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._rows: list[set[int]] = []
        self._arrays: dict[int, Numbers] = {}
        self._words_of: dict[int, tuple[int, ...]] = {}

    def put(self, row: int, words: Iterable[Hashable]) -> None:
        """The words of the row, in place of those it had."""
        numbers = tuple(map(self._number, words))
        self.clear(row)
        self._words_of[row] = numbers
        for number in numbers:
            self._rows[number].add(row)
            self._arrays.pop(number, None)

    def clear(self, row: int) -> None:
        for number in self._words_of.pop(row, ()):
            self._rows[number].discard(row)
            self._arrays.pop(number, None)

    def rows(self, word: Hashable) -> Numbers:
        number = self._numbers.get(word)
        if number is None:
            return NO_ROWS
        found = self._arrays.get(number)
        if found is None:
            rows = self._rows[number]
            found = self._arrays[number] = np.fromiter(rows, np.int32, len(rows))
        return found

    def _number(self, word: Hashable) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._rows)
            self._rows.append(set())
        return number


class Codes:
    """Texts as numbers, in the order in which they were first seen."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._codes: dict[str, int] = {}

    def of(self, text: str) -> int:
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return code


NO_ROWS: Numbers = np.empty(0, np.int32)
