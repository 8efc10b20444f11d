"""The profiles service: people, companies, partners, referrals, and what they agreed to."""

from typing import Any

from services.foundation.broker import events_topic
from services.foundation.consumer import Batch
from services.foundation.dependencies import Journal, Process
from services.foundation.entrypoints import commands, events
from services.profiles.contract import SERVICE
from services.profiles.merge_process import both_sides_of_a_merge
from services.profiles.routes import ROUTES


class Profiles:
    name = SERVICE

    journal: Any = Journal(ROUTES)
    merging: Any = Process("merging", lambda _: (both_sides_of_a_merge,))

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)

    @events(events_topic(SERVICE))
    def follow(self, batch: Batch) -> None:
        self.merging.handle(batch)
