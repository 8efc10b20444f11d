"""MongoDB: one database a service. mongoengine documents declare collections and indexes; hot paths use the collections."""

import time
from typing import Any

import mongoengine
import structlog
from mongoengine.connection import DEFAULT_CONNECTION_NAME, get_db
from mongoengine.context_managers import switch_db
from pymongo import WriteConcern
from pymongo.database import Database
from pymongo.errors import ConnectionFailure

from services.foundation.faults import backoff
from services.foundation.settings import Settings

Document = dict[str, Any]

log = structlog.get_logger()

CLIENT_OPTIONS: dict[str, Any] = {
    "tz_aware": True,
    "uuidRepresentation": "standard",
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 2_000,
}

_connected: dict[str, str] = {}
"""The address that each of mongoengine's aliases stands for."""

DURABLE = WriteConcern(w="majority", j=True)
"""A write is acknowledged when a majority has it in the journal."""


def _connect(alias: str, name: str, address: str) -> None:
    if _connected.get(alias) == address:
        return
    if alias in _connected:
        mongoengine.disconnect(alias)
    mongoengine.connect(db=name, alias=alias, host=address, **CLIENT_OPTIONS)
    _connected[alias] = address


def open_database(settings: Settings, service: str, *documents: type[mongoengine.Document]) -> Database[Document]:
    """The database of this service, with the collections and indexes that the documents declare.

    Waits for a database that is not there yet.
    """
    name = f"{settings.mongo_prefix}{service}"
    for alias in (name, DEFAULT_CONNECTION_NAME):
        _connect(alias, name, settings.mongo_url)
    for wait in backoff():
        try:
            for document in documents:
                with switch_db(document, name) as bound:
                    bound.ensure_indexes()
            break
        except ConnectionFailure as fault:
            log.warning("database.away", problem=str(fault).splitlines()[0][:200])
            time.sleep(wait)
    database: Database[Document] = get_db(name)
    return database.with_options(write_concern=DURABLE)
