"""Pairs of profiles that are probably the same, best first.

What is compared of each profile is kept in memory, and read anew only for those whose version has changed since the last look.
Nothing is compared but profiles that share a key, so a look costs what has changed, not the square of all there is.
"""

import asyncio
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pymongo.asynchronous.collection import AsyncCollection

from services.gateway.duplicates.comparing import PROBABLE, Compare, Likeness, companies_alike, people_alike
from services.gateway.duplicates.marks import Marks, marks_of_company, marks_of_person

MOST_IN_BLOCK = 300
"""A key that more profiles share tells nobody apart and is passed over."""
READ_AT_ONCE = 100

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """How profiles of a kind are compared; ``shown``: what of them is told beside the reasons."""

    collection: str
    marks: Any
    compare: Compare
    fields: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def projection(self) -> dict[str, int]:
        kept = {*self.fields, *self.shown, "duplicate_keys", "not_duplicates", "version"}
        return dict.fromkeys(sorted(kept), 1)


PEOPLE = Compared(
    "people",
    marks_of_person,
    people_alike,
    ("name", "own_script_name", "email", "phone", "address", "place", "occupation"),
    ("name", "place", "occupation"),
)
COMPANIES = Compared(
    "companies",
    marks_of_company,
    companies_alike,
    ("name", "register_entry", "vat_id", "website", "contact_email", "contact_phone", "place"),
    ("name", "place", "sector"),
)


class Pair(NamedTuple):
    """Sorts best first; of equal scores the smaller ids come first."""

    below: float
    first: str
    second: str

    @property
    def score(self) -> float:
        return -self.below


@dataclass(slots=True)
class Profile:
    """What is kept of one profile."""

    version: int
    marks: Marks
    keys: Sequence[str]
    not_duplicates: frozenset[str]
    shown: Mapping[str, Any]
    pairs: set[Pair] = field(default_factory=set)


class Finder:
    """Belongs to one event loop; it looks one at a time."""

    def __init__(self, collection: AsyncCollection[Document], compared: Compared) -> None:
        self._collection = collection
        self._compared = compared
        self._profiles: dict[str, Profile] = {}
        self._blocks: dict[str, set[str]] = defaultdict(set)
        self._ordered: list[Pair] | None = None
        self._looking = asyncio.Lock()

    async def page(self, behind: Pair | None, limit: int) -> tuple[list[Pair], bool]:
        """The next pairs behind this one, and whether there are more."""
        async with self._looking:
            await self._refresh()
            if self._ordered is None:
                self._ordered = sorted({pair for profile in self._profiles.values() for pair in profile.pairs})
            start = bisect_right(self._ordered, behind) if behind else 0
            return self._ordered[start : start + limit], len(self._ordered) > start + limit

    def shown(self, id: str) -> Mapping[str, Any]:
        """What is told of a profile of a pair that was just found."""
        return self._profiles[id].shown

    def told(self, document: Document) -> dict[str, Any]:
        """What is told of a profile that was found."""
        known = {"id": document["_id"], "version": document["version"]}
        return known | {name: document.get(name) for name in self._compared.shown}

    def likeness(self, pair: Pair) -> Likeness:
        """The score of such a pair with its reasons."""
        return self._compared.compare(self._profiles[pair.first].marks, self._profiles[pair.second].marks)

    async def like(self, document: Document) -> list[tuple[Document, Likeness]]:
        """The profiles that are probably the same as this one, best first, each with its likeness."""
        keys = document.get("duplicate_keys", [])
        wanted = {"duplicate_keys": {"$in": keys}} if keys else {"_id": ""}
        found = await self._collection.find(wanted, self._compared.projection).to_list()
        mine = self._compared.marks(document)
        others = [each for each in found if each["_id"] != document["_id"] and not _told_apart(document, each)]
        alike = [(each, self._compared.compare(mine, self._compared.marks(each))) for each in others]
        probable = [each for each in alike if each[1].score >= PROBABLE]
        return sorted(probable, key=lambda each: (-each[1].score, each[0]["_id"]))

    async def _refresh(self) -> None:
        versions = {each["_id"]: each["version"] async for each in self._collection.find({}, {"version": 1})}
        gone = self._profiles.keys() - versions.keys()
        known = {id: profile.version for id, profile in self._profiles.items()}
        changed = [id for id, version in versions.items() if known.get(id) != version]
        documents = await self._read(changed, whole=len(changed) * 2 > len(versions))
        if gone or changed:
            await asyncio.to_thread(self._take, gone, documents)

    async def _read(self, ids: list[str], *, whole: bool) -> list[Document]:
        if whole:
            return await self._collection.find({}, self._compared.projection).to_list()
        found: list[Document] = []
        for start in range(0, len(ids), READ_AT_ONCE):
            chunk = {"_id": {"$in": ids[start : start + READ_AT_ONCE]}}
            found += await self._collection.find(chunk, self._compared.projection).to_list()
        return found

    def _take(self, gone: Iterable[str], documents: Sequence[Document]) -> None:
        self._ordered = None
        for id in [*gone, *(each["_id"] for each in documents)]:
            self._forget(id)
        for document in documents:
            self._remember(document)
        for document in documents:
            self._compare(document["_id"])

    def _forget(self, id: str) -> None:
        profile = self._profiles.pop(id, None)
        if profile is None:
            return
        for key in profile.keys:
            self._blocks[key].discard(id)
            if not self._blocks[key]:
                del self._blocks[key]
        for pair in profile.pairs:
            other = self._profiles.get(pair.second if pair.first == id else pair.first)
            if other is not None:
                other.pairs.discard(pair)

    def _remember(self, document: Document) -> None:
        id, keys = document["_id"], document.get("duplicate_keys", [])
        apart = frozenset(document.get("not_duplicates", ()))
        self._profiles[id] = Profile(document["version"], self._compared.marks(document), keys, apart, self.told(document))
        for key in keys:
            self._blocks[key].add(id)

    def _compare(self, id: str) -> None:
        mine = self._profiles[id]
        blocks = [self._blocks[key] for key in mine.keys]
        others = set().union(*(block for block in blocks if len(block) <= MOST_IN_BLOCK)) - {id} - mine.not_duplicates
        for other_id in others:
            other = self._profiles[other_id]
            if id in other.not_duplicates:
                continue
            score = self._compared.compare(mine.marks, other.marks).score
            if score >= PROBABLE:
                pair = Pair(-score, *sorted((id, other_id)))
                mine.pairs.add(pair)
                other.pairs.add(pair)


def _told_apart(one: Document, other: Document) -> bool:
    """Whether staff have said of either that the other is somebody else's."""
    return other["_id"] in one.get("not_duplicates", ()) or one["_id"] in other.get("not_duplicates", ())
