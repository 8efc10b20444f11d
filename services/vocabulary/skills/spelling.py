"""Finding a label by how a text is written: the same, nearly the same, or a label within a longer text.

A table of trigrams leaves a few dozen of 150,000 labels to compare, so that a text takes under a millisecond.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from services.vocabulary.skills.writing import bare, plain

COMPARED = 40
"""Labels that are compared letter by letter, of those that share most trigrams with the text."""
LEAST_ALIKE = 0.72
"""Below this likeness two words are different words, not one that is badly spelt."""
SHORTEST_WITHIN = 4
"""A shorter label within a longer text is chance: "it" in "fixing it"."""
LONGEST_WITHIN = 5
"""Words of a label that is looked for within a longer text."""


class Likeness(NamedTuple):
    """A concept by its position, and how much of the text its best label is: 1 where they are written the same."""

    position: int
    likeness: float
    share: float = 1.0
    """Which share of the text the label covers; 1 unless it was found within the text."""


class LabelIndex:
    """All labels of a vocabulary. ``labels``: the position of a concept, a label of it, whether that is preferred."""

    def __init__(self, labels: Iterable[tuple[int, str, bool]]) -> None:
        self._preferred: dict[str, list[int]] = {}
        self._plain: dict[str, list[int]] = {}
        self._bare: dict[str, list[int]] = {}
        self._keys: list[str] = []
        owners: list[int] = []
        for position, label, is_preferred in labels:
            written, key = plain(label), bare(label)
            _add(self._plain, written, position)
            if is_preferred:
                _add(self._preferred, written, position)
            if key and position not in self._bare.get(key, ()):
                _add(self._bare, key, position)
                self._keys.append(key)
                owners.append(position)
        self._owners = np.array(owners, dtype=np.int32)
        self._sizes = np.array([len(_grams(key)) for key in self._keys], dtype=np.float32)
        self._postings = _postings(self._keys)

    def same(self, text: str) -> list[int]:
        """The concepts that prefer this label, case and punctuation aside; else that have it; else accents aside too."""
        written = plain(text)
        return self._preferred.get(written) or self._plain.get(written) or self._bare.get(bare(text), [])

    def is_plainly_same(self, text: str) -> bool:
        """Whether case and punctuation are all that had to be set aside."""
        return plain(text) in self._plain

    def alike(self, text: str) -> list[Likeness]:
        """The concepts with a label that is written nearly like the text, or that stands in it; the best first."""
        key = bare(text)
        best: dict[int, Likeness] = {}
        for each in (*self._near(key), *self._within(key)):
            known = best.get(each.position)
            if known is None or each.likeness * each.share > known.likeness * known.share:
                best[each.position] = each
        return sorted(best.values(), key=lambda each: (-each.likeness * each.share, each.position))

    def _near(self, key: str) -> Iterator[Likeness]:
        for index in self._candidates(key):
            likeness = _likeness(key, self._keys[index])
            if likeness >= LEAST_ALIKE:
                yield Likeness(int(self._owners[index]), likeness)

    def _candidates(self, key: str) -> NDArray[np.intp]:
        grams = _grams(key)
        shared = np.zeros(len(self._keys), dtype=np.float32)
        for gram in grams:
            posting = self._postings.get(gram)
            if posting is not None:
                shared[posting] += 1
        (some,) = np.nonzero(shared * 4 >= len(grams))
        if len(some) <= COMPARED:
            return some
        dice = shared[some] / (len(grams) + self._sizes[some])
        return some[np.argpartition(-dice, COMPARED)[:COMPARED]]

    def _within(self, key: str) -> Iterator[Likeness]:
        words = key.split()
        for size in range(1, min(LONGEST_WITHIN, len(words) - 1) + 1):
            for start in range(len(words) - size + 1):
                part = " ".join(words[start : start + size])
                if len(part) >= SHORTEST_WITHIN:
                    for position in self._bare.get(part, ()):
                        yield Likeness(position, 1.0, len(part) / len(key))


def _add(table: dict[str, list[int]], key: str, position: int) -> None:
    owners = table.setdefault(key, [])
    if position not in owners:
        owners.append(position)


def _likeness(one: str, other: str) -> float:
    """From 0 to 1. The order of words counts for little, a word of its own for much: "Lkw" is not "Pkw" badly spelt."""
    straight = fuzz.ratio(one, other) / 100
    words, others = one.split(), other.split()
    if len(words) == len(others) > 1:
        pairs = zip(sorted(words), sorted(others), strict=True)
        turned = 0.97 * fuzz.token_sort_ratio(one, other) / 100
        unlike = min(fuzz.ratio(*pair) for pair in (pairs if turned > straight else zip(words, others, strict=True))) / 100
        return min(max(straight, turned), 0.4 + 0.6 * unlike)
    return straight


def _grams(key: str) -> set[str]:
    padded = f" {key} "
    return {padded[start : start + 3] for start in range(max(1, len(padded) - 2))}


def _postings(keys: Iterable[str]) -> dict[str, NDArray[np.int32]]:
    lists: dict[str, array[int]] = {}
    for index, key in enumerate(keys):
        for gram in _grams(key):
            lists.setdefault(gram, array("i")).append(index)
    return {gram: np.frombuffer(each, dtype=np.int32) for gram, each in lists.items()}
