"""A skill as a concept: an id, labels in several languages, broader concepts, occupations."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Self


class Labels(NamedTuple):
    """What a concept is called in one language: the preferred label, and other words for it."""

    preferred: str
    synonyms: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        return (self.preferred, *self.synonyms)


class Concept(NamedTuple):
    """One skill. ``broader``: ids of the next more general concepts; ``isco``: ISCO-08 unit groups that need it."""

    id: str
    labels: Mapping[str, Labels]
    broader: tuple[str, ...] = ()
    isco: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """The preferred label in this language; empty where it has none."""
        found = self.labels.get(language)
        return found.preferred if found else ""

    def as_json(self) -> dict[str, Any]:
        labels = {language: list(each.all()) for language, each in self.labels.items()}
        return {"id": self.id, "labels": labels, "broader": list(self.broader), "isco": list(self.isco)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        labels = {language: Labels(each[0], tuple(each[1:])) for language, each in data["labels"].items()}
        return cls(data["id"], labels, tuple(data["broader"]), tuple(data["isco"]))


class Vocabulary:
    """All concepts by their id, in a fixed order, and which are narrower than which."""

    def __init__(self, name: str, concepts: Iterable[Concept]) -> None:
        self.name = name
        self.concepts = {concept.id: concept for concept in concepts}
        self.languages = sorted({language for concept in self.concepts.values() for language in concept.labels})
        self._narrower: dict[str, list[str]] = {}
        for concept in self.concepts.values():
            for id in concept.broader:
                self._narrower.setdefault(id, []).append(concept.id)

    def __len__(self) -> int:
        return len(self.concepts)

    def narrower(self, id: str) -> tuple[str, ...]:
        """The ids of the concepts directly below this one."""
        return tuple(self._narrower.get(id, ()))

    def above(self, id: str) -> Iterator[str]:
        """The ids of all concepts above this one, the nearest first, each once."""
        seen, level = {id}, [id]
        while level:
            level = [up for each in level for up in self.concepts[each].broader if up in self.concepts]
            level = [up for up in dict.fromkeys(level) if up not in seen]
            seen.update(level)
            yield from level
