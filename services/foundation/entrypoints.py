"""The two nameko entrypoints: ``commands`` and ``events``. Both give a service method whole batches and wait for it.

An offset is committed only after the worker that handled the message has ended well.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from eventlet.event import Event as Signal
from nameko.extensions import Entrypoint

from services.foundation.broker import commands_topic
from services.foundation.cloudevents import command_from, recorded_from
from services.foundation.consumer import Batch, BatchConsumer, Read
from services.foundation.database import open_database
from services.foundation.dead_letters import DeadLetterDocument, DeadLetters


class BatchEntrypoint(Entrypoint):
    """Consumes topics as one member of a group and spawns one worker a batch."""

    read: ClassVar[Read] = staticmethod(recorded_from)
    fetch_wait: ClassVar[str] = "kafka_fetch_wait_ms"
    """The setting that says how long the broker may hold back an empty answer."""

    def __init__(self, **options: Any) -> None:
        self._consumer: Any = None
        self._loop: Any = None
        super().__init__(**options)

    def subscription(self) -> tuple[str, Sequence[str]]:
        """The consumer group and the topics."""
        raise NotImplementedError(f"{type(self).__name__} must say what it consumes")

    def setup(self) -> None:
        settings, status = self.container.config["settings"], self.container.config["status"]
        group, topics = self.subscription()
        database = open_database(settings, self.container.service_name, DeadLetterDocument)
        self._consumer = BatchConsumer(
            settings,
            group,
            topics,
            self._work,
            DeadLetters(database, group),
            status.consumer(group, tuple(topics)),
            read=type(self).read,
            fetch_wait_ms=getattr(settings, self.fetch_wait),
        )

    def start(self) -> None:
        self._loop = self.container.spawn_managed_thread(self._consumer.run, identifier=str(self))

    def stop(self) -> None:
        """Lets the batch in hand end, commits, leaves the group."""
        self._consumer.stop()
        self._loop.wait()

    def _work(self, batch: Batch) -> None:
        done = Signal()

        def ended(worker: Any, result: Any, failure: Any) -> tuple[Any, Any]:
            done.send(failure)
            return result, failure

        self.container.spawn_worker(self, (batch,), {}, handle_result=ended)
        failure = done.wait()
        if failure is not None:
            raise failure[1]


class Commands(BatchEntrypoint):
    """``@commands``: the commands of this service."""

    read: ClassVar[Read] = staticmethod(command_from)

    def subscription(self) -> tuple[str, Sequence[str]]:
        topic = commands_topic(self.container.service_name)
        return topic, (topic,)


class Events(BatchEntrypoint):
    """``@events(topic, …)``: the events that this service follows, its own or others'."""

    fetch_wait: ClassVar[str] = "kafka_follow_wait_ms"

    def __init__(self, *topics: str, **options: Any) -> None:
        self.topics = topics
        super().__init__(**options)

    def subscription(self) -> tuple[str, Sequence[str]]:
        return f"{self.container.service_name}.events", self.topics


commands = Commands.decorator
events = Events.decorator
