"""The feed as a partner reads it, on the real database: entries in any half-finished state that a crash may leave."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from pymongo import AsyncMongoClient

import services.gateway.partner  # noqa: F401 - puts the generated stubs on the path

from bruecke.partner.v1 import partner_pb2 as messages  # isort: skip
from services.foundation.rebuilding import ORDER, ORDERS
from services.foundation.settings import Settings
from services.foundation.status import ProcessStatus
from services.gateway.partner.calls import CallEnded
from services.gateway.partner.feed import PAGE, Feed
from services.gateway.security import Verifier, issue
from services.gateway.view_watch import ViewWatch

pytestmark = pytest.mark.servers

SECRET = "a secret of the local issuer, long enough"
PARTNER, PERSON, REGION = "partner-00000000-0000-4000-8000-000000000001", "person-1", "UA-46"
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
SHARED = {"_id": PERSON, "version": 1, "announced": REGION}


class Reader:
    """A partner who follows the feed of a database that the test fills."""

    def __init__(self, settings: Settings) -> None:
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(settings.mongo_url)
        self.database = client[f"{settings.mongo_prefix}gateway"]
        self.status = ProcessStatus("gateway")
        self.refused: set[str] = set()
        self.disclosed: list[str] = []
        watch = ViewWatch(self.database)
        gateway: Any = SimpleNamespace(settings=settings, status=self.status, verifier=Verifier(SECRET), watch=watch)
        self.feed = Feed(gateway, self.database, self.record)

    async def record(self, _: Any, wanted: Mapping[str, Any]) -> set[str]:
        """Whose profile is disclosed is told by ``self.refused``: nobody that stands in there."""
        self.disclosed += list(wanted)
        return set(wanted) - self.refused

    async def partner_is_known(self) -> None:
        await self.database["partners"].insert_one({"_id": PARTNER, "regions": [REGION]})

    async def entry(self, position: int, **more: Any) -> None:
        fields = {"kind": "person_shared", "subject": PERSON, "region": REGION, "person_id": "", "partner_id": "", "data": {}}
        place = {"source": "profiles", "partition": 0, "position": position, "index": 0, "time": NOW, "version": 1}
        await self.database["feed"].insert_one({"_id": f"c{position}.0.0", **fields, **place, **more})

    def follow(self, token: str = "", lifetime: timedelta = timedelta(hours=1)) -> Any:
        metadata = (("authorization", f"Bearer {issue('partner', 'u1', PARTNER, SECRET, lifetime)}"),)
        context = SimpleNamespace(invocation_metadata=lambda: metadata)
        return self.feed.Follow(messages.FollowRequest(resume_token=token), context)


def reading(settings: Settings, story: Callable[[Reader], Awaitable[None]]) -> None:
    async def run() -> None:
        reader = Reader(settings)
        await reader.partner_is_known()
        async with asyncio.timeout(30):
            await story(reader)
        await reader.database.client.close()

    asyncio.run(run())


def test_an_entry_whose_person_is_not_written_yet_is_waited_for(settings: Settings) -> None:
    async def story(reader: Reader) -> None:
        await reader.entry(1)
        await reader.entry(2, partner_id=PARTNER, kind="referral_received")
        following = reader.follow()
        first = asyncio.ensure_future(anext(following))
        done, _ = await asyncio.wait([first], timeout=2.5)
        assert not done
        await reader.database["feed_subjects"].insert_one(dict(SHARED))
        assert (await first).kind == messages.ENTRY_KIND_PERSON_SHARED
        assert (await anext(following)).kind == messages.ENTRY_KIND_REFERRAL_RECEIVED

    reading(settings, story)


def test_more_than_a_page_is_read_in_order_and_once(settings: Settings) -> None:
    async def story(reader: Reader) -> None:
        await reader.database["feed_subjects"].insert_one(dict(SHARED))
        count = PAGE + 20
        for position in range(1, count + 1):
            await reader.entry(position, region=REGION if position % 2 else "TR-33")
        following = reader.follow()
        half = [await anext(following) for _ in range(count // 4)]
        following = reader.follow(half[-1].resume_token)
        rest = [await anext(following) for _ in range(count // 2 - len(half))]
        assert [each.entry_id for each in half + rest] == [f"c{position}.0.0" for position in range(1, count, 2)]

    reading(settings, story)


def test_what_cannot_be_recorded_is_not_shown(settings: Settings) -> None:
    async def story(reader: Reader) -> None:
        await reader.database["feed_subjects"].insert_many([dict(SHARED), SHARED | {"_id": "person-2"}])
        await reader.entry(1, data={"skills": ["CAD"]})
        await reader.entry(2, subject="person-2", data={"skills": ["CAD"]})
        reader.refused = {PERSON}
        first = await anext(reader.follow())
        assert first.subject == "person-2"
        assert reader.disclosed == [PERSON, "person-2"]

    reading(settings, story)


def test_a_stream_ends_with_its_token(settings: Settings) -> None:
    async def story(reader: Reader) -> None:
        with pytest.raises(CallEnded) as ended:
            await anext(reader.follow(lifetime=timedelta(seconds=2)))
        assert (ended.value.code, str(ended.value)) == (grpc.StatusCode.UNAUTHENTICATED, "the token is expired")

    reading(settings, story)


@pytest.mark.parametrize("state", ["rebuilding", "stopping"])
def test_a_feed_that_is_made_anew_or_ends_sends_its_readers_away(settings: Settings, state: str) -> None:
    async def story(reader: Reader) -> None:
        if state == "rebuilding":
            await reader.database[ORDERS].insert_one({"_id": ORDER})
        reader.status.stopping = state == "stopping"
        with pytest.raises(CallEnded) as ended:
            await anext(reader.follow())
        assert ended.value.code == grpc.StatusCode.UNAVAILABLE

    reading(settings, story)
