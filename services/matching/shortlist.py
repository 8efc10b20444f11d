"""The best few of many, kept exactly while single ones change, without looking at all the others again."""

from bisect import insort
from collections.abc import Iterable

Key = tuple[float, str]
"""What comes first is the smaller: the negative score, then the id."""


class Shortlist:
    """Holds the first ones of all, at most ``depth``; whoever it does not hold comes behind its bound.

    More are held than are shown, so that losing one costs no new search. ``is_short`` says when one is due.
    """

    __slots__ = ("_bound", "_depth", "_keys", "_shown")

    def __init__(self, keys: Iterable[Key], shown: int, depth: int, *, complete: bool) -> None:
        """``keys`` in order: the first of all; ``complete``: they are all there are."""
        self._keys = list(keys)
        self._shown, self._depth = shown, depth
        self._bound: Key | None = None if complete or not self._keys else self._keys[-1]

    @property
    def is_short(self) -> bool:
        """Others, which are not held, belong to those that are shown."""
        return self._bound is not None and len(self._keys) < self._shown

    def shown(self) -> list[str]:
        return [id for _, id in self._keys[: self._shown]]

    def would_hold(self, key: Key) -> bool:
        return self._bound is None or key <= self._bound

    def put(self, id: str, key: Key | None) -> bool:
        """Sets one's key, None where it is out. Whether it is, or was, among those that are shown."""
        was_shown = self._drop(id)
        if key is not None and self.would_hold(key):
            insort(self._keys, key)
            if len(self._keys) > self._depth:
                self._keys.pop()
                self._bound = self._keys[-1]
            return was_shown or key in self._keys[: self._shown]
        return was_shown

    def _drop(self, id: str) -> bool:
        for at, (_, known) in enumerate(self._keys):
            if known == id:
                del self._keys[at]
                return at < self._shown
        return False
