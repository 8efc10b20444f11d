"""Waiting for what is away for a while: a service, broker or database that is started again in the middle of an import."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.gateway.commander import BrokerAway, DeadlinePassed
from services.gateway.problems import AWAY

T = TypeVar("T")

PATIENCE_SECONDS = 90.0
PAUSE_SECONDS = 0.5


class NotAnswering(Exception):
    """Broker, database or service did not answer for so long that going on makes no sense."""


async def patiently(attempt: Callable[[], Awaitable[T]], seconds: float = PATIENCE_SECONDS) -> T:
    """What ``attempt`` gives, tried again while something is away. It must be safe to repeat. Raises NotAnswering."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await attempt()
        except (DeadlinePassed, BrokerAway, *AWAY) as away:
            if time.monotonic() > deadline:
                raise NotAnswering(f"no answer within {seconds:.0f} seconds ({type(away).__name__})") from None
            await asyncio.sleep(PAUSE_SECONDS)
