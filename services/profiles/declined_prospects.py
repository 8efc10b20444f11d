"""Who has declined, and when: so that the timer finds those whose data has been kept long enough."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import mongoengine
from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.database import Document
from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.profiles.contract import MinimiseProspect, ProspectDeclined, ProspectMinimised

AT_ONCE = 500
"""How many are minimised in one sweep at most; the next one goes on."""


class DeclinedProspectDocument(mongoengine.DynamicDocument):
    """A prospect; ``declined_at`` while it has declined and is not minimised."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    declined_at = mongoengine.DateTimeField()
    meta = {"collection": "declined_prospects", "auto_create_index": False, "indexes": [("declined_at",)]}  # noqa: RUF012


class DeclinedProspectsView(Projection):
    """{_id, version, declined_at}"""

    collection = "declined_prospects"
    categories = frozenset({"prospect"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case ProspectDeclined():
                document["declined_at"] = event.at
            case ProspectMinimised():
                document["declined_at"] = None


@dataclass(frozen=True, slots=True)
class Minimisation:
    """A command for the stream of a prospect. Its id follows from the prospect, so that sweeps do not add up."""

    prospect: str
    command: MinimiseProspect

    @property
    def command_id(self) -> str:
        return derived_id("minimise", self.prospect)


class DeclinedProspects:
    """Reads who has declined."""

    def __init__(self, database: Database[Document]) -> None:
        self._declined = database["declined_prospects"]

    def until(self, moment: datetime) -> Iterable[str]:
        """The ids of those who declined at this moment or before, the first ones first."""
        found = self._declined.find({"declined_at": {"$lte": moment}}).sort("declined_at", 1).limit(AT_ONCE)
        return [document["_id"] for document in found]


def minimisations(prospects: Iterable[str], declined_until: datetime) -> Iterator[Minimisation]:
    """What is to be asked of these prospects."""
    for prospect in prospects:
        yield Minimisation(prospect, MinimiseProspect(declined_until=declined_until))
