"""Reactions: pure functions from an event to the commands that follow. A process manager runs them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.foundation.messages import Command, Recorded


@dataclass(frozen=True, slots=True)
class Request:
    """A command that is to be carried out, and on which stream."""

    stream: str
    command: Command


React = Callable[[Recorded], Iterable[Request]]
