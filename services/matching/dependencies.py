"""nameko dependency providers of matching: the timer's view of continuity, and the keeper of the rankings."""

from datetime import datetime
from typing import Any

from nameko.extensions import DependencyProvider

from services.foundation.broker import Broker
from services.foundation.command_sender import CommandSender
from services.foundation.database import open_database
from services.foundation.messages import SYSTEM, Envelope
from services.matching.agenda import Agenda
from services.matching.contract import SERVICE
from services.matching.forgetting import Forgetting, ForgettingDocument
from services.matching.kinship import kinship
from services.matching.overdue import OverdueReport, overdue_reports
from services.matching.rankings import Rankings, RankingStateDocument, pause
from services.matching.weights_kept import KEPT, Trials, current_weights


class OverdueSweep:
    """Sends a command for each step that is late. The same step leads to the same command id, so sweeps do not add up."""

    def __init__(self, agenda: Agenda, sender: CommandSender) -> None:
        self._agenda = agenda
        self._sender = sender

    def sweep(self, as_of: datetime) -> None:
        """Raises SendingFailed; the next sweep finds the same steps again."""
        reports = overdue_reports(self._agenda.late(as_of), as_of)
        self._sender.send_all((_envelope(report, as_of), report.command) for report in reports)


def _envelope(report: OverdueReport, as_of: datetime) -> Envelope:
    return Envelope(report.command_id, report.contact, SERVICE, as_of, SYSTEM, correlation_id=report.command_id)


class Continuity(DependencyProvider):
    """Provides an OverdueSweep."""

    def __init__(self) -> None:
        self._sweep: OverdueSweep | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        database = open_database(settings, SERVICE)
        self._sweep = OverdueSweep(Agenda(database), CommandSender(Broker(settings)))

    def get_dependency(self, worker_ctx: Any) -> OverdueSweep | None:
        return self._sweep


class ForgettingKeeper(DependencyProvider):
    """Provides Forgetting."""

    def __init__(self) -> None:
        self._forgetting: Forgetting | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        database = open_database(settings, SERVICE, ForgettingDocument)
        self._forgetting = Forgetting(database, Agenda(database).open_contacts, CommandSender(Broker(settings)))

    def get_dependency(self, worker_ctx: Any) -> Forgetting | None:
        return self._forgetting


class TrialKeeper(DependencyProvider):
    """Provides Trials."""

    def __init__(self) -> None:
        self._trials: Trials | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        database, related = open_database(settings, SERVICE, *KEPT), kinship(settings.vocabulary).related
        self._trials = Trials(database, CommandSender(Broker(settings)), pause, related)

    def get_dependency(self, worker_ctx: Any) -> Trials | None:
        return self._trials


class RankingKeeper(DependencyProvider):
    """Provides Rankings."""

    def __init__(self) -> None:
        self._rankings: Rankings | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        database = open_database(settings, SERVICE, RankingStateDocument)
        related = kinship(settings.vocabulary).related
        self._rankings = Rankings(database, Broker(settings), pause, related, lambda: current_weights(database))

    def stop(self) -> None:
        if self._rankings is not None:
            self._rankings.resign()

    def get_dependency(self, worker_ctx: Any) -> Rankings | None:
        return self._rankings
