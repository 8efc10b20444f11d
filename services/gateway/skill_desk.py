"""The skills that this gateway knows. They are read when somebody first asks, and again after an import."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog

from services.vocabulary.skills.library import SkillLibrary
from services.vocabulary.skills.resolver import Candidate
from services.vocabulary.skills.shelf import ShelfBroken, stamp

log = structlog.get_logger("gateway.skills")


class SkillDesk:
    """Reads, resolves and waits on threads only: the event loop goes on meanwhile."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = asyncio.Lock()
        self._resolving = asyncio.Lock()
        self._read: tuple[tuple[int, int] | None, SkillLibrary] | None = None

    def at_hand(self) -> SkillLibrary | None:
        """For searching threads: what was read last, read now where nobody has asked yet. None where it cannot be read, which
        whoever asks for skills is told."""
        if self._read is None:
            try:
                self._read = stamp(self._folder) if self._folder else None, SkillLibrary(self._folder)
            except ShelfBroken as broken:
                log.error("vocabulary.unreadable", reason=str(broken))
                return None
        return self._read[1]

    async def library(self) -> SkillLibrary:
        """What counts now. Raises ShelfBroken."""
        async with self._lock:
            seen = await asyncio.to_thread(stamp, self._folder) if self._folder else None
            if self._read is None or self._read[0] != seen:
                self._read = seen, await asyncio.to_thread(SkillLibrary, self._folder)
            return self._read[1]

    async def resolve(self, texts: Sequence[str]) -> tuple[SkillLibrary, list[list[Candidate]]]:
        """Candidates for each text, and the library that they are from. One request at a time: the model takes all cores."""
        library = await self.library()
        async with self._resolving:
            return library, await asyncio.to_thread(lambda: library.resolver.resolve(texts))
