"""Rotating the master key: on a real vault, in any order and after any interruption, and on a whole installation."""

import base64
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from deploy.embedded.installation import Installation
from services.cli.options import ROOT
from services.foundation.key_store import KeyStore, open_key_store
from services.foundation.master_keys import MasterKeys, MasterKeyUnknown, fingerprint
from services.foundation.privacy import KeyMissing, KeyVault, open_vault
from services.foundation.rotation import count_keys, rewrap, waiting
from services.foundation.settings import Settings
from tests.waiting import eventually

pytestmark = pytest.mark.servers

OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32


def given_keys(settings: Settings, present: bytes, previous: bytes = b"") -> Settings:
    """The settings of a process that was given these master keys."""
    texts = {"master_key": present, "master_key_previous": previous}
    return settings.model_copy(update={name: SecretStr(base64.b64encode(key).decode()) for name, key in texts.items()})


def sealed_by(vault: KeyVault, count: int) -> dict[str, str]:
    """Sealed texts by their owners."""
    owners = [f"person-{uuid4()}" for _ in range(count)]
    for owner in owners:
        vault.create(owner)
    return {owner: vault.seal(owner, "name", owner) for owner in owners}


def all_open(vault: KeyVault, sealed: dict[str, str]) -> bool:
    return all(vault.open(owner, "name", text) == owner for owner, text in sealed.items())


@pytest.fixture
def store(settings: Settings) -> KeyStore:
    return open_key_store(settings)


def test_after_a_rotation_the_new_key_alone_opens_what_was_sealed_before(settings: Settings, store: KeyStore) -> None:
    sealed = sealed_by(open_vault(given_keys(settings, OLD)), 30)
    both = given_keys(settings, NEW, OLD)
    assert all_open(open_vault(both), sealed)
    assert rewrap(store, MasterKeys.of(NEW, OLD)) == 30
    assert waiting(store, MasterKeys.of(NEW)) == []
    assert all_open(open_vault(given_keys(settings, NEW)), sealed)
    assert rewrap(store, MasterKeys.of(NEW, OLD)) == 0


def test_a_process_without_the_new_key_says_so_and_breaks_nothing(settings: Settings, store: KeyStore) -> None:
    ((owner, text),) = sealed_by(open_vault(given_keys(settings, OLD)), 1).items()
    rewrap(store, MasterKeys.of(NEW, OLD))
    with pytest.raises(MasterKeyUnknown, match=fingerprint(NEW)):
        open_vault(given_keys(settings, OLD)).open(owner, "name", text)


def test_keys_from_before_they_named_their_master_key_are_rotated_too(settings: Settings, store: KeyStore) -> None:
    sealed = sealed_by(open_vault(given_keys(settings, OLD)), 3)
    store.keys.update_many({}, {"$unset": {"master": ""}})
    assert all_open(open_vault(given_keys(settings, NEW, OLD)), sealed)
    assert rewrap(store, MasterKeys.of(NEW, OLD)) == 3
    assert all_open(open_vault(given_keys(settings, NEW)), sealed)


def test_a_key_of_an_unknown_master_key_stops_nothing_else(settings: Settings, store: KeyStore) -> None:
    sealed_by(open_vault(given_keys(settings, OTHER)), 1)
    sealed = sealed_by(open_vault(given_keys(settings, OLD)), 4)
    with pytest.raises(MasterKeyUnknown):
        rewrap(store, MasterKeys.of(NEW, OLD))
    assert all_open(open_vault(given_keys(settings, NEW)), sealed)


def test_a_key_that_is_destroyed_while_it_is_wrapped_stays_destroyed(settings: Settings, store: KeyStore) -> None:
    sealed = sealed_by(open_vault(given_keys(settings, OLD)), 2)
    first, second = sealed
    rewrap(store, MasterKeys.of(NEW, OLD), advance=lambda: [store.destroy(owner) for owner in sealed] and None)
    fresh = open_vault(given_keys(settings, NEW, OLD))
    assert [fresh.open(owner, "name", sealed[owner]) for owner in (first, second)] == [None, None]
    assert count_keys(store) == {"destroyed": 2}


STEPS = st.lists(st.sampled_from(["create", "destroy", "rotate", "interrupted", "twice"]), min_size=1, max_size=6)


@hypothesis_settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_in_between_no_key_is_lost_and_none_comes_back(
    settings: Settings, store: KeyStore, steps: list[str]
) -> None:
    store.keys.delete_many({})
    number, alive, dead = 0, {}, {}

    def key(of: int) -> bytes:
        return bytes([of]) * 32

    for step in ["create", *steps]:
        master = MasterKeys.of(key(number + 1), key(number))
        match step:
            case "create":
                alive |= sealed_by(KeyVault(store, MasterKeys.of(key(number))), 2)
            case "destroy" if alive:
                owner = next(iter(alive))
                store.destroy(owner)
                dead[owner] = alive.pop(owner)
            case "interrupted":
                with pytest.raises(InterruptedError) if waiting(store, master) else _nothing():
                    rewrap(store, master, advance=_interrupt)
                rewrap(store, master)
                number += 1
            case "rotate" | "twice":
                for _ in range(2 if step == "twice" else 1):
                    rewrap(store, master)
                number += 1
    vault = KeyVault(store, MasterKeys.of(key(number)))
    assert all_open(vault, alive)
    assert all(vault.open(owner, "name", text) is None for owner, text in dead.items())


class _nothing:  # noqa: N801 - reads as a context
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def _interrupt() -> None:
    raise InterruptedError


def test_a_key_that_another_process_destroyed_is_not_used_for_longer_than_a_second(settings: Settings, store: KeyStore) -> None:
    here = open_vault(given_keys(settings, OLD))
    ((owner, text),) = sealed_by(here, 1).items()
    assert here.open(owner, "name", text) == owner
    store.destroy(owner)
    eventually(lambda: here.open(owner, "name", text) is None, within=1.0)
    with pytest.raises(KeyMissing):
        here.seal(owner, "name", "Ahmad")


def test_the_secret_of_the_house_survives_a_rotation(settings: Settings, store: KeyStore) -> None:
    before = open_vault(given_keys(settings, OLD)).secret("secret-of-tests")
    rewrap(store, MasterKeys.of(NEW, OLD))
    assert open_vault(given_keys(settings, NEW)).secret("secret-of-tests") == before
    assert len(before) == 32


PERSON: dict[str, Any] = {
    "name": "Ливия Мороз",
    "email": "livia@example.org",
    "occupation": "2144",
    "sectors": ["construction"],
    "place": "Wismar",
    "region": "DE-MV",
}


def run_keys(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "services.cli", "keys", *arguments]
    told = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, env=told, capture_output=True, text=True, timeout=120)


def test_an_installation_is_rotated_while_it_serves_also_over_a_kill(tmp_path: Path) -> None:
    with Installation(tmp_path) as bruecke:
        bruecke.start()
        headers = {"Authorization": f"Bearer {bruecke.token('coordinator')}"}
        with httpx.Client(base_url=bruecke.address, headers=headers, timeout=30) as staff:
            key = {"Idempotency-Key": str(uuid4())}
            first = staff.post("/v1/people", json=PERSON, headers=key).raise_for_status()
            others = [staff.post("/v1/people", json=PERSON).raise_for_status().json()["id"] for _ in range(300)]
            before = (tmp_path / "secrets" / "master_key").read_text()
            assert "302 keys" in run_keys("rotate", "--dry-run", "--data", str(tmp_path)).stdout  # one is the house's own
            assert (tmp_path / "secrets" / "master_key").read_text() == before
            _kill_in_the_middle(bruecke, tmp_path)
            assert staff.get(f"/v1/people/{others[0]}").json()["name"] == PERSON["name"]
            done = run_keys("rotate", "--data", str(tmp_path))
            assert done.returncode == 0, done.stderr
            assert "no longer needed" in done.stdout
            assert "not needed" in run_keys("status", "--data", str(tmp_path)).stdout
            assert (tmp_path / "secrets" / "master_key").read_text() != before
            assert sorted(each.name for each in (tmp_path / "secrets").iterdir()) == ["master_key", "token_secret"]
            again = staff.post("/v1/people", json=PERSON, headers=key)
            assert (again.content, again.headers.get("idempotency-replayed")) == (first.content, "true")
    with Installation(tmp_path) as bruecke:
        bruecke.start()
        with httpx.Client(base_url=bruecke.address, headers=headers, timeout=30) as staff:
            assert staff.get(f"/v1/people/{others[-1]}").json()["name"] == PERSON["name"]
            assert staff.post("/v1/people", json=PERSON, headers=key).content == first.content
            changed = staff.patch(f"/v1/people/{others[1]}", json={"name": "Livia Moroz"}).json()
            assert changed["name"] == "Livia Moroz"


def _kill_in_the_middle(bruecke: Installation, data: Path) -> None:
    """Starts a rotation and kills it once some keys are wrapped anew."""
    command = [sys.executable, "-P", "-m", "services.cli", "keys", "rotate", "--data", str(data)]
    store = open_key_store(Settings(mongo_url=bruecke.mongo_url))
    masters_before = set(count_keys(store))
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL) as rotating:
        eventually(lambda: len(count_keys(store).keys() - masters_before) > 0, within=60)
        rotating.send_signal(signal.SIGKILL)
    assert (data / "secrets" / "master_key_previous").exists()


def test_an_external_vault_is_rotated_with_keys_from_the_environment(settings: Settings, store: KeyStore) -> None:
    sealed = sealed_by(open_vault(given_keys(settings, OLD)), 3)
    environment = {
        "BRUECKE_MONGO_URL": settings.mongo_url,
        "BRUECKE_MONGO_PREFIX": settings.mongo_prefix,
        "BRUECKE_MASTER_KEY": base64.b64encode(NEW).decode(),
    }
    refused = run_keys("rotate", **environment)
    assert refused.returncode == 1
    assert "BRUECKE_MASTER_KEY_PREVIOUS" in refused.stderr
    environment["BRUECKE_MASTER_KEY_PREVIOUS"] = base64.b64encode(OLD).decode()
    assert "3 keys" in run_keys("rotate", "--dry-run", **environment).stdout
    assert all_open(open_vault(given_keys(settings, OLD)), sealed)
    assert run_keys("rotate", **environment).returncode == 0
    assert all_open(open_vault(given_keys(settings, NEW)), sealed)


def test_keys_are_destroyed_again_from_a_list(settings: Settings, tmp_path: Path) -> None:
    sealed = sealed_by(open_vault(given_keys(settings, OLD)), 2)
    gone, kept = sealed
    environment = {"BRUECKE_MONGO_URL": settings.mongo_url, "BRUECKE_MONGO_PREFIX": settings.mongo_prefix}
    listed = tmp_path / "erased.txt"
    listed.write_text(f"{gone}\n\n{gone}\n")
    assert "1 owners" in run_keys("destroy", "--from", str(listed), "--dry-run", **environment).stdout
    assert "1 keys were destroyed" in run_keys("destroy", "--from", str(listed), **environment).stdout
    assert "0 keys were destroyed, 1 had been" in run_keys("destroy", "--from", str(listed), **environment).stdout
    fresh = open_vault(given_keys(settings, OLD))
    assert (fresh.open(gone, "name", sealed[gone]), fresh.open(kept, "name", sealed[kept])) == (None, kept)
    listed.write_text("Ahmad\n")
    assert "line 1" in run_keys("destroy", "--from", str(listed), **environment).stderr
