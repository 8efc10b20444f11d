"""nameko dependency providers of matching: the timer's view of continuity, and the keeper of the rankings."""

from datetime import datetime
from typing import Any

from nameko.extensions import DependencyProvider

from services.foundation.aggregate import derived_id
from services.foundation.broker import Broker
from services.foundation.command_sender import CommandSender
from services.foundation.database import open_database
from services.foundation.messages import SYSTEM, Envelope
from services.matching.agenda import Agenda
from services.matching.busy import BusyTimes
from services.matching.contract import SERVICE, LapseDates
from services.matching.forgetting import Forgetting, ForgettingDocument
from services.matching.notice_board import ExpirySweep, NoticeBoard
from services.matching.overdue import OverdueReport, overdue_reports
from services.matching.rankings import Rankings, RankingStateDocument, pause


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


class DatesSweep:
    """Sends a command for each open proposal of dates that have all gone by. Its id follows from the proposal."""

    def __init__(self, busy: BusyTimes, sender: CommandSender) -> None:
        self._busy = busy
        self._sender = sender

    def sweep(self, as_of: datetime) -> None:
        """Raises SendingFailed; the next sweep finds the same proposals again."""
        self._sender.send_all(_lapse(contact, command, as_of) for contact, command in self._busy.lapsed(as_of))


def _lapse(contact: str, command: LapseDates, as_of: datetime) -> tuple[Envelope, LapseDates]:
    id = derived_id("lapsed", contact, command.proposal_id)
    return Envelope(id, contact, SERVICE, as_of, SYSTEM, correlation_id=id), command


class DatesKeeper(DependencyProvider):
    """Provides a DatesSweep."""

    def __init__(self) -> None:
        self._sweep: DatesSweep | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        self._sweep = DatesSweep(BusyTimes(open_database(settings, SERVICE)), CommandSender(Broker(settings)))

    def get_dependency(self, worker_ctx: Any) -> DatesSweep | None:
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


class RankingKeeper(DependencyProvider):
    """Provides Rankings."""

    def __init__(self) -> None:
        self._rankings: Rankings | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        database = open_database(settings, SERVICE, RankingStateDocument)
        self._rankings = Rankings(database, Broker(settings), pause)

    def get_dependency(self, worker_ctx: Any) -> Rankings | None:
        return self._rankings


class NoticeExpiry(DependencyProvider):
    """Provides an ExpirySweep."""

    def __init__(self) -> None:
        self._sweep: ExpirySweep | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        board = NoticeBoard(open_database(settings, SERVICE))
        self._sweep = ExpirySweep(board, CommandSender(Broker(settings)))

    def get_dependency(self, worker_ctx: Any) -> ExpirySweep | None:
        return self._sweep
