"""nameko dependency providers of the foundation: what a service class needs to be no more than a routing table."""

from collections.abc import Callable, Sequence
from typing import Any

from nameko.extensions import DependencyProvider
from pymongo.database import Database

from services.foundation.aggregate import Routes
from services.foundation.broker import Broker
from services.foundation.command_loop import CommandLoop
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document, open_database
from services.foundation.event_store import DOCUMENTS, EventStore
from services.foundation.process_manager import FollowedDocument, ProcessManager, RepeatingProcess
from services.foundation.projection import Projection, Projector
from services.foundation.publisher import Publisher
from services.foundation.reaction import React

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
    """Keeps documents of the service's own that are made of events."""

    def __init__(self, *projections: Projection, documents: Sequence[type[Any]] = ()) -> None:
        self._projections = projections
        self._documents = documents
        self._projector: Projector | None = None

    def setup(self) -> None:
        database = open_database(self.container.config["settings"], self.container.service_name, *self._documents)
        self._projector = Projector(database, self._projections)

    def get_dependency(self, worker_ctx: Any) -> Projector | None:
        return self._projector


class Process(DependencyProvider):
    """A process manager: reactions that turn events into commands."""

    def __init__(self, name: str, reactions: MakeReactions) -> None:
        self._name = name
        self._reactions = reactions
        self._manager: ProcessManager | None = None

    def setup(self) -> None:
        settings, service = self.container.config["settings"], self.container.service_name
        database = open_database(settings, service, FollowedDocument)
        sender = CommandSender(Broker(settings))
        self._manager = ProcessManager(self._name, service, self._reactions(database), database, sender)

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
