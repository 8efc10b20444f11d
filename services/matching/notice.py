"""A notice on the board: an offer, a request or a question, with the answers to it. It is open until it ends or expires."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from services.foundation.aggregate import Aggregate, Context, Refusal
from services.foundation.messages import Event
from services.matching.contract import (
    AnswerNotice,
    CloseNotice,
    HideNotice,
    NoticeAnswered,
    NoticeAnswerTakenUp,
    NoticeClosed,
    NoticeHidden,
    NoticePosted,
    NoticeReported,
    PostNotice,
    ReportNotice,
    TakeUpAnswer,
    contact_stream,
)
from services.matching.eligibility import Eligibility

LONGEST_RUN = timedelta(days=183)
"""Half a year: what nobody has renewed by then is no longer meant."""
MOST_ANSWERS = 500
SIDES = {"person": "person_id", "company": "company_id"}

NoticeState = Literal["open", "closed", "hidden"]


class NoticeAlreadyPosted(Refusal):
    """A notice with this id was posted before."""


class NoticeExpiresInThePast(Refusal):
    """A notice runs for some time."""


class NoticeRunsTooLong(Refusal):
    """A notice runs for half a year at most."""


class NoticeNotOpen(Refusal):
    """The notice was closed or hidden, or has expired."""


class NoticeStillRuns(Refusal):
    """A notice expires when its time is over, not before."""


class NoticeFull(Refusal):
    """A notice has so many answers that nobody reads one more."""


class AnswerUnknown(Refusal):
    """The notice has no such answer, or it was hidden."""


class AnswerAlreadyTakenUp(Refusal):
    """The answer became another contact before."""


class ContactWithoutItsAuthors(Refusal):
    """A contact that comes of an answer is one of those who wrote notice and answer."""


class Notice(Aggregate):
    """``answers``: role and author by id, of those that stand; ``taken_up``: the contact by the answer that it came of."""

    category = "notice"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.state: NoticeState | None = None
        self.author = ""
        self.role = ""
        self.expires_at: datetime | None = None
        self.answers: dict[str, tuple[str, str]] = {}
        self.hidden: set[str] = set()
        self.taken_up: dict[str, str] = {}
        self.reported: set[tuple[str, str | None]] = set()

    def post(self, command: PostNotice, context: Context) -> Iterator[Event]:
        if self.exists:
            raise NoticeAlreadyPosted("a notice with this id was posted before")
        if command.expires_at <= context.time:
            raise NoticeExpiresInThePast("a notice must expire in the future", field="expires_at")
        if command.expires_at - context.time > LONGEST_RUN:
            raise NoticeRunsTooLong("a notice runs for half a year at most", field="expires_at")
        yield NoticePosted(**command.model_dump())

    def answer(self, command: AnswerNotice, context: Context) -> Iterator[Event]:
        self._must_run(context.time)
        if command.answer_id in self.answers or command.answer_id in self.hidden:
            return
        if len(self.answers) >= MOST_ANSWERS:
            raise NoticeFull(f"a notice has {MOST_ANSWERS} answers at most")
        yield NoticeAnswered(**command.model_dump(), notice_author=self.author)

    def take_up(self, command: TakeUpAnswer, _: Context, eligibility: Eligibility) -> Iterator[Event]:
        """Also of a notice that has ended meanwhile: the answer stands."""
        if self.state == "hidden":
            raise NoticeNotOpen("the notice is hidden")
        self._must_be_of_the_authors(command)
        contact = contact_stream(command.person_id, command.company_id, command.need_id)
        known = self.taken_up.get(command.answer_id)
        if known == contact:
            return
        if known:
            raise AnswerAlreadyTakenUp("this answer became another contact before", field="answer_id")
        eligibility.require()
        yield NoticeAnswerTakenUp(**command.model_dump(), contact_id=contact)

    def close(self, command: CloseNotice, context: Context) -> Iterator[Event]:
        """Whatever has ended, however, stays as it ended."""
        if self.state != "open":
            return
        if command.reason == "expired" and not self._is_over(context.time):
            raise NoticeStillRuns("the notice has not expired yet", field="reason")
        yield NoticeClosed(reason=command.reason)

    def report(self, command: ReportNotice, _: Context) -> Iterator[Event]:
        """Who says the same twice has said it once; what is hidden need not be reported any more."""
        if command.answer_id is not None:
            if command.answer_id in self.hidden:
                return
            self._answer(command.answer_id)
        if self.state != "hidden" and (command.by, command.answer_id) not in self.reported:
            yield NoticeReported(**command.model_dump())

    def hide(self, command: HideNotice, _: Context) -> Iterator[Event]:
        if command.answer_id is not None and command.answer_id not in self.hidden:
            self._answer(command.answer_id)
            yield NoticeHidden(**command.model_dump())
        elif command.answer_id is None and self.state != "hidden":
            yield NoticeHidden(**command.model_dump())

    def apply(self, event: Event) -> None:
        match event:
            case NoticePosted():
                self.state, self.author, self.role, self.expires_at = "open", event.author, event.role, event.expires_at
            case NoticeAnswered():
                self.answers[event.answer_id] = (event.role, event.author)
            case NoticeAnswerTakenUp():
                self.taken_up[event.answer_id] = event.contact_id
            case NoticeClosed():
                self.state = "closed"
            case NoticeReported():
                self.reported.add((event.by, event.answer_id))
            case NoticeHidden(answer_id=None):
                self.state = "hidden"
            case NoticeHidden(answer_id=str(answer_id)):
                self.answers.pop(answer_id, None)
                self.hidden.add(answer_id)

    # --- rules ----------------------------------------------------------------------------------------------------------

    def _must_run(self, time: datetime) -> None:
        if self.state != "open":
            raise NoticeNotOpen(f"the notice is {self.state}")
        if self._is_over(time):
            raise NoticeNotOpen("the notice has expired")

    def _is_over(self, time: datetime) -> bool:
        return self.expires_at is not None and time >= self.expires_at

    def _answer(self, answer_id: str) -> tuple[str, str]:
        """Role and author of an answer that stands."""
        answer = self.answers.get(answer_id)
        if answer is None:
            raise AnswerUnknown("the notice has no such answer", field="answer_id")
        return answer

    def _must_be_of_the_authors(self, command: TakeUpAnswer) -> None:
        """Partners and staff write for others: then it is them who say whom the contact is for."""
        for role, author in ((self.role, self.author), self._answer(command.answer_id)):
            side = SIDES.get(role)
            if side and getattr(command, side) != author:
                raise ContactWithoutItsAuthors("the contact must be one of those who wrote notice and answer", field=side)
