"""nameko dependency providers of notifications: the outbox with everything it needs, and what came too early."""

from typing import Any

from nameko.extensions import DependencyProvider

from services.foundation.broker import Broker
from services.foundation.command_sender import CommandSender
from services.foundation.database import open_database
from services.foundation.dead_letters import DeadLetterDocument
from services.foundation.privacy import open_vault
from services.notifications.address_book import AddressBook
from services.notifications.contract import SERVICE
from services.notifications.delivering import Outbox
from services.notifications.late import Latecomers
from services.notifications.outbox import DeliveryDocument


class Late(DependencyProvider):
    """Provides Latecomers."""

    def __init__(self) -> None:
        self._latecomers: Latecomers | None = None

    def setup(self) -> None:
        self._latecomers = Latecomers(open_database(self.container.config["settings"], SERVICE, DeadLetterDocument))

    def get_dependency(self, worker_ctx: Any) -> Latecomers | None:
        return self._latecomers


class Postman(DependencyProvider):
    """Provides an Outbox."""

    def __init__(self) -> None:
        self._outbox: Outbox | None = None

    def setup(self) -> None:
        settings = self.container.config["settings"]
        database = open_database(settings, SERVICE, DeliveryDocument)
        book = AddressBook(database, open_vault(settings))
        self._outbox = Outbox(database, book, CommandSender(Broker(settings)), settings)

    def get_dependency(self, worker_ctx: Any) -> Outbox | None:
        return self._outbox
