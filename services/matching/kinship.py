"""Which skills count for an asked one: the same, narrower, broader, and near in meaning."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from services.vocabulary.skills.built_in import built_in, built_in_vectors
from services.vocabulary.skills.library import SkillLibrary
from services.vocabulary.skills.meaning import MeaningMissing, Vectors, unit

NEAR = 0.5
"""The cosine from which on two concepts are near, their vectors taken from the middle of all; one concept in three has such a
neighbour. Below it are pairs that merely belong to the same field, e.g. forestry and grassland."""


class Kinship:
    """Relations of the concepts of a library; those near in meaning are known of the built-in ones."""

    def __init__(self, library: SkillLibrary) -> None:
        self._library = library
        self._known: dict[str, Mapping[str, str]] = {}

    @classmethod
    def in_folder(cls, vocabulary: str) -> "Kinship":
        """``vocabulary``: the folder of an imported vocabulary, or empty. Raises ShelfBroken."""
        return cls(SkillLibrary(Path(vocabulary) if vocabulary else None, by_meaning=False))

    def related(self, concept: str) -> Mapping[str, str]:
        """All concepts that count for this one, each with how it is related; itself as ``same``."""
        found = self._known.get(concept)
        if found is None:
            found = self._known[concept] = self._find(concept)
        return found

    def _find(self, concept: str) -> Mapping[str, str]:
        main = self._library.same_as.get(concept, concept)
        same = {main, concept} | {other for other, stands_for in self._library.same_as.items() if stands_for == main}
        found = dict.fromkeys(_near().get(main, ()), "near")
        for each in same:
            if self._library.find(each) is not None:
                found |= dict.fromkeys((up.id for up in self._library.above(each)), "broader")
                found |= dict.fromkeys(self._below(each), "narrower")
        return found | dict.fromkeys(same, "same")

    def _below(self, concept: str) -> set[str]:
        below: set[str] = set()
        level = [concept]
        while level:
            level = [down.id for each in level for down in self._library.narrower(each) if down.id not in below]
            below.update(level)
        return below


@cache
def kinship(vocabulary: str) -> Kinship:
    """One for the whole process: it takes a while to make. Raises ShelfBroken."""
    return Kinship.in_folder(vocabulary)


@cache
def _near() -> Mapping[str, tuple[str, ...]]:
    """The near neighbours of each built-in concept."""
    try:
        vectors: Vectors = built_in_vectors()
    except MeaningMissing:
        return {}
    centred = unit(vectors - vectors.mean(axis=0))
    is_near = centred @ centred.T >= NEAR
    ids = tuple(built_in().concepts)
    rows = ((id, (ids[other] for other in np.flatnonzero(row))) for id, row in zip(ids, is_near, strict=True))
    return {id: tuple(other for other in others if other != id) for id, others in rows}
