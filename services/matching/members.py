"""Members: who belongs to each contact and workshop, for the messages within them."""

import time

import mongoengine
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import MEMBERSHIPS, Membership, note_membership

CATCH_UP_SECONDS = 2.0
"""How long a decision waits for what the sender of its command has seen already."""


class MembersDocument(mongoengine.DynamicDocument):
    """See contract/membership.py."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    meta = {"collection": "members", "auto_create_index": False}  # noqa: RUF012


class MembersView(Projection):
    collection = "members"
    categories = MEMBERSHIPS

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        note_membership(document, event)


class Members:
    """Reads the members."""

    def __init__(self, database: Database[Document]) -> None:
        self._members = database["members"]

    def of(self, subject: str, version: int) -> Membership:
        """Who belongs to this contact or workshop, as of at least this version of it."""
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while True:
            document: Document = self._members.find_one({"_id": subject}) or {}
            if document.get("version", 0) >= version or time.monotonic() > deadline:
                return Membership.of(document)
            time.sleep(0.01)
