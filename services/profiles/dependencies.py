"""nameko dependency provider of profiles: what the timer does."""

from datetime import datetime, timedelta
from typing import Any

from nameko.extensions import DependencyProvider

from services.foundation.broker import Broker
from services.foundation.command_sender import CommandSender
from services.foundation.database import open_database
from services.foundation.messages import SYSTEM, Envelope
from services.profiles.contract import SERVICE
from services.profiles.declined_prospects import DeclinedProspects, Minimisation, minimisations


class MinimisingSweep:
    """Sends a command for each prospect that declined at least ``kept`` ago."""

    def __init__(self, declined: DeclinedProspects, sender: CommandSender, kept: timedelta) -> None:
        self._declined = declined
        self._sender = sender
        self._kept = kept

    def sweep(self, as_of: datetime) -> None:
        """Raises SendingFailed; the next sweep finds the same prospects again."""
        until = as_of - self._kept
        wanted = minimisations(self._declined.until(until), until)
        self._sender.send_all((_envelope(each, as_of), each.command) for each in wanted)


def _envelope(each: Minimisation, as_of: datetime) -> Envelope:
    return Envelope(each.command_id, each.prospect, SERVICE, as_of, SYSTEM, correlation_id=each.command_id)


class Minimiser(DependencyProvider):
    """Provides a MinimisingSweep."""

    def __init__(self) -> None:
        self._sweep: MinimisingSweep | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        declined = DeclinedProspects(open_database(settings, SERVICE))
        kept = timedelta(days=settings.prospect_kept_days)
        self._sweep = MinimisingSweep(declined, CommandSender(Broker(settings)), kept)

    def get_dependency(self, worker_ctx: Any) -> MinimisingSweep | None:
        return self._sweep
