"""FeedService: what concerns a partner, in order, from a resume token on, and then as it happens.

A partition of the store is written in order and without gaps, and FeedView writes its entries in that order, so reading on from
the last (position, index) of each partition neither loses nor doubles an entry, on whichever instance.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import grpc
from bruecke.partner.v1 import partner_pb2 as messages
from bruecke.partner.v1 import partner_pb2_grpc as stubs
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pymongo.asynchronous.database import AsyncDatabase

from services.foundation.database import Document
from services.foundation.event_store import LOOKUP
from services.foundation.rebuilding import ORDER, ORDERS
from services.gateway.disclosing import disclosure
from services.gateway.house import Gateway
from services.gateway.partner.calls import CallEnded, invalid, partner_of, regions_of
from services.gateway.partner.resume_token import Bookmark, TokenUnreadable
from services.gateway.security import Caller
from services.gateway.views.feed import is_decided, may_see, person_of, sources
from services.profiles.contract import RecordDisclosure

PAGE = 500
PROFILES = ("person_shared", "person_changed")
"""The kinds of entries that show a person's profile."""
LOOK_SECONDS = 1.0
"""What another instance of the gateway wrote is found after this time at the latest."""
GATHER_SECONDS = 0.05
"""For how long what happens together is gathered before it is looked for."""


Record = Callable[[Caller, Mapping[str, RecordDisclosure | None]], Awaitable[set[str]]]
"""Records what partners are about to be shown of these people; gives those who may be shown."""


class Feed(stubs.FeedServiceServicer):
    """Belongs to the gateway's event loop. Holds one page a reader at most: a slow reader slows nobody else."""

    def __init__(self, gateway: Gateway, database: AsyncDatabase[Document], record: Record) -> None:
        self._gateway = gateway
        self._database = database
        self._record = record

    async def Follow(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802 - the name stands in the proto file
        partner_of(context, self._gateway.verifier)
        try:
            bookmark = Bookmark.of(request.resume_token)
        except TokenUnreadable as wrong:
            raise invalid("resume_token", str(wrong)) from None
        while True:
            caller = partner_of(context, self._gateway.verifier)  # each time: a stream must not outlive its token
            seen, before = self._gateway.watch.changes, dict(bookmark.at)
            await self._must_be_open()
            for source, partition in sources(self._gateway.settings.kafka_partitions):
                async for entry in self._news(source, partition, bookmark, caller):
                    yield _message(entry, bookmark)
            if bookmark.at == before:
                await self._gateway.watch.change_after(seen, LOOK_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)

    async def _must_be_open(self) -> None:
        """Ends the call while the gateway stops, or while the feed is made anew and is not in order."""
        if self._gateway.status.stopping:
            raise CallEnded(grpc.StatusCode.UNAVAILABLE, "the server stops; go on from your last token")
        if await self._database[ORDERS].find_one({"_id": ORDER}) is not None:
            raise CallEnded(grpc.StatusCode.UNAVAILABLE, "the feed is being made anew; go on from your last token in a while")

    async def _news(self, source: str, partition: int, bookmark: Bookmark, caller: Caller) -> AsyncIterator[Document]:
        """What this partner may be told of the next page of a partition, with the bookmark moved behind it."""
        page = await self._page(source, partition, bookmark)
        regions = await regions_of(self._database, caller.stream) if page else frozenset()
        asked, agreed = await self._disclose(page, regions, caller)
        for entry in page:
            person = await self._person(entry, regions)
            if entry["region"] in regions and not entry["partner_id"] and not is_decided(entry, person):
                return
            visible = may_see(entry, caller.stream, regions, (person or {}).get("announced"))
            shows_profile = entry["kind"] in PROFILES
            if visible and shows_profile and entry["_id"] not in asked:
                return  # it became visible just now, so its disclosure is not recorded yet
            bookmark.move(source, partition, (entry["position"], entry["index"]))
            if visible and (not shows_profile or entry["subject"] in agreed):
                yield entry

    async def _disclose(self, page: Sequence[Document], regions: frozenset[str], caller: Caller) -> tuple[set[str], set[str]]:
        """Records the profiles of this page that the partner is about to be shown, all at once.

        Gives the entries that were asked for, and the people of whom it is recorded.

        Whether an entry may still be seen is looked at again when its turn comes: a slow reader may take long over a page.
        """
        profiles = [entry for entry in page if entry["kind"] in PROFILES and entry["region"] in regions]
        announced = await self._announced([entry["subject"] for entry in profiles])
        seen = [entry for entry in profiles if may_see(entry, caller.stream, regions, announced.get(entry["subject"]))]
        wanted = {entry["subject"]: disclosure(caller, entry["data"]) for entry in seen}
        return {entry["_id"] for entry in seen}, await self._record(caller, wanted) if wanted else set()

    async def _announced(self, people: Sequence[str]) -> dict[str, str | None]:
        """The region to which each of these people is shared at this moment."""
        found: dict[str, str | None] = {}
        wanted = list(dict.fromkeys(people))
        for start in range(0, len(wanted), LOOKUP):
            some = {"_id": {"$in": wanted[start : start + LOOKUP]}}
            async for each in self._database["feed_subjects"].find(some, {"announced": 1}):
                found[each["_id"]] = each.get("announced")
        return found

    async def _page(self, source: str, partition: int, bookmark: Bookmark) -> list[Document]:
        """The next entries of this partition, in order."""
        position, index = bookmark.place(source, partition)
        beyond = {"source": source, "partition": partition, "position": {"$gte": position}}
        cursor = self._database["feed"].find(beyond).sort([("position", 1), ("index", 1)]).limit(PAGE)
        return [entry async for entry in cursor if (entry["position"], entry["index"]) > (position, index)]

    async def _person(self, entry: Document, regions: frozenset[str]) -> Document | None:
        """The person on whose consent it depends, as it stands at this moment; None for entries that depend on nobody's."""
        if entry["partner_id"] or entry["region"] not in regions:
            return None
        return await self._database["feed_subjects"].find_one({"_id": person_of(entry)}, {"announced": 1, "version": 1})


def _message(entry: Document, bookmark: Bookmark) -> Any:
    message = messages.FollowResponse(
        entry_id=entry["_id"],
        kind=messages.EntryKind.Value(f"ENTRY_KIND_{entry['kind'].upper()}"),
        subject=entry["subject"],
        region=entry["region"],
        data=ParseDict(entry["data"], Struct()),
        resume_token=bookmark.token(),
    )
    message.happened_at.FromDatetime(entry["time"])
    return message
