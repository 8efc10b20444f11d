"""The matching service: contacts and their meetings, who suits which need, and that no conversation dies unnoticed."""

from typing import Any

from nameko.timer import timer

from services.foundation.broker import events_topic
from services.foundation.consumer import Batch
from services.foundation.dependencies import Journal, Process, Repeating, Views
from services.foundation.entrypoints import commands, events
from services.foundation.faults import until_next_time
from services.foundation.messages import now
from services.foundation.settings import settings
from services.matching import wiring
from services.matching.contract import SERVICE
from services.matching.dependencies import Continuity, DatesKeeper, ForgettingKeeper, NoticeExpiry, RankingKeeper, TrialKeeper
from services.profiles.contract import SERVICE as PROFILES

RANKING_SECONDS = 0.2
"""A withdrawn consent must be out of the rankings within a second."""


class Matching:
    name = SERVICE
    refuses = ("master_key", "master_key_previous", "token_secret")

    journal: Any = Journal(wiring.all_routes)
    views: Any = Views(*(view() for view in wiring.VIEWS), documents=wiring.DOCUMENTS)
    processes: Any = Process("withdrawal", wiring.reactions)  # named after the first of them: a new name would begin anew
    erasures: Any = Repeating(wiring.farewells)
    continuity: Any = Continuity()
    dates: Any = DatesKeeper()
    notice_expiry: Any = NoticeExpiry()
    rankings: Any = RankingKeeper()
    forgetting: Any = ForgettingKeeper()
    trials: Any = TrialKeeper()

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)

    @events(events_topic(PROFILES), events_topic(SERVICE))
    def follow(self, batch: Batch) -> None:
        self.views.handle(batch)
        self.processes.handle(batch)
        self.erasures.handle(batch)
        if batch.fresh:
            self.rankings.forget_published()
        else:
            changed = [each.stream for each in batch.recorded if wiring.counts_for_ranking(each)]
            if changed:
                self.forgetting.note(batch.recorded, self.rankings.touch(changed))

    @timer(interval=settings().sweep_seconds)
    def sweep(self) -> None:
        """Tells contacts what stays undone and which dates have gone by, and notices that they expired; these decide."""
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

    @timer(interval=RANKING_SECONDS)
    def try_weights(self) -> None:
        """Compares the weights that somebody wants to try with those that count."""
        with until_next_time("weights-trial"):
            self.trials.carry_out(now(), self.rankings.people)
