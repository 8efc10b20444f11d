"""What the gateway does of its own accord when it starts on a vault that a backup has set back."""

from uuid import uuid4

import pytest

from services.foundation.broker import Broker
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document, open_database
from services.foundation.key_store import KeyStore, open_key_store
from services.foundation.master_keys import MasterKeys
from services.foundation.privacy import KeyVault
from services.foundation.settings import Settings
from services.gateway.erasing import ErasureProcess

pytestmark = pytest.mark.servers


@pytest.fixture
def store(settings: Settings) -> KeyStore:
    return open_key_store(settings)


def started_on(settings: Settings, store: KeyStore, *erasures: Document) -> None:
    database = open_database(settings, "gateway")
    database["erasures"].insert_many(list(erasures))
    ErasureProcess(database, store, CommandSender(Broker(settings))).begin()


def test_keys_of_the_erased_are_destroyed_again_and_no_others(settings: Settings, store: KeyStore) -> None:
    vault = KeyVault(store, MasterKeys.of(b"k" * 32))
    gone, referral, alive = f"person-{uuid4()}", f"referral-{uuid4()}", f"person-{uuid4()}"
    sent, waiting = f"erasure-{uuid4()}", f"erasure-{uuid4()}"
    for owner in (gone, referral, alive, sent, waiting):
        vault.create(owner)
    early = {"_id": f"erasure-{uuid4()}", "confirmations": []}
    begun = {"_id": waiting, "owners": [], "receipt": "waiting"}
    started_on(settings, store, {"_id": sent, "owners": [gone, referral], "receipt": "sent"}, begun, early)
    left = {each["_id"] for each in store.keys.find({"key": {"$ne": None}})}
    assert left == {alive, waiting}
