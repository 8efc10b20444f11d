"""What people type becomes concepts: written the same, else nearly the same, else meaning the same.

The confidence is how often a candidate like this was right on the development list (see confidence.py), so it compares over the
three ways. A text that is spelt well enough is not asked for its meaning.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from services.vocabulary.skills import confidence
from services.vocabulary.skills.concept import Concept
from services.vocabulary.skills.meaning import MeaningIndex, MeaningMissing
from services.vocabulary.skills.spelling import LabelIndex

How = Literal["exact", "spelling", "meaning"]

MOST = 3
"""Candidates a text."""


class Candidate(NamedTuple):
    """A concept that a text may mean, how likely from 0 to 1, and how it was found."""

    concept: Concept
    confidence: float
    how: How


class Resolver:
    """Resolves texts to these concepts; ``meaning`` knows the first of them, or all. Threads may share it."""

    def __init__(self, concepts: Sequence[Concept], meaning: MeaningIndex | None = None) -> None:
        self._concepts = concepts
        self._index = LabelIndex(_labels(concepts))
        self._meaning = meaning

    @property
    def meaning_fault(self) -> str:
        """Why texts are not compared by meaning; empty where they are."""
        return "switched off" if self._meaning is None else self._meaning.fault

    def resolve(self, texts: Sequence[str]) -> list[list[Candidate]]:
        """For each text up to three candidates, best first; none where nothing is likely enough."""
        found = {text: self._by_spelling(text) for text in dict.fromkeys(texts)}
        doubtful = [text for text, candidates in found.items() if _is_doubtful(text, candidates)]
        for text, candidates in zip(doubtful, self._by_meaning(doubtful), strict=False):
            found[text] = _best([*found[text], *candidates])
        return [found[text][:MOST] for text in texts]

    def _by_spelling(self, text: str) -> list[Candidate]:
        sure = confidence.of_same(self._index.is_plainly_same(text))
        same = [Candidate(self._concepts[at], sure, "exact") for at in self._index.same(text)]
        alike = (
            Candidate(self._concepts[each.position], confidence.of_likeness(each.likeness, each.share), "spelling")
            for each in self._index.alike(text)
        )
        return _weighed(_best([*same, *alike]))

    def _by_meaning(self, texts: Sequence[str]) -> list[list[Candidate]]:
        if self._meaning is None or not texts:
            return []
        try:
            nearest = self._meaning.nearest(texts, MOST)
        except MeaningMissing:
            return []
        return [
            [Candidate(self._concepts[at], confidence.of_cosine(cosine, each[0][1]), "meaning") for at, cosine in each]
            for each in nearest
        ]


def _labels(concepts: Iterable[Concept]) -> Iterator[tuple[int, str, bool]]:
    for position, concept in enumerate(concepts):
        for labels in concept.labels.values():
            for label in labels.all():
                yield position, label, label == labels.preferred


def _weighed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One text means one concept: those that are as good as each other share, those behind a better one are seldom right."""
    best = max((each.confidence for each in candidates), default=0.0)
    ties = sum(each.confidence == best for each in candidates)
    return [
        each._replace(
            confidence=confidence.shared(best, ties) if each.confidence == best else confidence.behind(each.confidence, best)
        )
        for each in candidates
    ]


def _is_doubtful(text: str, candidates: Sequence[Candidate]) -> bool:
    likeliest = candidates[0].confidence if candidates else 0.0
    return likeliest < confidence.ENOUGH and any(letter.isalpha() for letter in text)


def _best(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The likeliest, each concept once; what is too unlikely is left out."""
    kept: dict[str, Candidate] = {}
    for each in candidates:
        known = kept.get(each.concept.id)
        kept[each.concept.id] = _joined(known, each) if known else each
    ranked = sorted(kept.values(), key=lambda each: -each.confidence)[:MOST]
    if not ranked or ranked[0].confidence < confidence.LEAST:
        return []
    return [each for each in ranked if each.confidence >= confidence.LEAST_BESIDE]


def _joined(one: Candidate, other: Candidate) -> Candidate:
    """The same concept, found twice: the way that speaks most for it counts, and the other way for it too."""
    likelier = max(one, other, key=lambda each: each.confidence)
    if {one.how, other.how} == {"spelling", "meaning"}:
        return likelier._replace(confidence=confidence.of_both(one.confidence, other.confidence))
    return likelier
