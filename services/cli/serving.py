"""Running an installation in the foreground, from start to Ctrl-C, a closed terminal or ``bruecke down``."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType

from rich.console import Console

from deploy.embedded.installation import Installation
from services.cli.options import ROOT

INTERRUPTED = 130
"""The exit status of what was ended by Ctrl-C."""


class StopRequested(BaseException):
    """Someone wants the installation to stop. Like KeyboardInterrupt, nothing on the way catches it."""


@contextmanager
def serving(console: Console, data: Path, http_port: int, grpc_port: int) -> Iterator[Installation]:
    """A started installation; stopped in order afterwards, however the block ends.

    Raises SystemExit where the block is interrupted before it has done its work.
    """
    bruecke, interrupted = Installation(data, http_port, grpc_port), False
    with stop_on_signals(bruecke.hurry), bruecke:
        try:
            start(console, bruecke)
            yield bruecke
        except StopRequested:
            interrupted = True
        print("Stopping …", flush=True)  # not by the console: the interruption may have left it in the middle of a line
    print("Stopped.", flush=True)
    if interrupted:
        raise SystemExit(INTERRUPTED)


def start(console: Console, bruecke: Installation) -> None:
    """Starts it and says so while it comes up."""
    bruecke.launch()
    with busy(console, "Starting broker, database, mail and services …"):
        bruecke.wait_until_ready()


def busy(console: Console, what: str) -> AbstractContextManager[object]:
    """Says what is being done: on a terminal for as long as it lasts, elsewhere with a line."""
    if console.is_terminal:
        return console.status(what)
    console.print(what)
    return nullcontext()


def wait_for_stop() -> None:
    """Does nothing until someone wants the installation to stop."""
    with suppress(StopRequested):
        while True:
            signal.pause()


@contextmanager
def stop_on_signals(hurry: Callable[[], None]) -> Iterator[None]:
    """The first signal raises StopRequested in the main thread; a further one calls ``hurry``.

    Whoever ignores hang-ups (nohup) goes on ignoring them.
    """
    seen: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        seen.append(number)
        if number == signal.SIGHUP:
            _forget_terminal()
        if len(seen) > 1:
            hurry()
        else:
            raise StopRequested

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _forget_terminal() -> None:
    """Output goes nowhere from now on: the terminal is gone."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def show_addresses(console: Console, bruecke: Installation) -> None:
    """Where it can be reached."""
    for name, where in (
        ("HTTP", bruecke.address),
        ("API documentation", f"{bruecke.address}/docs"),
        ("gRPC for partners", bruecke.grpc_address),
        ("Data", shortest(bruecke.data)),
    ):
        console.print(f"  {name:<18} {where}", highlight=False, soft_wrap=True)


def shortest(path: Path) -> str:
    """The path as one would type it in the repository."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
