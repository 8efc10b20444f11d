"""The profiles service: people, companies, partners, referrals, prospects, and what they agreed to."""

from dataclasses import replace
from typing import Any

from nameko.timer import timer

from services.foundation.broker import events_topic
from services.foundation.consumer import Batch
from services.foundation.dependencies import Journal, Process, Views
from services.foundation.entrypoints import commands, events
from services.foundation.faults import until_next_time
from services.foundation.messages import now
from services.foundation.settings import settings
from services.profiles.contract import SERVICE
from services.profiles.declined_prospects import DeclinedProspectDocument, DeclinedProspectsView
from services.profiles.dependencies import Minimiser
from services.profiles.process_managers import agreement
from services.profiles.routes import ROUTES


class Profiles:
    name = SERVICE
    refuses = ("master_key", "master_key_previous", "token_secret")

    journal: Any = Journal(ROUTES)
    views: Any = Views(DeclinedProspectsView(), documents=(DeclinedProspectDocument,))
    outreach: Any = Process("outreach", lambda _: (agreement,))
    minimiser: Any = Minimiser()

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)

    @events(events_topic(SERVICE))
    def follow(self, batch: Batch) -> None:
        prospects = _of("prospect", batch)
        self.views.handle(prospects)
        self.outreach.handle(prospects)

    @timer(interval=settings().sweep_seconds)
    def sweep(self) -> None:
        """Asks for those who declined long enough ago to be minimised; the prospects decide."""
        with until_next_time("minimisation"):
            self.minimiser.sweep(now())


def _of(category: str, batch: Batch) -> Batch:
    """What of a batch concerns streams of this kind: of the others no process needs to remember anything."""
    return replace(batch, recorded=tuple(each for each in batch.recorded if each.stream.startswith(f"{category}-")))
