"""The matching service: contacts and their meetings, who suits which need, and that no conversation dies unnoticed."""

from typing import Any

from nameko.timer import timer
from pymongo.database import Database

from services.foundation.broker import events_topic
from services.foundation.consumer import Batch
from services.foundation.database import Document
from services.foundation.dependencies import Journal, Process, Views
from services.foundation.entrypoints import commands, events
from services.foundation.faults import until_next_time
from services.foundation.messages import now
from services.foundation.reaction import React
from services.foundation.settings import settings
from services.matching.agenda import Agenda, AgendaDocument, AgendaView
from services.matching.contract import SERVICE
from services.matching.dependencies import Continuity, RankingKeeper
from services.matching.pool import Companies, CompanyDocument, People, PersonDocument, Pool
from services.matching.process_managers import late_withdrawal, merging, withdrawal
from services.matching.routes import routes
from services.profiles.contract import SERVICE as PROFILES

RANKING_SECONDS = 0.5


def withdrawals(database: Database[Document]) -> tuple[React, ...]:
    """What follows when people withdraw consents or profiles are merged, also at the moment in which a contact is opened."""
    agenda, pool = Agenda(database), Pool(database)
    late = late_withdrawal(lambda contact: pool.consents_of(agenda.person_of(contact)))
    return withdrawal(agenda.open_contacts), late, merging(agenda.open_contacts, agenda.sides_of, pool.is_merged)


class Matching:
    name = SERVICE

    journal: Any = Journal(lambda database: routes(Pool(database).eligibility_of))
    views: Any = Views(People(), Companies(), AgendaView(), documents=(PersonDocument, CompanyDocument, AgendaDocument))
    withdrawal: Any = Process("withdrawal", withdrawals)
    continuity: Any = Continuity()
    rankings: Any = RankingKeeper()

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)

    @events(events_topic(PROFILES), events_topic(SERVICE))
    def follow(self, batch: Batch) -> None:
        self.views.handle(batch)
        self.withdrawal.handle(batch)
        if batch.fresh:
            self.rankings.forget_published()
        elif any(each.envelope.source == PROFILES for each in batch.recorded):
            self.rankings.touch()

    @timer(interval=settings().sweep_seconds)
    def sweep(self) -> None:
        """Reports the next steps that are overdue; the contacts decide."""
        with until_next_time("sweep"):
            self.continuity.sweep(now())

    @timer(interval=RANKING_SECONDS)
    def rank(self) -> None:
        with until_next_time("ranking"):
            self.rankings.refresh()
