"""What threads can be asked to do, and who decides it."""

from collections.abc import Callable, Iterator

from services.foundation.aggregate import Context, Decide, Route, Routes
from services.foundation.messages import Command, Event
from services.matching.contract import HideMessage, MarkThreadRead, PostMessage, ReportMessage, WithdrawMessage
from services.matching.thread import MembershipOf, Thread


def thread_routes(members_of: MembershipOf) -> Routes:
    """The table of threads, which need to know who belongs to their contact or workshop."""
    return {
        PostMessage: Route(Thread, _among(members_of, Thread.post), creates=True),
        WithdrawMessage: Route(Thread, Thread.withdraw),
        ReportMessage: Route(Thread, _among(members_of, Thread.report)),
        HideMessage: Route(Thread, _among(members_of, Thread.hide)),
        MarkThreadRead: Route(Thread, _among(members_of, Thread.mark_read)),
    }


def _among(members_of: MembershipOf, verb: Callable[..., Iterator[Event]]) -> Decide:
    def decide(thread: Thread, command: Command, context: Context) -> Iterator[Event]:
        return verb(thread, command, context, members_of)

    return decide
