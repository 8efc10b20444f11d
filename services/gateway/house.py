"""What the gateway's HTTP half works with. Made once, in bootstrap.py."""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from pymongo.asynchronous.collection import AsyncCollection

from services.foundation.privacy import KeyVault
from services.foundation.settings import Settings
from services.foundation.status import ProcessStatus
from services.gateway.attachments import AttachmentStore
from services.gateway.commander import Commander
from services.gateway.duplicates.finder import Finder
from services.gateway.idempotency import Idempotency
from services.gateway.imports.berths import Berths
from services.gateway.imports.opaque import opaque
from services.gateway.search.cursors import Cursors
from services.gateway.search.index import SearchIndex
from services.gateway.security import Verifier
from services.gateway.skill_desk import SkillDesk
from services.gateway.view_watch import ViewWatch
from services.gateway.words import mapped, opened_words

Document = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gateway:
    """The parts of a running gateway. ``views``: the collections that are read, ``finders``: of duplicates in them, by name."""

    settings: Settings
    status: ProcessStatus
    verifier: Verifier
    vault: KeyVault
    commander: Commander
    idempotency: Idempotency
    watch: ViewWatch
    skills: SkillDesk
    index: SearchIndex
    searching: Executor
    cursors: Cursors
    views: dict[str, AsyncCollection[Document]]
    finders: dict[str, Finder]
    attachments: AttachmentStore
    imports: Berths = field(default_factory=Berths)

    async def search(self, ask: Callable[..., T], *arguments: Any) -> T:
        """What the index answers to this; raises TimeoutError while it is still being made. It has threads of its own: one
        that waits for the index keeps nobody else waiting."""
        answer = asyncio.get_running_loop().run_in_executor(self.searching, ask, *arguments)
        return await asyncio.wait_for(answer, self.settings.answer_deadline_seconds)

    async def seal(self, owner: str, fields: dict[str, str], *, new: bool = False) -> dict[str, str]:
        """These personal data, sealed for their owner, whose key is made first where it is new. Raises KeyMissing."""
        return await asyncio.to_thread(self._seal, owner, fields, new)

    async def seal_words(self, owner: str, content: Any, words: Collection[str]) -> Any:
        """This content with the texts of these fields sealed for their owner, wherever they stand in it. Raises KeyMissing."""
        return await asyncio.to_thread(mapped, content, words, partial(self.vault.seal_words, owner))

    async def open_words(self, owner: str, content: Any) -> Any:
        """This content with everything in it that is sealed for the owner in the clear; null where the key was destroyed."""
        return await asyncio.to_thread(opened_words, self.vault, owner, content)

    def _seal(self, owner: str, fields: dict[str, str], new: bool) -> dict[str, str]:
        if new:
            self.vault.create(owner)
        return {name: self.vault.seal(owner, name, text) for name, text in fields.items()}

    def opaque(self, external_id: str) -> str:
        """What stands for an external id in ids that are derived from it: an address is not to be guessed from them."""
        return opaque(self.vault, external_id)
