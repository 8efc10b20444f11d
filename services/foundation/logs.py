"""Structured logs: one JSON object a line, with the service and, where there is one, the correlation id. No personal data."""

import logging
import sys
from collections.abc import Sequence
from typing import Any

import structlog

ON_A_LINE = 50
"""Commands; each takes some 150 bytes."""


def configure_logs(service: str, level: str) -> None:
    """Sends structlog and the standard library's loggers to standard error as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _service(service),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=max(logging.WARNING, logging.getLevelName(level.upper())), force=True)


def log_all(log: Any, event: str, commands: Sequence[dict[str, str]], **more: str) -> None:
    """One line for many commands, and a further one where it would be longer than what collects lines takes (16 kB)."""
    for start in range(0, len(commands), ON_A_LINE):
        log.info(event, commands=commands[start : start + ON_A_LINE], **more)


def _service(name: str) -> structlog.typing.Processor:
    def add(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["service"] = name
        return event

    return add
