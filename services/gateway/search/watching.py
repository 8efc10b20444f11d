"""Watching: finds new hits of saved searches when views change, and reports them as commands.

Every gateway looks, so that none has to be elected and a restart misses nothing; a hit that two of them report is found once.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import structlog
from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document
from services.foundation.faults import passes
from services.foundation.messages import SYSTEM, Actor, Command, Envelope, now
from services.foundation.privacy import KeyVault, SealBroken
from services.gateway.disclosing import audience_of
from services.gateway.permissions import THIN, require, scope
from services.gateway.problems import Problem
from services.gateway.search.finding import Scope
from services.gateway.search.index import Changed, SearchIndex, Stopped
from services.gateway.search.queries import Query, read_query
from services.gateway.security import Caller
from services.profiles.contract import MOST_HITS, ReportHits

LOOK_SECONDS = 1.0
SERVICE = "gateway"

log = structlog.get_logger("gateway.search")


@dataclass(slots=True)
class Watched:
    """A saved search, opened. ``fresh``: it has not been looked at as a whole by this process."""

    id: str
    query: Query
    scope: Scope
    known: frozenset[str]
    unseen: int
    owned: bool
    fresh: bool = True


def caller_of(keeper: str) -> Caller:
    """Whom a search belongs to, as a caller."""
    actor, _, stream = keeper.partition("/")
    parsed = Actor.parse(actor)
    return Caller(parsed.id, parsed.role, stream)  # type: ignore[arg-type]


def opened_query(vault: KeyVault, document: Mapping[str, Any]) -> str | None:
    """The parameters of a saved search, or None where its key was destroyed."""
    try:
        return vault.open(document["_id"], "query", document["query"])
    except SealBroken:
        log.error("seal.broken", stream=document["_id"], field="query")
        return None


def read_saved(caller: Caller, resource: str, query: str, audience: Scope) -> tuple[Query, Scope]:
    """A saved search as its owner may use it now, of what they may see at all. Raises Problem where they may not."""
    action = f"{resource}.read"
    names = require(caller, action) is not THIN
    return read_query(resource, parse_qsl(query, keep_blank_values=True), names), {**scope(caller, action), **audience}


class Watchman:
    """Looks every second, on a thread, at what has changed."""

    def __init__(self, database: Database[Document], index: SearchIndex, vault: KeyVault, sender: CommandSender) -> None:
        self._searches = database["searches"]
        self._partners = database["partners"]
        self._index = index
        self._vault = vault
        self._sender = sender
        self._watched: dict[str, Watched] = {}
        self._told: dict[str, date] = {}
        self._waiting = Changed()

    async def run(self) -> None:
        """Looks until it is cancelled. What goes wrong is tried again with the next look."""
        while True:
            try:
                await asyncio.to_thread(self.look)
            except Stopped:
                return
            except Exception as fault:
                self._told.clear()
                if passes(fault):
                    log.warning("search.look_failed", kind=type(fault).__name__)
                else:
                    log.exception("search.look_broken")
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> int:
        """Reports what is new; gives the number of commands sent."""
        self._waiting.add(self._index.changed())
        changed = self._waiting
        self._read_searches(changed)
        commands = [command for watched in self._watched.values() for command in self._reports(watched, changed)]
        self._sender.send_all(commands)
        for watched in self._watched.values():
            watched.fresh = False
        self._waiting = Changed()
        return len(commands)

    def _read_searches(self, changed: Changed) -> None:
        """Reads those that changed; at first, and when the views were made anew, all."""
        if changed.everything:
            wanted: dict[str, Any] = {}
            kept: dict[str, Watched] = {}
        elif changed.searches:
            wanted = {"_id": {"$in": sorted(changed.searches)}}
            kept = {id: each for id, each in self._watched.items() if id not in changed.searches}
        else:
            return
        opened = [each for each in map(self._opened, self._searches.find(wanted)) if each is not None]
        for each in opened:
            each.fresh = each.id not in self._watched or self._watched[each.id].fresh
        self._watched = kept | {each.id: each for each in opened}

    def _audience(self, caller: Caller, resource: str) -> Scope:
        if resource != "people":
            return {}
        partner = self._partners.find_one({"_id": caller.stream}, {"regions": 1}) if caller.role == "partner" else None
        return audience_of(caller, (partner or {}).get("regions", ()))

    def _opened(self, document: Document) -> Watched | None:
        if document.get("deleted") or not document.get("notify"):
            return None
        asked = opened_query(self._vault, document)
        caller = caller_of(document["keeper"])
        try:
            query, visible = read_saved(caller, document["resource"], asked or "", self._audience(caller, document["resource"]))
        except Problem:
            return None  # its owner may not ask this any longer
        if asked is None:
            return None
        known, unseen = frozenset(document["known"]), len(document["unseen"])
        return Watched(document["_id"], query, visible, known, unseen, bool(caller.stream))

    def _reports(self, watched: Watched, changed: Changed) -> Iterator[tuple[Envelope, Command]]:
        whole = watched.fresh or changed.everything
        among = None if whole else changed.ids[watched.query.resource]
        new: set[str] = set()
        if among is None or among:
            new = self._index.fitting(watched.query, watched.scope, among) - watched.known
        hits = sorted(new)
        for start in range(0, len(hits), MOST_HITS):
            yield _report(watched.id, hits[start : start + MOST_HITS])
        if not new and self._may_be_due(watched):
            yield _report(watched.id, [], day=now().date())

    def _may_be_due(self, watched: Watched) -> bool:
        """Once a day, whether the owner is to be told of what came after the last message."""
        today = now().date()
        if not (watched.owned and watched.unseen) or self._told.get(watched.id) == today:
            return False
        self._told[watched.id] = today
        return True


def _report(search: str, hits: Iterable[str], day: date | None = None) -> tuple[Envelope, Command]:
    command = ReportHits(hits=tuple(hits))
    id = derived_id(search, command.TYPE, *command.hits, str(day or ""))
    return Envelope(id=id, stream=search, source=SERVICE, time=now(), actor=SYSTEM, correlation_id=id), command
