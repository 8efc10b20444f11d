"""``bruecke keys``: the master key's rotation, and destroying keys again that a restored backup has brought back.

Where BRUECKE_MONGO_URL is set, the vault of that database is meant, with the master keys of the environment; otherwise the
installation that runs in the data folder, whose secrets are kept in files.
"""

import os
import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.embedded.problems import Problem
from services.cli.options import DEFAULT_DATA, Data

if TYPE_CHECKING:
    from services.foundation.key_store import KeyStore
    from services.foundation.master_keys import MasterKeys
    from services.foundation.settings import Settings

app = typer.Typer(help="The keys of personal data: rotate the master key, destroy keys again.", no_args_is_help=True)

RESTART_SECONDS = 60.0
LOOK_SECONDS = 0.1
OWNER = re.compile(r"[a-z]{4,16}-[0-9a-f-]{36}")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


@app.command("status")
def show_status(data: Data = DEFAULT_DATA) -> None:
    """How many keys there are, by the master key that wrapped them."""
    from services.foundation.key_store import open_key_store
    from services.foundation.master_keys import master_keys
    from services.foundation.rotation import count_keys

    settings = _settings(data)
    present = master_keys(settings).id
    counted = count_keys(open_key_store(settings))
    for name, count in sorted(counted.items()):
        print(f"{count:>9,}  {_described(name, present)}")
    if not sum(count for name, count in counted.items() if name not in (present, "destroyed")):
        print("The previous master key is not needed.")


@app.command("rotate")
def rotate(dry_run: DryRun = False, data: Data = DEFAULT_DATA) -> None:
    """Wrap every key with a new master key. May be interrupted at any moment and run again."""
    from deploy.embedded import keys as files
    from services.foundation.key_store import open_key_store
    from services.foundation.rotation import waiting

    embedded = not _is_external()
    if embedded and not dry_run:
        _renew_master_key(data.absolute())
    settings = _settings(data)
    store, master = open_key_store(settings), _both_master_keys(settings, embedded, dry_run)
    waits = waiting(store, master)
    if dry_run:
        total = store.keys.count_documents({"key": {"$ne": None}}) if embedded else len(waits)
        print(f"{total:,} keys would be wrapped with {'a new' if embedded else 'the present'} master key.")
        return
    _rewrap_with_progress(store, master, len(waits))
    if waiting(store, master):
        raise Problem("keys were made meanwhile with the previous master key; run it again once every service has the new one")
    if embedded:
        files.forget_previous_master_key(data.absolute())
    print("The previous master key is no longer needed" + (": it was removed." if embedded else ": remove it everywhere."))


@app.command("destroy")
def destroy(
    file: Annotated[
        Path, typer.Option("--from", help="One id a line, of people, companies, partners, referrals.", dir_okay=False)
    ],
    dry_run: DryRun = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Destroy the keys of these owners, for good. For use after the vault was restored from a backup."""
    from services.foundation.key_store import open_key_store

    owners = _owners_in(file)
    if dry_run:
        print(f"The keys of {len(owners):,} owners would be destroyed.")
        return
    destroyed = open_key_store(_settings(data)).destroy_all(owners)
    print(f"{destroyed:,} keys were destroyed, {len(owners) - destroyed:,} had been before.")


def _is_external() -> bool:
    return bool(os.environ.get("BRUECKE_MONGO_URL"))


def _settings(data: Path) -> "Settings":
    """The settings that lead to the vault. Raises NotRunning."""
    from pydantic import SecretStr

    from deploy.embedded import keys as files
    from deploy.embedded.state import RunFolder
    from services.foundation.settings import settings

    chosen = settings()
    if _is_external():
        return chosen
    previous = files.previous_master_key(data.absolute()).get(files.PREVIOUS, "")
    return chosen.model_copy(
        update={
            "mongo_url": RunFolder(data.absolute()).read().mongo_url,
            "master_key": SecretStr(files.master_key(data.absolute())),
            "master_key_previous": SecretStr(previous),
        }
    )


def _renew_master_key(data: Path) -> None:
    """Makes the new key, once a rotation, and has the services that hold it start again with both. Raises Problem."""
    from deploy.embedded import keys as files
    from deploy.embedded.state import RunFolder

    if os.environ.get(files.MASTER_KEY):
        raise Problem(
            f"{files.MASTER_KEY} is set: rotate as the handbook says, or unset it to rotate the key in the data folder"
        )
    state = RunFolder(data).read()
    _require_key_from_file(data)
    files.replace_master_key(data)
    _restart_holders(data, state.processes)


def _require_key_from_file(data: Path) -> None:
    """Raises Problem where the running services were given another master key than that of the data folder."""
    from services.foundation.key_store import open_key_store
    from services.foundation.master_keys import master_keys
    from services.foundation.rotation import count_keys

    settings = _settings(data)
    master = master_keys(settings)
    known = {"", "destroyed", master.id, *(each.id for each in master.previous)}
    strange = sorted(count_keys(open_key_store(settings)).keys() - known)
    if strange:
        raise Problem(f"the vault holds keys of master key {strange[0]}, which is not in {data / 'secrets'}")


def _restart_holders(data: Path, processes: dict[str, int]) -> None:
    """Ends the services that hold the master key; their supervisor starts them again, and they are waited for."""
    from deploy.embedded.service import HOLDS_MASTER_KEY, is_ready
    from deploy.embedded.state import RunFolder

    for name in HOLDS_MASTER_KEY:
        os.kill(processes[name], signal.SIGTERM)
    deadline = time.monotonic() + RESTART_SECONDS
    for name in sorted(HOLDS_MASTER_KEY):
        while True:
            state = RunFolder(data).read()
            if state.processes.get(name, processes[name]) != processes[name] and is_ready(state.ports[f"{name}_health"]):
                break
            if time.monotonic() > deadline:
                raise Problem(f"{name} did not come back with the new key; see its log, then run this again")
            time.sleep(LOOK_SECONDS)


def _both_master_keys(settings: "Settings", embedded: bool, dry_run: bool) -> "MasterKeys":
    from services.foundation.master_keys import master_keys

    master = master_keys(settings)
    if not master.previous and not embedded and not dry_run:
        raise Problem("set BRUECKE_MASTER_KEY_PREVIOUS to the key that is being replaced; see the handbook, Secrets")
    return master


def _rewrap_with_progress(store: "KeyStore", master: "MasterKeys", total: int) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from services.foundation.rotation import rewrap

    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Wrapping keys anew", total=total)
        done = rewrap(store, master, lambda: progress.advance(task))
    print(f"{done:,} keys were wrapped with the new master key.")


def _owners_in(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise Problem(f"{file} cannot be read: {fault}") from None
    for number, line in enumerate(lines, 1):
        if line.strip() and not OWNER.fullmatch(line.strip()):
            raise Problem(f"{file}, line {number}: this is no id of a person, company, partner or referral")
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _described(name: str, present: str) -> str:
    match name:
        case "destroyed":
            return "destroyed"
        case "":
            return "wrapped before keys said by which master key"
        case _:
            return f"wrapped with master key {name}" + (" (the present one)" if name == present else "")
