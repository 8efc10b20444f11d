"""``python -m deploy.embedded.mail_sink --port P --folder F``: a mail server that keeps every message and delivers none.

Each message is one ``.eml`` file, written whole before the sender is told that it was taken.
"""

import argparse
import asyncio
import itertools
import os
import signal
import smtplib
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.embedded.child import Program
from deploy.embedded.keys import environment_without_secrets
from deploy.embedded.ports import HOST

ROOT = Path(__file__).resolve().parents[2]


def program(port: int, folder: Path) -> Program:
    """The mail sink on this port with its mailbox in this folder."""
    command = (sys.executable, "-P", "-m", "deploy.embedded.mail_sink", "--port", str(port), "--folder", str(folder))
    return Program("mail", command, lambda: answers(port), lambda: environment_without_secrets() | {"PYTHONPATH": str(ROOT)})


def answers(port: int) -> bool:
    """Whether a mail server answers on this port."""
    try:
        with smtplib.SMTP(HOST, port, timeout=1) as client:
            return client.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


class Mailbox:
    """A folder of messages, named by when they came. aiosmtpd calls ``handle_DATA``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._count = itertools.count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.getpid()}-{next(self._count)}.eml"
        await asyncio.to_thread(self._keep, name, content)
        return "250 kept"

    def _keep(self, name: str, content: bytes) -> None:
        partial = self._folder / f".{name}.partial"
        partial.write_bytes(content)
        partial.replace(self._folder / name)


async def serve(port: int, folder: Path) -> None:
    """Takes mail until SIGTERM."""
    mailbox, stopped = Mailbox(folder), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True, loop=loop), HOST, port)
    await stopped.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="A mail server that keeps every message and delivers none.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.port, chosen.folder))


if __name__ == "__main__":
    main()
