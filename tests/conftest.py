"""Fixtures for all suites: the embedded broker and database, and whole installations, each ended with the test."""

from collections.abc import Iterator
from typing import Protocol
from uuid import uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from pymongo.database import Database

from deploy.embedded.installation import Installation
from services.foundation.database import Document, open_database
from services.foundation.event_store import DOCUMENTS
from services.foundation.settings import Settings

hypothesis_settings.register_profile("without a clock", deadline=None)
hypothesis_settings.load_profile("without a clock")


class Servers(Protocol):
    """Where a broker and a database listen."""

    kafka_servers: str
    mongo_url: str


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """One broker and one database for the whole session, on ports of their own."""
    with Installation(tmp_path_factory.mktemp("servers")) as installation:
        installation.start(services=())
        yield installation


@pytest.fixture
def settings(servers: Servers) -> Settings:
    """Settings under which a test is alone: a database prefix of its own."""
    return Settings(
        kafka_servers=servers.kafka_servers,
        mongo_url=servers.mongo_url,
        mongo_prefix=f"test_{uuid4().hex[:12]}_",
        kafka_partitions=4,
        kafka_session_timeout_ms=2000,
        kafka_fetch_wait_ms=25,
    )


@pytest.fixture
def service() -> str:
    """A service name that no other test uses, and so topics of its own."""
    return f"lamps{uuid4().hex[:8]}"


@pytest.fixture
def store_database(settings: Settings) -> Database[Document]:
    """An empty database with the collections and indexes of an event store."""
    return open_database(settings, "store", *DOCUMENTS)


@pytest.fixture(scope="session")
def bruecke(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One whole Brücke for the tests that only use it and do not harm it."""
    with Installation(tmp_path_factory.mktemp("bruecke")) as installation:
        installation.start()
        yield installation
