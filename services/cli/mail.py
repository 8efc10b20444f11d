"""``bruecke mail``: the messages that the local mail sink has kept."""

from collections.abc import Iterable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.embedded.problems import Problem
from services.cli.options import DEFAULT_DATA, Data, OtherData

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer(help="Read the messages that went out.", invoke_without_command=True)


@app.callback()
def mail(context: typer.Context, data: Data = DEFAULT_DATA) -> None:
    """Read the messages that went out; without a further word, list them."""
    context.obj = data
    if context.invoked_subcommand is None:
        list_mail(context)


@app.command("list")
def list_mail(context: typer.Context, data: OtherData = None) -> None:
    """List all messages, oldest first."""
    from rich.console import Console

    messages = mailbox(data or context.obj)
    Console().print(table_of(enumerate(messages, 1)) if messages else "No message has gone out yet.")


@app.command("show")
def show_mail(context: typer.Context, number: Annotated[int, typer.Argument(min=1)], data: OtherData = None) -> None:
    """Show one message by its number in the list."""
    messages = mailbox(data or context.obj)
    if number > len(messages):
        raise Problem(f"there is no message {number}; the mailbox holds {len(messages)}")
    message = messages[number - 1]
    for name in ("Date", "From", "To", "Subject"):
        print(f"{name}: {message[name]}")
    print(f"\n{text_of(message)}".rstrip())


def text_of(message: EmailMessage) -> str:
    """What a message says in plain text."""
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""


def mailbox(data: Path) -> list[EmailMessage]:
    """All messages in the order in which they came."""
    parser = BytesParser(policy=policy.default)
    return [parser.parsebytes(path.read_bytes()) for path in sorted((data / "mailbox").glob("*.eml"))]


def table_of(messages: Iterable[tuple[int, EmailMessage]]) -> "Table":
    """Number in the mailbox, time, recipient and subject."""
    from rich.table import Column, Table

    table = Table("#", "sent", Column("to", no_wrap=True), "subject", box=None, header_style="dim", pad_edge=False)
    for number, message in messages:
        table.add_row(str(number), _time(message), str(message["To"]), str(message["Subject"]))
    return table


def _time(message: EmailMessage) -> str:
    sent = message["Date"]
    return f"{parsedate_to_datetime(str(sent)).astimezone():%H:%M:%S}" if sent else ""
