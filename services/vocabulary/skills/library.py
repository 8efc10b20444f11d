"""All skills that this installation knows: the built-in ones, and beside them the imported ones.

An imported concept with the same preferred label, in German or English, as a built-in one is the same skill. Texts resolve to
the built-in one, which profiles may hold already; it takes over the labels, so that an import teaches it further languages.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np

from services.vocabulary.skills import shelf
from services.vocabulary.skills.built_in import LANGUAGES, built_in, built_in_vectors
from services.vocabulary.skills.concept import Concept, Labels, Vocabulary
from services.vocabulary.skills.meaning import Embedder, MeaningIndex
from services.vocabulary.skills.resolver import Resolver
from services.vocabulary.skills.writing import bare

EMBEDDER = Embedder()
"""One a process: the model is loaded once, and not before it is asked."""


class SkillLibrary:
    """Concepts by id, and the resolver over them. ``folder``: where an imported vocabulary is kept. Raises ShelfBroken."""

    def __init__(self, folder: Path | None = None, *, by_meaning: bool = True) -> None:
        kept = shelf.read(folder) if folder else None
        self._by_meaning = by_meaning
        self._imported = kept.vocabulary if kept else Vocabulary("imported", ())
        self._imported_vectors = kept.vectors if kept else None
        self.same_as = _same(self._imported)
        self._built_in = Vocabulary("built-in", _taught(self.same_as, self._imported))
        own = [each for each in self._imported.concepts.values() if each.id not in self.same_as]
        self.concepts: dict[str, Concept] = {each.id: each for each in (*self._built_in.concepts.values(), *own)}
        """Those that texts resolve to, in their order."""

    def find(self, id: str) -> Concept | None:
        """The concept with this id, also one that another stands for."""
        return self.concepts.get(id) or self._imported.concepts.get(id)

    def above(self, id: str) -> Iterator[Concept]:
        """All concepts above this one, the nearest first."""
        vocabulary = self._home(id)
        return (vocabulary.concepts[each] for each in vocabulary.above(id))

    def narrower(self, id: str) -> list[Concept]:
        """The concepts directly below this one."""
        vocabulary = self._home(id)
        return [vocabulary.concepts[each] for each in vocabulary.narrower(id)]

    def search(self, letters: str, after: str, limit: int) -> list[Concept]:
        """Concepts with a label that contains these letters, in the order of their ids, from behind this id on."""
        wanted = bare(letters)
        found = (id for id, labels in self._written if id > after and wanted in labels)
        return [self.concepts[id] for id in islice(found, limit)]

    @cached_property
    def _written(self) -> list[tuple[str, str]]:
        """Ids in order, each with all its labels in one text."""
        lines = ((each.id, "\n".join(map(bare, _all_labels(each)))) for each in self.concepts.values())
        return sorted(lines)

    @property
    def notes(self) -> list[str]:
        """What does not work here, and why; nothing where everything does."""
        said = [f"meaning: not available ({self.resolver.meaning_fault})"] if self.resolver.meaning_fault else []
        if not said and len(self._imported) and self._imported_vectors is None:
            said.append("meaning: not available for imported concepts (they were imported without it; import them again)")
        return said

    @cached_property
    def resolver(self) -> Resolver:
        """Made when it is first asked for: its tables take a second for 14,000 concepts."""
        return Resolver(tuple(self.concepts.values()), self._meaning() if self._by_meaning else None)

    def _meaning(self) -> MeaningIndex:
        vectors = ours = built_in_vectors()
        if self._imported_vectors is not None:
            own = [at for at, id in enumerate(self._imported.concepts) if id not in self.same_as]
            vectors = np.concatenate([ours, self._imported_vectors[own]])
        return MeaningIndex(EMBEDDER, vectors, ours.mean(axis=0))

    def _home(self, id: str) -> Vocabulary:
        return self._built_in if id in self._built_in.concepts else self._imported


def _all_labels(concept: Concept) -> Iterator[str]:
    return (label for labels in concept.labels.values() for label in labels.all())


def _same(imported: Vocabulary) -> dict[str, str]:
    """The built-in id of each imported concept with the same preferred label in a language that both have."""
    known = {
        (language, bare(concept.label(language))): concept.id
        for concept in built_in().concepts.values()
        for language in LANGUAGES
    }
    found: dict[str, str] = {}
    for concept in imported.concepts.values():
        for language in LANGUAGES:
            label = bare(concept.label(language))
            if label and (language, label) in known:
                found.setdefault(concept.id, known[language, label])
    return found


def _taught(same_as: dict[str, str], imported: Vocabulary) -> Iterator[Concept]:
    """The built-in concepts with the labels and occupations of those that are the same."""
    teachers: dict[str, list[Concept]] = {}
    for id, ours in same_as.items():
        teachers.setdefault(ours, []).append(imported.concepts[id])
    for concept in built_in().concepts.values():
        yield _with(concept, teachers.get(concept.id, ()))


def _with(concept: Concept, others: Iterable[Concept]) -> Concept:
    for other in others:
        labels = dict(concept.labels)
        for language, theirs in other.labels.items():
            ours = labels.get(language)
            more = (*ours.all(), *theirs.all()) if ours else theirs.all()
            labels[language] = Labels(more[0], tuple(dict.fromkeys(label for label in more[1:] if label != more[0])))
        concept = concept._replace(labels=labels, isco=tuple(sorted({*concept.isco, *other.isco})))
    return concept
