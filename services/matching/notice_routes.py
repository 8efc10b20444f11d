"""What notices can be asked to do, and who decides it."""

from collections.abc import Iterator

from services.foundation.aggregate import Context, Decide, Route, Routes
from services.foundation.messages import Event
from services.matching.contract import (
    AnswerNotice,
    CloseNotice,
    HideNotice,
    PostNotice,
    ProposeContact,
    ReportNotice,
    TakeUpAnswer,
)
from services.matching.notice import Notice
from services.matching.routes import EligibilityOf


def notice_routes(eligibility_of: EligibilityOf) -> Routes:
    """The table. Taking up an answer also needs to know what the profiles of both sides say."""
    return {
        PostNotice: Route(Notice, Notice.post, creates=True),
        AnswerNotice: Route(Notice, Notice.answer),
        TakeUpAnswer: Route(Notice, _take_up(eligibility_of)),
        CloseNotice: Route(Notice, Notice.close),
        ReportNotice: Route(Notice, Notice.report),
        HideNotice: Route(Notice, Notice.hide),
    }


def _take_up(eligibility_of: EligibilityOf) -> Decide:
    def decide(notice: Notice, command: TakeUpAnswer, context: Context) -> Iterator[Event]:
        return notice.take_up(command, context, eligibility_of(_proposal_of(command)))

    return decide


def _proposal_of(command: TakeUpAnswer) -> ProposeContact:
    return ProposeContact.model_validate(command.model_dump(exclude={"answer_id"}))
