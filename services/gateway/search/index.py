"""The search index of this process: made of the views when it starts, and brought up to date before every search.

The database that Brücke brings along cannot answer such questions over 100,000 documents within seconds, and an index in memory
answers in milliseconds on every database; see docs/decisions/0018.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from pymongo.database import Database

from services.foundation.database import Document
from services.gateway.search.changes import News, ViewChanges
from services.gateway.search.entries import ENTRIES, UNREAD, is_findable
from services.gateway.search.finding import Found, Place, Scope, find, find_all, matching_in
from services.gateway.search.postings import Postings, bits_of
from services.gateway.search.queries import Query

AT_ONCE = 25
"""Documents read in one query: SecantusDB takes quadratic time over long ``$in`` lists."""

log = structlog.get_logger("gateway.search")


@dataclass(slots=True)
class Changed:
    """The ids of what changed, by collection. ``everything``: the index was made anew."""

    ids: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in ENTRIES})
    searches: set[str] = field(default_factory=set)
    everything: bool = False

    def __bool__(self) -> bool:
        return self.everything or bool(self.searches) or any(self.ids.values())


class SearchIndex:
    """Postings of every searchable collection. Safe to use from several threads; each call may wait for the database."""

    def __init__(self, database: Database[Document], changes: ViewChanges) -> None:
        self._database = database
        self._changes = changes
        self._lock = threading.Lock()
        self._made: dict[str, Postings] = {}
        self._unheeded = Changed()

    def page(self, query: Query, scope: Scope, limit: int, after: Place | None = None) -> Found:
        """A page of what fits now."""
        with self._lock:
            return find(self._up_to_date(query.resource), query, scope, limit, after)

    def ids(self, query: Query, scope: Scope) -> list[str]:
        """The ids of all that fits now, in order."""
        with self._lock:
            return find_all(self._up_to_date(query.resource), query, scope)

    def fitting(self, query: Query, scope: Scope, among: Iterable[str] | None = None) -> set[str]:
        """The ids that fit now, all or of these."""
        with self._lock:
            postings = self._up_to_date(query.resource)
            bits = matching_in(postings, query, scope)
            if among is not None:
                bits &= bits_of(postings.numbers[id] for id in among if id in postings.numbers)
            return {entry.id for entry in postings.of(bits)}

    def changed(self) -> Changed:
        """What has changed since this was asked last."""
        with self._lock:
            self._bring_up_to_date()
            unheeded, self._unheeded = self._unheeded, Changed()
            return unheeded

    def _up_to_date(self, resource: str) -> Postings:
        self._bring_up_to_date()
        return self._made[resource]

    def _bring_up_to_date(self) -> None:
        try:
            news = self._changes.news()
            if news.everything or not self._made:
                self._make()
            elif news.streams:
                self._take(news)
        except BaseException:
            self._made = {}  # what was read of the news is unknown, so all is read again
            raise

    def _make(self) -> None:
        self._made = {}
        made = {name: Postings() for name in ENTRIES}
        for name, postings in made.items():
            unread = dict.fromkeys(UNREAD[name], 0)
            for document in self._database[name].find({}, unread or None, batch_size=2_000):
                _put(name, postings, document)
        self._made = made
        self._unheeded.everything = True
        log.info("search.index_made", **{name: len(postings.numbers) for name, postings in made.items()})

    def _take(self, news: News) -> None:
        people = [stream for stream in news.streams if stream.startswith("person-")]
        companies = [stream for stream in news.streams if stream.startswith("company-")]
        self._read("people", "_id", people)
        self._read("companies", "_id", companies)
        self._read("needs", "company_id", companies)
        self._unheeded.searches |= {stream for stream in news.streams if stream.startswith("search-")}

    def _read(self, collection: str, field: str, wanted: Sequence[str]) -> None:
        postings, unread = self._made[collection], dict.fromkeys(UNREAD[collection], 0)
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            missing = set(some) if field == "_id" else set[str]()
            for document in self._database[collection].find({field: {"$in": some}}, unread or None):
                missing.discard(document["_id"])
                self._unheeded.ids[collection].add(document["_id"])
                _put(collection, postings, document)
            for id in missing:
                postings.remove(id)


def _put(collection: str, postings: Postings, document: Mapping[str, Any]) -> None:
    if is_findable(document):
        postings.put(ENTRIES[collection](document))
    else:
        postings.remove(str(document["_id"]))
