"""The people for a need, best first, as matching last published them: a state by need id, not a history."""

from collections.abc import Iterable
from typing import Any

from pymongo import ReplaceOne
from pymongo.database import Database

from services.foundation.messages import Recorded
from services.matching.contract import NeedRanked


class RankingView:
    """rankings: {_id: need id, company_id, open, candidates, ranked_at}"""

    collection = "rankings"

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._rankings = database[self.collection]

    def handle(self, rankings: Iterable[Recorded]) -> None:
        """Keeps the last ranking of each need; an older one in the same batch is passed over."""
        latest = {each.message.need_id: each for each in rankings if isinstance(each.message, NeedRanked)}
        writes = [ReplaceOne({"_id": need_id}, _document(each), upsert=True) for need_id, each in latest.items()]
        if writes:
            self._rankings.bulk_write(writes, ordered=False)


def _document(ranking: Recorded) -> dict[str, Any]:
    fields = ranking.message.model_dump()
    return {"_id": fields.pop("need_id"), **fields, "ranked_at": ranking.envelope.time}
