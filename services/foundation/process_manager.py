"""Process managers: pure functions from events to the commands that follow, sent under ids that a replay makes again."""

from collections.abc import Iterable, Sequence

import mongoengine
import structlog
from pymongo import UpdateOne
from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.command_sender import CommandSender
from services.foundation.consumer import Batch
from services.foundation.database import Document
from services.foundation.event_store import LOOKUP
from services.foundation.logs import log_all
from services.foundation.messages import SYSTEM, Command, Envelope, Recorded
from services.foundation.projection import EventGap
from services.foundation.reaction import React, Request

log = structlog.get_logger()


class FollowedDocument(mongoengine.Document):
    """The last version of a stream to which a process manager has reacted. The id is ``<process>/<stream>``."""

    id = mongoengine.StringField(primary_key=True)
    version = mongoengine.LongField(required=True)
    meta = {"collection": "followed", "auto_create_index": False}  # noqa: RUF012


class ProcessManager:
    """Runs reactions over batches of events. The commands are with the broker before the versions are remembered."""

    def __init__(
        self, name: str, service: str, reactions: Sequence[React], database: Database[Document], sender: CommandSender
    ) -> None:
        self._name = name
        self._service = service
        self._reactions = reactions
        self._followed = database["followed"]
        self._sender = sender

    def handle(self, batch: Batch) -> None:
        """Reacts to the events that are new; raises EventGap and SendingFailed."""
        if not batch.recorded:
            return
        known = self._known({each.stream for each in batch.recorded})
        before = dict(known)
        commands: list[tuple[Envelope, Command]] = []
        for each in batch.recorded:
            if self._is_new(each, known):
                commands.extend(self._commands(each))
        self._sender.send_all(commands)
        sent = [{"correlation_id": each.correlation_id, "stream": each.stream} for each, _ in commands]
        log_all(log, "commands.sent", sent, process=self._name)
        self._remember({stream: version for stream, version in known.items() if version != before[stream]})

    def _is_new(self, recorded: Recorded, known: dict[str, int]) -> bool:
        version = recorded.envelope.version
        if version <= known[recorded.stream]:
            return False
        if version > known[recorded.stream] + 1:
            raise EventGap(f"{self._name}: {recorded.stream} is at {known[recorded.stream]}, then came {version}")
        known[recorded.stream] = version
        return True

    def _commands(self, recorded: Recorded) -> Iterable[tuple[Envelope, Command]]:
        for react in self._reactions:
            for request in react(recorded):
                yield request_envelope(self._service, recorded.envelope, request), request.command

    def _known(self, streams: Iterable[str]) -> dict[str, int]:
        known = dict.fromkeys(streams, 0)
        ids = [f"{self._name}/{stream}" for stream in known]
        for start in range(0, len(ids), LOOKUP):
            for document in self._followed.find({"_id": {"$in": ids[start : start + LOOKUP]}}):
                known[document["_id"].partition("/")[2]] = document["version"]
        return known

    def _remember(self, versions: dict[str, int]) -> None:
        if versions:
            self._followed.bulk_write(
                [
                    UpdateOne({"_id": f"{self._name}/{stream}"}, {"$max": {"version": version}}, upsert=True)
                    for stream, version in versions.items()
                ],
                ordered=False,
            )


class RepeatingProcess:
    """Runs reactions whenever an event comes, also when it comes again. A broker that is made anew may have lost the command.

    For events that are rare, and commands that change nothing the second time.
    """

    def __init__(self, service: str, reactions: Sequence[React], sender: CommandSender) -> None:
        self._service = service
        self._reactions = reactions
        self._sender = sender

    def handle(self, batch: Batch) -> None:
        """Raises SendingFailed."""
        self._sender.send_all(
            (request_envelope(self._service, each.envelope, request), request.command)
            for each in batch.recorded
            for react in self._reactions
            for request in react(each)
        )


def request_envelope(service: str, cause: Envelope, request: Request) -> Envelope:
    """The envelope of a command that an event led to. Its id follows from the event, so a replay makes the same one."""
    about = (request.about,) if request.about else ()
    return Envelope(
        id=derived_id(cause.id, request.stream, request.command.TYPE, *about),
        stream=request.stream,
        source=service,
        time=cause.time,
        actor=SYSTEM,
        correlation_id=cause.correlation_id,
        causation_id=cause.id,
        traceparent=cause.traceparent,
    )
