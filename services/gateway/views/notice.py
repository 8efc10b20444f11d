"""The notice board, as sealed as its events: what is written is opened for each reader, and never once its author is erased."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import (
    NoticeAnswered,
    NoticeAnswerTakenUp,
    NoticeClosed,
    NoticeHidden,
    NoticePosted,
    NoticeReported,
)

Fields = dict[str, Any]


class NoticeView(Projection):
    """{_id, version, kind, author, role, title, body, language, sectors, regions, target_markets, posted_at, expires_at,
    state: open|closed|hidden, ended: why, reports: [{by, reason, answer_id, at}],
    answers: [{answer_id, author, role, body, language, answered_at, hidden, contact_id}]}; title and body are sealed, and gone
    when hidden."""

    collection = "notices"
    categories = frozenset({"notice"})

    def apply(self, document: Fields, event: Event, envelope: Envelope) -> None:
        match event:
            case NoticePosted():
                document.update(event.model_dump(), posted_at=envelope.time, state="open", ended=None, answers=[], reports=[])
            case NoticeAnswered():
                written = event.model_dump(exclude={"notice_author"})
                answer = {**written, "answered_at": envelope.time, "hidden": None, "contact_id": None}
                document["answers"] = [*document["answers"], answer]
            case NoticeAnswerTakenUp():
                _change_answer(document, event.answer_id, contact_id=event.contact_id)
            case NoticeClosed():
                document.update(state="closed", ended=event.reason)
            case NoticeReported():
                document["reports"] = [*document["reports"], {**event.model_dump(), "at": envelope.time}]
            case NoticeHidden(answer_id=None):
                document.update(state="hidden", ended=event.reason, title="", body="", reports=[])
                document["answers"] = [{**each, "body": ""} for each in document["answers"]]
            case NoticeHidden(answer_id=str(answer_id)):
                _change_answer(document, answer_id, hidden=event.reason, body="")
                document["reports"] = [each for each in document["reports"] if each["answer_id"] != answer_id]


def _change_answer(document: Fields, answer_id: str, **changes: Any) -> None:
    document["answers"] = [{**each, **changes} if each["answer_id"] == answer_id else each for each in document["answers"]]
