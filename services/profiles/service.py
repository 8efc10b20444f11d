"""The profiles service: people, companies, partners, referrals, and what they agreed to."""

from typing import Any

from services.foundation.consumer import Batch
from services.foundation.dependencies import Journal
from services.foundation.entrypoints import commands
from services.profiles.contract import SERVICE
from services.profiles.routes import ROUTES


class Profiles:
    name = SERVICE
    refuses = ("master_key", "master_key_previous", "token_secret")

    journal: Any = Journal(ROUTES)

    @commands
    def carry_out(self, batch: Batch) -> None:
        self.journal.handle(batch)
