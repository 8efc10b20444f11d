"""Rotating the master key: every key in the vault is wrapped anew, one after the other. Events are not touched.

It can be killed at any moment and run again: a key is replaced in one write, and only as it was read, so that one which was
destroyed meanwhile stays destroyed.
"""

from collections import Counter
from collections.abc import Callable

from services.foundation.key_store import KeyStore
from services.foundation.master_keys import MasterKeys


def count_keys(store: KeyStore) -> Counter[str]:
    """How many keys were wrapped by which master key, by its fingerprint; "" for those that do not say, and "destroyed"."""
    return Counter("destroyed" if each["key"] is None else each.get("master", "") for each in store.keys.find({}))


def waiting(store: KeyStore, master: MasterKeys) -> list[str]:
    """The owners whose keys are not wrapped by the present master key."""
    found = store.keys.find({"key": {"$ne": None}}, {"master": 1})
    return [each["_id"] for each in found if each.get("master") != master.id]


def rewrap(store: KeyStore, master: MasterKeys, advance: Callable[[], None] = lambda: None) -> int:
    """Wraps the keys that wait with the present master key; gives their number. ``advance`` is called after each.

    Raises MasterKeyUnknown for a key that was wrapped with neither, after all others are done.
    """
    unknown: Exception | None = None
    done = 0
    for owner in waiting(store, master):
        document = store.keys.find_one({"_id": owner, "key": {"$ne": None}})
        if document is not None:
            try:
                fresh = master.wrap(owner, master.unwrap(document))
            except Exception as failure:  # noqa: BLE001 - the others are done first
                unknown = unknown or failure
                continue
            done += store.keys.update_one({"_id": owner, "key": document["key"]}, {"$set": fresh}).modified_count
        advance()
    if unknown is not None:
        raise unknown
    return done
