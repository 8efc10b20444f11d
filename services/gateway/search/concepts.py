"""What a skill concept includes and how it is called. The one place where search looks into the skills vocabulary."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol


class Library(Protocol):
    """A skills vocabulary: concepts by id, and those directly below one."""

    def find(self, id: str) -> Any:
        """The concept with this id, or None."""

    def narrower(self, id: str) -> Iterable[Any]:
        """The concepts directly below this one."""


_library: Callable[[], Library | None] = lambda: None  # noqa: E731


def use(library: Callable[[], Library | None]) -> None:
    """From now on looks up concepts in what this gives. Without it a concept includes only itself and has no labels."""
    global _library
    _library = library


def with_narrower(concept: str) -> frozenset[str]:
    """This concept and all that are narrower, at any depth."""
    library, found, waiting = _library(), {concept}, [concept]
    while library is not None and waiting:
        each = waiting.pop()
        if library.find(each) is not None:
            below = {narrower.id for narrower in library.narrower(each)} - found
            found |= below
            waiting += below
    return frozenset(found)


def labels(concept: str) -> tuple[str, ...]:
    """What the concept is called, in all languages there are."""
    library = _library()
    known = library.find(concept) if library is not None else None
    return () if known is None else tuple(label for each in known.labels.values() for label in each.all())
