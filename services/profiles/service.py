"""The profiles service: people, companies, partners, referrals, prospects, and what they agreed to."""

from typing import Any

from nameko.timer import timer

from services.foundation.broker import events_topic
from services.foundation.consumer import Batch
from services.foundation.dependencies import Journal, Repeating, Views
from services.foundation.entrypoints import commands, events
from services.foundation.faults import until_next_time
from services.foundation.messages import now
from services.foundation.settings import settings
from services.profiles.contract import SERVICE
from services.profiles.declined_prospects import DeclinedProspectDocument, DeclinedProspectsView
from services.profiles.dependencies import Minimiser
from services.profiles.merge_process import both_sides_of_a_merge
from services.profiles.process_managers import agreement
from services.profiles.routes import ROUTES


class Profiles:
    name = SERVICE
    refuses = ("master_key", "master_key_previous", "token_secret")

    journal: Any = Journal(ROUTES)
    views: Any = Views(DeclinedProspectsView(), documents=(DeclinedProspectDocument,))
    processes: Any = Repeating(lambda _: (agreement, both_sides_of_a_merge))
    minimiser: Any = Minimiser()

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)

    @events(events_topic(SERVICE))
    def follow(self, batch: Batch) -> None:
        self.views.handle(batch)
        self.processes.handle(batch)

    @timer(interval=settings().sweep_seconds)
    def sweep(self) -> None:
        """Asks for those who declined long enough ago to be minimised; the prospects decide."""
        with until_next_time("minimisation"):
            self.minimiser.sweep(now())
