"""The embedded MongoDB-protocol server: SecantusDB on WiredTiger, a process of its own, its data kept on disk.

What it acknowledged with ``j: true`` survives ``kill -9``; without it, the last writes are lost. It does not wait for the disk
itself, so a power cut may cost the last moments: where that matters, run MongoDB.
"""

import sys
from pathlib import Path

import pymongo
from pymongo.errors import PyMongoError

from deploy.embedded.child import Program
from deploy.embedded.keys import environment_without_secrets
from deploy.embedded.ports import HOST

CACHE = "128M"


def program(port: int, folder: Path) -> Program:
    """The database on this port with its data in this folder. Change logs are off: nothing here reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    where = ("--host", HOST, "--port", str(port), "--storage-path", str(folder))
    how = ("--standalone", "--cache-size", CACHE, "--log-level", "WARNING")
    command = (sys.executable, "-P", "-m", "secantus", *where, *how)
    return Program("database", command, lambda: answers(port), environment_without_secrets)


def answers(port: int) -> bool:
    """Whether a MongoDB-protocol server answers a ping on this port."""
    try:
        with pymongo.MongoClient[dict[str, object]](HOST, port, serverSelectionTimeoutMS=300) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True
