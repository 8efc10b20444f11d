"""The notice board as matching sees it: which notices are open, whose they are, and when they expire."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import mongoengine
from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document
from services.foundation.messages import SYSTEM, Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import (
    SERVICE,
    CloseNotice,
    NoticeClosed,
    NoticeHidden,
    NoticePosted,
)

AT_ONCE = 500
"""How many notices one sweep lets expire at most; the next one goes on."""


class NoticeDocument(mongoengine.DynamicDocument):
    """A notice: its author, and when it expires while it is open."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    author = mongoengine.StringField()
    expires_at = mongoengine.DateTimeField()
    meta = {  # noqa: RUF012
        "collection": "notice_board",
        "auto_create_index": False,
        "indexes": [{"fields": ("expires_at",)}, {"fields": ("author",)}],
    }


class NoticeBoardView(Projection):
    """{_id, version, author, expires_at: of an open notice}"""

    collection = "notice_board"
    categories = frozenset({"notice"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case NoticePosted():
                document.update(author=event.author, expires_at=event.expires_at)
            case NoticeClosed() | NoticeHidden(answer_id=None):
                document["expires_at"] = None


class NoticeBoard:
    """Reads the notice board."""

    def __init__(self, database: Database[Document]) -> None:
        self._notices: Any = database["notice_board"]

    def open_notices(self, author: str) -> Iterable[str]:
        """The ids of the open notices of this author."""
        return [each["_id"] for each in self._notices.find({"author": author, "expires_at": {"$ne": None}})]

    def expired(self, moment: datetime) -> Iterable[str]:
        """The ids of open notices whose time is over at this moment."""
        found = self._notices.find({"expires_at": {"$lte": moment}}).sort("expires_at", 1).limit(AT_ONCE)
        return [each["_id"] for each in found]


class ExpirySweep:
    """Asks for notices to be closed whose time is over. Sweeps do not add up: the same notice leads to the same command."""

    def __init__(self, board: NoticeBoard, sender: CommandSender) -> None:
        self._board = board
        self._sender = sender

    def sweep(self, as_of: datetime) -> None:
        """Raises SendingFailed; the next sweep finds the same notices again."""
        close = CloseNotice(reason="expired")
        self._sender.send_all((_envelope(notice, as_of), close) for notice in self._board.expired(as_of))


def _envelope(notice: str, as_of: datetime) -> Envelope:
    command_id = derived_id("expired", notice)
    return Envelope(command_id, notice, SERVICE, as_of, SYSTEM, correlation_id=command_id)
