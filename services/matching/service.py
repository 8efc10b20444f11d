"""The matching service: contacts and their meetings, who suits which need, and that no conversation dies unnoticed."""

from typing import Any

from nameko.timer import timer
from pymongo.database import Database

from services.foundation.broker import events_topic
from services.foundation.consumer import Batch
from services.foundation.database import Document
from services.foundation.dependencies import Journal, Process, Repeating, Views
from services.foundation.entrypoints import commands, events
from services.foundation.faults import until_next_time
from services.foundation.messages import Recorded, now
from services.foundation.reaction import React
from services.foundation.settings import settings
from services.matching.agenda import Agenda, AgendaDocument, AgendaView
from services.matching.busy import BusyDocument, BusyTimes, BusyView
from services.matching.contract import SERVICE
from services.matching.dependencies import Continuity, DatesKeeper, ForgettingKeeper, NoticeExpiry, RankingKeeper
from services.matching.first_talk import first_talk
from services.matching.notice_board import NoticeBoard, NoticeBoardView, NoticeDocument
from services.matching.notice_process import closing_for_the_erased, taking_up
from services.matching.pool import Companies, CompanyDocument, People, PersonDocument, Pool
from services.matching.process_managers import erasure, late_erasure, late_withdrawal, merging, need_withdrawal, withdrawal
from services.matching.routes import routes
from services.profiles.contract import SERVICE as PROFILES
from services.profiles.contract import DataDisclosed, ProfileErased

RANKING_SECONDS = 0.2
"""A withdrawn consent must be out of the rankings within a second."""


def withdrawals(database: Database[Document]) -> tuple[React, ...]:
    """What follows when people withdraw consents, are erased or merged, also at the moment in which a contact is opened; when a
    need is withdrawn; and when a date is to be found."""
    agenda, pool = Agenda(database), Pool(database)
    return (
        withdrawal(agenda.open_contacts),
        late_withdrawal(lambda contact: pool.consents_of(agenda.person_of(contact))),
        late_erasure(lambda contact: pool.who_was_erased(*agenda.sides_of(contact))),
        merging(agenda.open_contacts, agenda.sides_of, pool.is_merged),
        need_withdrawal(agenda.open_contacts, agenda.sides_of),
        first_talk,
    )


def notices(database: Database[Document]) -> tuple[React, ...]:
    """What follows from notices, and for them."""
    return taking_up, closing_for_the_erased(NoticeBoard(database).open_notices)


def counts_for_ranking(recorded: Recorded) -> bool:
    """What is said of a person or company may change a ranking; that it was shown to somebody does not.

    Of a partner, only that it was erased: that is confirmed after a ranking, too.
    """
    if isinstance(recorded.message, ProfileErased):
        return True
    return recorded.stream.startswith(("person-", "company-")) and not isinstance(recorded.message, DataDisclosed)


class Matching:
    name = SERVICE
    refuses = ("master_key", "master_key_previous", "token_secret")

    journal: Any = Journal(lambda database: routes(Pool(database).eligibility_of, BusyTimes(database).of_sides))
    views: Any = Views(
        People(),
        Companies(),
        AgendaView(),
        BusyView(),
        NoticeBoardView(),
        documents=(PersonDocument, CompanyDocument, AgendaDocument, BusyDocument, NoticeDocument),
    )
    withdrawal: Any = Process("withdrawal", withdrawals)
    notices: Any = Process("notices", notices)
    erasures: Any = Repeating(lambda database: (erasure(Agenda(database).open_contacts),))
    continuity: Any = Continuity()
    dates: Any = DatesKeeper()
    notice_expiry: Any = NoticeExpiry()
    rankings: Any = RankingKeeper()
    forgetting: Any = ForgettingKeeper()

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)

    @events(events_topic(PROFILES), events_topic(SERVICE))
    def follow(self, batch: Batch) -> None:
        self.views.handle(batch)
        self.withdrawal.handle(batch)
        self.notices.handle(batch)
        self.erasures.handle(batch)
        if batch.fresh:
            self.rankings.forget_published()
        elif any(counts_for_ranking(each) for each in batch.recorded):
            self.forgetting.note(batch.recorded, self.rankings.touch())

    @timer(interval=settings().sweep_seconds)
    def sweep(self) -> None:
        """Reports the next steps that are overdue and the notices that have expired; contacts and notices decide."""
        with until_next_time("sweep"):
            self.continuity.sweep(now())
        with until_next_time("dates"):
            self.dates.sweep(now())
        with until_next_time("notices"):
            self.notice_expiry.sweep(now())

    @timer(interval=RANKING_SECONDS)
    def rank(self) -> None:
        with until_next_time("ranking"):
            self.rankings.refresh()
            self.forgetting.confirm(self.rankings.ranked, now())
