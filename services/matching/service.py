"""The matching service: contacts and their meetings, who suits which need, and that no conversation dies unnoticed."""

from typing import Any

from nameko.timer import timer
from pymongo.database import Database

from services.foundation.aggregate import Routes
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
from services.matching.contract import SERVICE
from services.matching.dependencies import Continuity, ForgettingKeeper, RankingKeeper, TrialKeeper
from services.matching.kinship import kinship
from services.matching.pool import Companies, CompanyDocument, People, PersonDocument, Pool
from services.matching.process_managers import erasure, late_erasure, late_withdrawal, merging, withdrawal
from services.matching.ranking_routes import ranking_routes
from services.matching.routes import routes
from services.matching.weights_kept import KEPT, KeptTrials, KeptWeights, pairs
from services.profiles.contract import SERVICE as PROFILES
from services.profiles.contract import DataDisclosed, ProfileErased

RANKING_SECONDS = 0.2
"""A withdrawn consent must be out of the rankings within a second."""


def routes_over(database: Database[Document]) -> Routes:
    return {**routes(Pool(database).eligibility_of), **ranking_routes(pairs(database, kinship(settings().vocabulary).related))}


def withdrawals(database: Database[Document]) -> tuple[React, ...]:
    """What follows when people withdraw consents, are erased or merged, also at the moment in which a contact is opened."""
    agenda, pool = Agenda(database), Pool(database)
    return (
        withdrawal(agenda.open_contacts),
        late_withdrawal(lambda contact: pool.consents_of(agenda.person_of(contact))),
        late_erasure(lambda contact: pool.who_was_erased(*agenda.sides_of(contact))),
        merging(agenda.open_contacts, agenda.sides_of, pool.is_merged),
    )


def counts_for_ranking(recorded: Recorded) -> bool:
    """What is said of a person or company, and other weights, may change a ranking; that it was shown to somebody does not.

    Of a partner, only that it was erased: that is confirmed after a ranking, too.
    """
    if isinstance(recorded.message, ProfileErased):
        return True
    return recorded.stream.startswith(("person-", "company-", "weights-")) and not isinstance(recorded.message, DataDisclosed)


class Matching:
    name = SERVICE
    refuses = ("master_key", "master_key_previous", "token_secret")

    journal: Any = Journal(routes_over)
    views: Any = Views(
        People(),
        Companies(),
        AgendaView(),
        KeptWeights(),
        KeptTrials(),
        documents=(PersonDocument, CompanyDocument, AgendaDocument, *KEPT),
    )
    withdrawal: Any = Process("withdrawal", withdrawals)
    erasures: Any = Repeating(lambda database: (erasure(Agenda(database).open_contacts),))
    continuity: Any = Continuity()
    rankings: Any = RankingKeeper()
    forgetting: Any = ForgettingKeeper()
    trials: Any = TrialKeeper()

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)

    @events(events_topic(PROFILES), events_topic(SERVICE))
    def follow(self, batch: Batch) -> None:
        self.views.handle(batch)
        self.withdrawal.handle(batch)
        self.erasures.handle(batch)
        if batch.fresh:
            self.rankings.forget_published()
        elif any(counts_for_ranking(each) for each in batch.recorded):
            changed = [each.stream for each in batch.recorded if counts_for_ranking(each)]
            self.forgetting.note(batch.recorded, self.rankings.touch(changed))

    @timer(interval=settings().sweep_seconds)
    def sweep(self) -> None:
        """Reports the next steps that are overdue; the contacts decide."""
        with until_next_time("sweep"):
            self.continuity.sweep(now())

    @timer(interval=RANKING_SECONDS)
    def rank(self) -> None:
        with until_next_time("ranking"):
            self.rankings.refresh()
            self.forgetting.confirm(self.rankings.ranked, now())

    @timer(interval=RANKING_SECONDS)
    def try_weights(self) -> None:
        """Compares the weights that somebody wants to try with those that count."""
        with until_next_time("weights-trial"):
            self.trials.carry_out(now())
