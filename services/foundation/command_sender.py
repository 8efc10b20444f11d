"""Sending commands to the service that they are for."""

import threading
from collections.abc import Iterable
from typing import Any

from services.foundation.broker import Broker, commands_topic
from services.foundation.cloudevents import headers_of
from services.foundation.faults import PassingFault
from services.foundation.messages import Command, Envelope

FLUSH_SECONDS = 20


class SendingFailed(PassingFault):
    """The broker did not confirm a command. It may have arrived all the same, so send it again under the same id."""


class CommandSender:
    """Puts commands on ``<service>.commands``, keyed by their stream. May be shared by threads."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._producer: Any = None
        self._lock = threading.Lock()

    def send(self, envelope: Envelope, command: Command) -> Any:
        """Hands the command to the producer; gives a kafka-python future of its record."""
        service = command.TYPE.partition(".")[0]
        headers = headers_of(command.TYPE, envelope)
        return self._open().send(commands_topic(service), command.to_json(), envelope.stream.encode(), headers)

    def send_all(self, commands: Iterable[tuple[Envelope, Command]]) -> None:
        """Sends these commands and waits until the broker has them all; raises SendingFailed."""
        futures = [self.send(envelope, command) for envelope, command in commands]
        if not futures:
            return
        self._open().flush(FLUSH_SECONDS)
        failed = next((future for future in futures if not future.is_done or future.failed()), None)
        if failed is not None:
            self.close()
            raise SendingFailed(f"the broker did not confirm: {failed.exception or 'no answer'}")

    def _open(self) -> Any:
        with self._lock:
            if self._producer is None:
                self._producer = self._broker.producer()
            return self._producer

    def close(self) -> None:
        with self._lock:
            if self._producer is not None:
                self._producer.close(timeout=1)
                self._producer = None
