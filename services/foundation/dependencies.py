"""nameko dependency providers of the foundation: what a service class needs to be no more than a routing table."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from nameko.extensions import DependencyProvider
from pymongo.database import Database

from services.foundation.aggregate import Routes
from services.foundation.broker import Broker
from services.foundation.command_loop import CommandLoop
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document, open_database
from services.foundation.entrypoints import Events
from services.foundation.event_store import DOCUMENTS, EventStore
from services.foundation.process_manager import FollowedDocument, ProcessManager, RepeatingProcess
from services.foundation.projection import Projection, Projector
from services.foundation.publisher import Publisher
from services.foundation.reaction import React
from services.foundation.rebuilding import Rebuilding, republishing
from services.foundation.settings import Settings
from services.foundation.status import ProcessStatus

MakeRoutes = Callable[[Database[Document]], Routes]
MakeReactions = Callable[[Database[Document]], Sequence[React]]


class Journal(DependencyProvider):
    """Carries out the commands of the service and keeps its events. ``routes`` may look into the service's own database."""

    def __init__(self, routes: Routes | MakeRoutes) -> None:
        self._routes = routes
        self._loop: CommandLoop | None = None

    def setup(self) -> None:
        settings, service = self.container.config["settings"], self.container.service_name
        database = open_database(settings, service, *DOCUMENTS)
        store = EventStore(database)
        routes = self._routes(database) if callable(self._routes) else self._routes
        publisher = Publisher(service, Broker(settings), store)
        self._loop = CommandLoop(service, routes, store, publisher, settings.cached_streams)

    def get_dependency(self, worker_ctx: Any) -> CommandLoop | None:
        return self._loop


class Views(DependencyProvider):
    """Keeps documents of the service's own that are made of events.

    Those that are new, or that are ordered to be rebuilt, are made here: nothing of the service starts before all is set up.
    """

    def __init__(self, *projections: Projection, documents: Sequence[type[Any]] = ()) -> None:
        self._projections = projections
        self._documents = documents
        self._projector: Projector | None = None

    def setup(self) -> None:
        settings: Settings = self.container.config["settings"]
        service = self.container.service_name
        open_views = partial(open_database, settings, service, *self._documents)
        database = open_views()
        self._make(settings, service, open_views, database)
        self._projector = Projector(database, self._projections)

    def _make(
        self, settings: Settings, service: str, open_views: Callable[[], Database[Document]], database: Database[Document]
    ) -> None:
        process: ProcessStatus = self.container.config["status"]
        topics = tuple(topic for each in self.container.entrypoints if isinstance(each, Events) for topic in each.topics)
        status = process.consumer(f"{service}.views", topics)
        again = republishing(settings, service, database)
        rebuilding = Rebuilding(settings, open_views, self._projections, topics, status, tell_again=again)
        if not rebuilding.carry_out():
            threading.Event().wait()  # the log says why; whoever mends it starts the service again
        process.consumers.remove(status)

    def get_dependency(self, worker_ctx: Any) -> Projector | None:
        return self._projector


class Process(DependencyProvider):
    """A process manager: reactions that turn events into commands.

    ``name``: under which it is remembered what was followed. It never changes: under another one all that ever happened would
    be followed again.
    """

    def __init__(self, name: str, reactions: MakeReactions) -> None:
        self.name = name
        self._reactions = reactions
        self._manager: ProcessManager | None = None

    def setup(self) -> None:
        settings, service = self.container.config["settings"], self.container.service_name
        database = open_database(settings, service, FollowedDocument)
        sender = CommandSender(Broker(settings))
        self._manager = ProcessManager(self.name, service, self._reactions(database), database, sender)

    def get_dependency(self, worker_ctx: Any) -> ProcessManager | None:
        return self._manager


class Repeating(DependencyProvider):
    """A process that reacts to an event each time that it comes; see RepeatingProcess."""

    def __init__(self, reactions: MakeReactions) -> None:
        self._reactions = reactions
        self._process: RepeatingProcess | None = None

    def setup(self) -> None:
        settings, service = self.container.config["settings"], self.container.service_name
        reactions = self._reactions(open_database(settings, service))
        self._process = RepeatingProcess(service, reactions, CommandSender(Broker(settings)))

    def get_dependency(self, worker_ctx: Any) -> RepeatingProcess | None:
        return self._process
