"""FeedService: what concerns a partner, in order, from a resume token on, and then as it happens.

A partition of the store is written in order and without gaps, and FeedView writes its entries in that order, so reading on from
the last (position, index) of each partition neither loses nor doubles an entry, on whichever instance.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
from bruecke.partner.v1 import partner_pb2 as messages
from bruecke.partner.v1 import partner_pb2_grpc as stubs
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pymongo.asynchronous.database import AsyncDatabase

from services.foundation.database import Document
from services.gateway.partner.calls import end, partner_of, regions_of
from services.gateway.partner.resume_token import Bookmark, TokenUnreadable
from services.gateway.security import Caller, Verifier
from services.gateway.views.feed import may_see, person_of, sources

PAGE = 100
WAIT_SECONDS = 0.25


class Feed(stubs.FeedServiceServicer):
    """Belongs to the gateway's event loop. Holds one page a reader at most: a slow reader slows nobody else."""

    def __init__(self, database: AsyncDatabase[Document], verifier: Verifier, partitions: int) -> None:
        self._database = database
        self._verifier = verifier
        self._partitions = partitions

    async def Follow(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802 - the name stands in the proto file
        caller = await partner_of(context, self._verifier)
        try:
            bookmark = Bookmark.of(request.resume_token)
        except TokenUnreadable as wrong:
            await end(context, grpc.StatusCode.INVALID_ARGUMENT, f"resume_token: {wrong}")
        while True:
            regions = await regions_of(context, self._database, caller.stream)
            found = 0
            for source, partition in sources(self._partitions):
                page = await self._page(source, partition, bookmark)
                found += len(page)
                for entry in page:
                    bookmark.move(source, partition, (entry["position"], entry["index"]))
                    if await self._may_see(entry, caller, regions):
                        yield _message(entry, bookmark)
            if not found:
                await asyncio.sleep(WAIT_SECONDS)

    async def _page(self, source: str, partition: int, bookmark: Bookmark) -> list[Document]:
        """The next entries of this partition, in order."""
        position, index = bookmark.place(source, partition)
        beyond = {"source": source, "partition": partition, "position": {"$gte": position}}
        cursor = self._database["feed"].find(beyond).sort([("position", 1), ("index", 1)]).limit(PAGE)
        return [entry async for entry in cursor if (entry["position"], entry["index"]) > (position, index)]

    async def _may_see(self, entry: Document, caller: Caller, regions: frozenset[str]) -> bool:
        announced = None
        if not entry["partner_id"] and entry["region"] in regions:
            person = await self._database["feed_subjects"].find_one({"_id": person_of(entry)}, {"announced": 1})
            announced = (person or {}).get("announced")
        return may_see(entry, caller.stream, regions, announced)


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
