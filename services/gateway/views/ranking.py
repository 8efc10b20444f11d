"""The people for a need and the needs for a person, best first, as matching last published them: states, not a history."""

from collections.abc import Iterable
from typing import Any

from pymongo import DeleteOne, ReplaceOne
from pymongo.database import Database

from services.foundation.messages import Recorded
from services.matching.contract import NeedRanked, PersonRanked

WriteOne = DeleteOne | ReplaceOne[dict[str, Any]]


class RankingView:
    """rankings: {_id: need id, company_id, open, candidates, weights_version, ranked_at}

    person_rankings: {_id: person id, needs, weights_version, ranked_at}; of whom nothing suits there is none.
    """

    collection = "rankings"
    of_people = "person_rankings"

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._rankings = database[self.collection]
        self._person_rankings = database[self.of_people]

    def handle(self, rankings: Iterable[Recorded]) -> None:
        """Keeps the last ranking of each need and each person; an older one in the same batch is passed over."""
        needs: dict[str, WriteOne] = {}
        people: dict[str, WriteOne] = {}
        for each in rankings:
            match each.message:
                case NeedRanked(need_id=id):
                    needs[id] = ReplaceOne({"_id": id}, _document(id, "need_id", each), upsert=True)
                case PersonRanked(person_id=id, needs=()):
                    people[id] = DeleteOne({"_id": id})
                case PersonRanked(person_id=id):
                    people[id] = ReplaceOne({"_id": id}, _document(id, "person_id", each), upsert=True)
        for collection, writes in ((self._rankings, needs), (self._person_rankings, people)):
            if writes:
                collection.bulk_write(list(writes.values()), ordered=False)


def _document(id: str, name: str, ranking: Recorded) -> dict[str, Any]:
    return {"_id": id, **ranking.message.model_dump(exclude={name}), "ranked_at": ranking.envelope.time}
