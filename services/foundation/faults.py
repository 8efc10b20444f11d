"""Which faults pass by themselves, and how long to wait before the next try."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from kafka.errors import CorruptRecordError, KafkaError, UnsupportedVersionError
from pymongo.errors import ConnectionFailure, ExecutionTimeout, WaitQueueTimeoutError, WTimeoutError

log = structlog.get_logger()


class PassingFault(Exception):
    """Something that will be all right when it is tried again."""


PASSING = (
    PassingFault,
    ConnectionFailure,
    ExecutionTimeout,
    WaitQueueTimeoutError,
    WTimeoutError,
    KafkaError,
    ConnectionError,
    TimeoutError,
)
"""Faults of the database, the broker or the way to them: retried for as long as they last."""

LASTING = (CorruptRecordError, UnsupportedVersionError)
"""Kafka errors that no retry mends."""


def passes(fault: BaseException) -> bool:
    """Whether this fault is retried for as long as it lasts, rather than parked as a dead letter."""
    return isinstance(fault, PASSING) and not isinstance(fault, LASTING)


def backoff(first: float = 0.05, most: float = 2.0) -> Iterator[float]:
    """Seconds to wait before each further try: doubling up to ``most``, with jitter so that many do not come at once."""
    wait = first
    while True:
        yield wait * random.uniform(0.5, 1.0)
        wait = min(wait * 2, most)


@contextmanager
def until_next_time(what: str) -> Iterator[None]:
    """For work that a timer repeats: a passing fault is logged, and the next tick tries again."""
    try:
        yield
    except PASSING as fault:
        if not passes(fault):
            raise
        log.warning("timer.waits", what=what, problem=f"{type(fault).__name__}: {fault}".splitlines()[0][:200])
