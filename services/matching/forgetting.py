"""Confirms that matching holds nothing of whom was erased: once they are out of the pool and of every published ranking, and
none of their contacts is open and none of their places in a workshop that lies ahead is taken any more."""

from collections.abc import Callable, Iterable
from datetime import datetime

import mongoengine
from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document
from services.foundation.messages import SYSTEM, Command, Envelope, Recorded
from services.matching.contract import SERVICE
from services.profiles.contract import ConfirmErasure, ProfileErased


class ForgettingDocument(mongoengine.Document):
    """Whom to confirm as forgotten, and with which revision of the pool they left the rankings."""

    id = mongoengine.StringField(primary_key=True)
    owner = mongoengine.StringField(required=True)
    erasure_id = mongoengine.StringField(required=True)
    cause = mongoengine.StringField(required=True)
    correlation_id = mongoengine.StringField(required=True)
    revision = mongoengine.LongField(required=True)
    meta = {"collection": "forgetting", "auto_create_index": False}  # noqa: RUF012


class Forgetting:
    """Keeps who waits in the database, so that a crash in between forgets nobody."""

    def __init__(
        self, database: Database[Document], takes_part_in: Callable[[str], Iterable[str]], sender: CommandSender
    ) -> None:
        self._waiting = database["forgetting"]
        self._takes_part_in = takes_part_in
        self._sender = sender

    def note(self, recorded: Iterable[Recorded], revision: int) -> None:
        """Takes those who were erased by these events and are out of the pool as of this revision."""
        for each in recorded:
            if isinstance(each.message, ProfileErased):
                fields = {
                    "owner": each.stream,
                    "erasure_id": each.message.erasure_id,
                    "cause": each.envelope.id,
                    "correlation_id": each.envelope.correlation_id,
                    "revision": revision,
                }
                self._waiting.replace_one({"_id": f"{each.message.erasure_id}/{each.stream}"}, fields, upsert=True)

    def confirm(self, ranked: int, moment: datetime) -> None:
        """Confirms for all who are clean by now; raises SendingFailed, and the next time tries again."""
        clean = [each for each in self._waiting.find({"revision": {"$lte": ranked}}) if not self._takes_part(each["owner"])]
        self._sender.send_all(_confirmation(each, moment) for each in clean)
        for each in clean:
            self._waiting.delete_one({"_id": each["_id"]})

    def _takes_part(self, owner: str) -> bool:
        return any(True for _ in self._takes_part_in(owner))


def _confirmation(waiting: Document, moment: datetime) -> tuple[Envelope, Command]:
    erasure, cause = waiting["erasure_id"], waiting["cause"]
    id, correlation = derived_id(cause, erasure, SERVICE), waiting["correlation_id"]
    envelope = Envelope(id, erasure, SERVICE, moment, SYSTEM, correlation_id=correlation, causation_id=cause)
    return envelope, ConfirmErasure(owner=waiting["owner"], stores=("matching",), confirmed_at=moment)
