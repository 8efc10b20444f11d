"""nameko dependency providers of matching: the timer's view of continuity, and the keeper of the rankings."""

from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from nameko.extensions import DependencyProvider

from services.foundation.aggregate import derived_id
from services.foundation.broker import Broker
from services.foundation.command_sender import CommandSender
from services.foundation.database import open_database
from services.foundation.messages import SYSTEM, Envelope
from services.foundation.settings import Settings
from services.matching.agenda import Agenda
from services.matching.busy import BusyTimes
from services.matching.contract import SERVICE, LapseDates
from services.matching.forgetting import Forgetting, ForgettingDocument
from services.matching.kinship import kinship
from services.matching.next_step import FollowUpTimes
from services.matching.notice_board import ExpirySweep, NoticeBoard
from services.matching.overdue import StageReport, stage_reports
from services.matching.places import Places
from services.matching.rankings import Rankings, RankingStateDocument, pause
from services.matching.weights_kept import KEPT, Trials, current_weights


def follow_up_times(settings: Settings) -> FollowUpTimes:
    """The intervals as this process was told them."""
    return FollowUpTimes(
        remind_before=timedelta(hours=settings.remind_before_hours),
        escalate_after=timedelta(hours=settings.escalate_after_hours),
        escalate_to_head_after=timedelta(hours=settings.escalate_to_head_after_hours),
    )


class FollowUpSweep:
    """Sends a command for each step of which something is to follow. The same step and stage lead to the same command id, so
    sweeps do not add up. After a long stop each sweep makes up for one stage."""

    def __init__(self, agenda: Agenda, sender: CommandSender, times: FollowUpTimes) -> None:
        self._agenda = agenda
        self._sender = sender
        self._times = times

    def sweep(self, as_of: datetime) -> None:
        """Raises SendingFailed; the next sweep finds the same steps again."""
        undone = self._agenda.undone(due_before=as_of + self._times.remind_before)
        reports = stage_reports(undone, as_of, self._times)
        self._sender.send_all((_envelope(report, as_of), report.command) for report in reports)


def _envelope(report: StageReport, as_of: datetime) -> Envelope:
    return Envelope(report.command_id, report.contact, SERVICE, as_of, SYSTEM, correlation_id=report.command_id)


class Continuity(DependencyProvider):
    """Provides a FollowUpSweep."""

    def __init__(self) -> None:
        self._sweep: FollowUpSweep | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        database = open_database(settings, SERVICE)
        self._sweep = FollowUpSweep(Agenda(database), CommandSender(Broker(settings)), follow_up_times(settings))

    def get_dependency(self, worker_ctx: Any) -> FollowUpSweep | None:
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
        agenda, places = Agenda(database), Places(database)
        self._forgetting = Forgetting(
            database, lambda owner: chain(agenda.open_contacts(owner), places.ahead(owner)), CommandSender(Broker(settings))
        )

    def get_dependency(self, worker_ctx: Any) -> Forgetting | None:
        return self._forgetting


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
