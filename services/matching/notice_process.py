"""What follows from notices and for them: contacts that come of an answer, and the end of what erased authors have posted."""

from collections.abc import Callable, Iterable, Iterator

from services.foundation.messages import Recorded
from services.foundation.reaction import React, Request
from services.matching.contract import CloseNotice, NoticeAnswerTakenUp, NoticePosted, ProposeContact
from services.profiles.contract import ProfileErased


def taking_up(recorded: Recorded) -> Iterator[Request]:
    """Proposes the contact that came of an answer."""
    event = recorded.message
    if isinstance(event, NoticeAnswerTakenUp):
        proposal = ProposeContact.model_validate(event.model_dump(exclude={"answer_id", "contact_id"}))
        yield Request(event.contact_id, proposal)


def closing_for_the_erased(open_notices: Callable[[str], Iterable[str]]) -> React:
    """Takes down the notices of whoever was erased."""

    def react(recorded: Recorded) -> Iterator[Request]:
        if isinstance(recorded.message, ProfileErased):
            for notice in open_notices(recorded.stream):
                yield Request(notice, CloseNotice(reason="author_erased"))

    return react


def late_closing(was_erased: Callable[[str], bool]) -> React:
    """Takes down a notice that was posted while its author was being erased."""

    def react(recorded: Recorded) -> Iterator[Request]:
        event = recorded.message
        if isinstance(event, NoticePosted) and was_erased(event.author):
            yield Request(recorded.stream, CloseNotice(reason="author_erased"))

    return react
