"""Waiting for what must come, instead of sleeping for luck."""

import threading
import time
from collections.abc import Callable

_never = threading.Event()


def eventually(holds: Callable[[], bool], within: float = 30.0) -> None:
    """Returns as soon as the condition holds; fails when it does not within these seconds."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        _never.wait(0.02)
