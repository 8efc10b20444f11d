"""Reactions: pure functions from an event to the commands that follow. A process manager runs them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.foundation.messages import Command, Recorded


@dataclass(frozen=True, slots=True)
class Request:
    """A command that is to be carried out, and on which stream.

    ``about`` tells apart commands of the same type that one event leads to on one stream; else the second would be taken for
    the first come again.
    """

    stream: str
    command: Command
    about: str = ""


React = Callable[[Recorded], Iterable[Request]]
