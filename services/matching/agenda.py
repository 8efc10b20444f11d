"""The agenda: which contacts are open, what is due next in each, and which of it is late."""

from collections.abc import Iterable
from datetime import datetime

import mongoengine
from pymongo.database import Database

from services.foundation.database import Document
from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching import next_step
from services.matching.contract import (
    ContactAssigned,
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    ContactReopened,
    FollowUpEscalated,
    FollowUpOverdue,
    FollowUpReminded,
    NextStepDone,
    NextStepPlanned,
)
from services.matching.next_step import OpenStep
from services.matching.overdue import Undone


class AgendaDocument(mongoengine.DynamicDocument):
    """A contact: whether it is open, whose it is, and its open next step."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    person_id = mongoengine.StringField()
    company_id = mongoengine.StringField()
    open = mongoengine.BooleanField()
    due = mongoengine.DateTimeField()
    meta = {  # noqa: RUF012
        "collection": "agenda",
        "auto_create_index": False,
        "indexes": [{"fields": ("due",)}, {"fields": ("person_id",)}, {"fields": ("company_id",)}],
    }


class AgendaView(Projection):
    collection = "agenda"
    categories = frozenset({"contact"})

    def apply(self, document: Document, event: Event, envelope: Envelope) -> None:
        match event:
            case ContactProposed():
                document.update(person_id=event.person_id, company_id=event.company_id, deputy=event.deputy, open=True)
            case ContactAssigned():
                document["deputy"] = event.deputy
            case ContactReopened():
                document["open"] = True
            case ContactDeclined() | ContactDormant() | ContactClosed():
                document.update(open=False, due=None, step=None)
            case NextStepPlanned():
                document.update(due=event.due, step=event.model_dump(include={"step_id", "what", "owner"}))
            case NextStepDone():
                document.update(due=None, step=None)
            case FollowUpReminded() | FollowUpOverdue() | FollowUpEscalated():
                _mark(document, event)


def _mark(document: Document, event: FollowUpReminded | FollowUpOverdue | FollowUpEscalated) -> None:
    """Notes what was told of the open step."""
    if document.get("step") and document["step"]["step_id"] == event.step_id:
        document["step"] = {**document["step"], next_step.MARKS[next_step.stage_told(event)]: True}


class Agenda:
    """Reads the agenda."""

    def __init__(self, database: Database[Document]) -> None:
        self._agenda = database["agenda"]

    def open_contacts(self, stream: str) -> Iterable[str]:
        """The ids of the open contacts of a person or a company."""
        side = "company_id" if stream.startswith("company-") else "person_id"
        for document in self._agenda.find({side: stream}):
            if document["open"]:
                yield document["_id"]

    def sides_of(self, contact: str) -> tuple[str, str]:
        """The person and the company of a contact that is on the agenda."""
        document = self._agenda.find_one({"_id": contact}) or {}
        return str(document.get("person_id", "")), str(document.get("company_id", ""))

    def person_of(self, contact: str) -> str:
        """The person of a contact that is on the agenda."""
        document = self._agenda.find_one({"_id": contact})
        return str(document["person_id"]) if document else ""

    def undone(self, due_before: datetime) -> Iterable[Undone]:
        """The steps that are due before this moment, still open, and not escalated to the head."""
        for document in self._agenda.find({"due": {"$lt": due_before}, "step.escalated": {"$ne": True}}):
            if document.get("step"):
                step = OpenStep(due=document["due"], **document["step"])
                yield Undone(document["_id"], step, has_deputy=bool(document.get("deputy")))
