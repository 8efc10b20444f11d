"""``bruecke dead-letters``: messages that a consumer put aside, and having them tried again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.embedded.problems import Problem
from services.cli.options import DEFAULT_DATA, Data

if TYPE_CHECKING:
    from pymongo.collection import Collection

app = typer.Typer(help="Messages that a consumer could not handle, and having them tried again.", no_args_is_help=True)

ID_LENGTH = 24
"""An id is shown whole on the narrowest terminal: the other commands ask for it."""

Letters = dict[str, "Collection[dict[str, Any]]"]


@app.command("list")
def list_letters(data: Data = DEFAULT_DATA) -> None:
    """List them all, by service, oldest first."""
    from rich.console import Console
    from rich.table import Column, Table

    id = Column("id", no_wrap=True, min_width=ID_LENGTH)
    table = Table(id, "service", "at", "message", "stream", "error", box=None, header_style="dim", pad_edge=False)
    with _collections(data) as collections:
        for service, letters in collections.items():
            for letter in letters.find().sort("order", 1):
                table.add_row(*_row(service, letter))
    Console().print(table if table.row_count else "No dead letters.")


@app.command("show")
def show_letter(id: str, data: Data = DEFAULT_DATA) -> None:
    """Show one with its headers and content."""
    with _collections(data) as collections:
        service, letter = _find(collections, id)
    print(f"{letter['_id']} of {letter['group']} ({service})")
    print(f"from {letter['topic']}:{letter['partition']} offset {letter['offset']}, tried {letter['tries']} times")
    print(f"error: {letter['error']}\n")
    for name, value in letter["headers"]:
        print(f"{name}: {bytes(value).decode(errors='replace')}")
    print(f"\n{bytes(letter['value']).decode(errors='replace')}")


@app.command("replay")
def replay_letter(
    id: Annotated[str, typer.Argument(help="One of them; leave it out with --all.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Ask the consumer to try again; it does within seconds, and forgets what works."""
    if bool(id) == everything:
        raise Problem("name one dead letter, or say --all")
    with _collections(data) as collections:
        if id:
            _find(collections, id)
        wanted = {} if everything else {"_id": id}
        asked = sum(letters.update_many(wanted, {"$set": {"replay": True}}).matched_count for letters in collections.values())
    print(f"Asked for {asked} to be tried again; `./bruecke dead-letters list` shows what is left in a few seconds.")


@contextmanager
def _collections(data: Path) -> Iterator[Letters]:
    """The dead letters by service, of the installation that runs in this folder. Raises NotRunning."""
    import os

    import pymongo

    from deploy.embedded.service import SERVICES
    from deploy.embedded.state import RunFolder

    url = RunFolder(data.absolute()).read().mongo_url
    prefix = os.environ.get("BRUECKE_MONGO_PREFIX", "bruecke_")
    with pymongo.MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=3_000) as client:
        yield {service: client[f"{prefix}{service}"]["dead_letters"] for service in SERVICES}


def _find(collections: Letters, id: str) -> tuple[str, dict[str, Any]]:
    for service, letters in collections.items():
        letter = letters.find_one({"_id": id})
        if letter is not None:
            return service, letter
    raise Problem(f"there is no dead letter {id}")


def _row(service: str, letter: dict[str, Any]) -> tuple[str, ...]:
    kind = next(
        (bytes(value).decode(errors="replace") for name, value in letter["headers"] if name == "ce_type"), letter["topic"]
    )
    waits = " (to be tried again)" if letter["replay"] else ""
    return letter["_id"], service, f"{letter['at']:%Y-%m-%d %H:%M:%S}", kind, letter["key"], f"{letter['error']}{waits}"
