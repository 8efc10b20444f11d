"""The notice board: offers, requests and questions. Their commands and events, each notice a stream ``notice-…``.

What somebody writes is sealed by the gateway with the key of its author, what staff write with a key of the notice.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from services.foundation.messages import Command, Event
from services.matching.contract.values import StaffId
from services.profiles.contract import CompanyId, Country, LanguageCode, NeedId, PersonId, Region, Sealed, Sector

NoticeKind = Literal["offer", "request", "question"]
AuthorRole = Literal["person", "company", "partner", "coordinator", "head"]
AuthorId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
NoticeId = Annotated[str, StringConstraints(pattern=r"^notice-[0-9a-f-]{36}$")]
AnswerId = Annotated[str, StringConstraints(pattern=r"^answer-[0-9a-f-]{36}$")]
HidingReason = Literal["insult", "spam", "personal_data", "illegal", "off_topic", "other"]
NoticeEnd = Literal["by_author", "settled", "expired", "author_erased"]


class PostNotice(Command, type="matching.PostNotice.v1"):
    """``expires_at`` lies ahead, by half a year at most. ``author``: the profile of a person, company or partner, or who of the
    staff it is."""

    kind: NoticeKind
    author: AuthorId
    role: AuthorRole
    title: Sealed
    body: Sealed
    language: LanguageCode
    sectors: Annotated[tuple[Sector, ...], Field(max_length=7)] = ()
    regions: Annotated[tuple[Region, ...], Field(max_length=20)] = ()
    target_markets: Annotated[tuple[Country, ...], Field(max_length=20)] = ()
    expires_at: AwareDatetime


class AnswerNotice(Command, type="matching.AnswerNotice.v1"):
    answer_id: AnswerId
    author: AuthorId
    role: AuthorRole
    body: Sealed
    language: LanguageCode


class TakeUpAnswer(Command, type="matching.TakeUpAnswer.v1"):
    """Staff turn an answer into a contact: it is proposed once this has happened. The versions are those of ProposeContact."""

    answer_id: AnswerId
    person_id: PersonId
    company_id: CompanyId
    need_id: NeedId
    coordinator: StaffId
    person_version: Annotated[int, Field(ge=0)] = 0
    company_version: Annotated[int, Field(ge=0)] = 0


class CloseNotice(Command, type="matching.CloseNotice.v1"):
    reason: NoticeEnd


class ReportNotice(Command, type="matching.ReportNotice.v1"):
    """A reader asks staff to look at a notice, or at one answer to it."""

    by: AuthorId
    reason: HidingReason
    answer_id: AnswerId | None = None


class HideNotice(Command, type="matching.HideNotice.v1"):
    """``answer_id``: of the answer that is hidden; None hides the notice with all its answers."""

    reason: HidingReason
    answer_id: AnswerId | None = None


class NoticePosted(Event, type="matching.NoticePosted.v1"):
    kind: str
    author: str
    role: str
    title: str
    body: str
    language: str
    sectors: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    target_markets: tuple[str, ...] = ()
    expires_at: datetime


class NoticeAnswered(Event, type="matching.NoticeAnswered.v1"):
    answer_id: str
    author: str
    role: str
    body: str
    language: str
    notice_author: str = ""
    """Whose notice it answers, so that they can be told."""


class NoticeAnswerTakenUp(Event, type="matching.NoticeAnswerTakenUp.v1"):
    """The contact that is proposed now, with all that its proposal says."""

    answer_id: str
    contact_id: str
    person_id: str
    company_id: str
    need_id: str
    coordinator: str
    person_version: int = 0
    company_version: int = 0


class NoticeClosed(Event, type="matching.NoticeClosed.v1"):
    reason: str


class NoticeReported(Event, type="matching.NoticeReported.v1"):
    by: str
    reason: str
    answer_id: str | None = None


class NoticeHidden(Event, type="matching.NoticeHidden.v1"):
    reason: str
    answer_id: str | None = None
