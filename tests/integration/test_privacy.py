"""The key vault on a real database."""

import base64
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr, TypeAdapter

from services.foundation.privacy import PREFIX, KeyMissing, KeyVault, SealBroken, open_vault
from services.foundation.settings import Settings, SettingWrong
from services.profiles.contract import LONGEST_TEXT, Sealed

pytestmark = pytest.mark.servers


@pytest.fixture(name="sealed_settings")
def _sealed_settings(settings: Settings) -> Settings:
    key = SecretStr(base64.b64encode(b"k" * 32).decode())
    return settings.model_copy(update={"master_key": key})


@pytest.fixture
def vault(sealed_settings: Settings) -> KeyVault:
    return open_vault(sealed_settings)


@pytest.fixture
def owner(vault: KeyVault) -> str:
    owner = f"person-{uuid4()}"
    vault.create(owner)
    return owner


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(vault: KeyVault, owner: str, text: str) -> None:
    sealed = vault.seal(owner, "name", text)
    assert vault.open(owner, "name", sealed) == text
    assert (sealed == "") == (text == "")


def test_two_seals_of_one_text_do_not_show_that_it_is_the_same(vault: KeyVault, owner: str) -> None:
    assert vault.seal(owner, "name", "Ahmad") != vault.seal(owner, "name", "Ahmad")


@hypothesis_settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letter=st.characters(exclude_categories=["Cs", "Cc"]))
def test_the_longest_text_that_a_form_takes_can_be_handed_over(vault: KeyVault, owner: str, letter: str) -> None:
    TypeAdapter(Sealed).validate_python(vault.seal(owner, "note", letter * LONGEST_TEXT))


def test_a_fingerprint_tells_equal_texts_of_one_owner_from_others(vault: KeyVault, owner: str) -> None:
    other = f"person-{uuid4()}"
    vault.create(other)
    assert vault.fingerprint(owner, "Anna") == vault.fingerprint(owner, "Anna")
    assert vault.fingerprint(owner, "Anna") != vault.fingerprint(owner, "Anne")
    assert vault.fingerprint(owner, "Anna") != vault.fingerprint(other, "Anna")


def test_of_whom_was_erased_no_fingerprint_can_be_made(vault: KeyVault, owner: str) -> None:
    vault.destroy(owner)
    with pytest.raises(KeyMissing):
        vault.fingerprint(owner, "Anna")


def test_words_are_sealed_alike_only_where_they_are_the_same(vault: KeyVault, owner: str) -> None:
    other = f"person-{uuid4()}"
    vault.create(other)
    seals = {vault.seal_words(owner, "outcome", "good"), vault.seal_words(owner, "outcome", "good")}
    differing = {(owner, "outcome", "Good"), (owner, "reason", "good"), (other, "outcome", "good")}
    assert len(seals) == 1
    assert len(seals | {vault.seal_words(*each) for each in differing}) == 4
    assert vault.open(owner, "outcome", seals.pop()) == "good"


def test_a_sealed_text_belongs_to_one_field_of_one_person(vault: KeyVault, owner: str) -> None:
    other = f"person-{uuid4()}"
    vault.create(other)
    sealed = vault.seal(owner, "name", "Ahmad")
    for who, field, text in ((owner, "email", sealed), (other, "name", sealed), (owner, "name", sealed[:-4] + "AAAA")):
        with pytest.raises(SealBroken):
            vault.open(who, field, text)


@pytest.mark.parametrize("text", ["in the clear", PREFIX, f"{PREFIX}AAAA", f"{PREFIX}!", f"{PREFIX}A"])
def test_what_was_never_sealed_is_recognised(vault: KeyVault, owner: str, text: str) -> None:
    with pytest.raises(SealBroken):
        vault.open(owner, "name", text)


def test_without_the_key_nothing_is_sealed_or_read_again(vault: KeyVault, sealed_settings: Settings, owner: str) -> None:
    sealed = vault.seal(owner, "name", "Ahmad")
    vault.destroy(owner)
    vault.create(owner)
    for each in (vault, open_vault(sealed_settings)):
        assert each.open(owner, "name", sealed) is None
        with pytest.raises(KeyMissing):
            each.seal(owner, "name", "Ahmad")


def test_a_key_is_made_once(vault: KeyVault, owner: str) -> None:
    sealed = vault.seal(owner, "name", "Ahmad")
    vault.create(owner)
    assert vault.open(owner, "name", sealed) == "Ahmad"


def test_keys_are_read_at_once_for_many_owners(vault: KeyVault, sealed_settings: Settings) -> None:
    owners = [f"person-{uuid4()}" for _ in range(60)]
    texts = {}
    for each in owners:
        vault.create(each)
        texts[each] = vault.seal(each, "name", each)
    fresh = open_vault(sealed_settings)
    fresh.prefetch([*owners, f"person-{uuid4()}"])
    assert [fresh.open(each, "name", texts[each]) for each in owners] == owners


def test_a_master_key_of_another_length_is_refused(settings: Settings) -> None:
    for text in ("", "c2hvcnQ=", "no base64!"):
        with pytest.raises(SettingWrong, match="32 bytes"):
            open_vault(settings.model_copy(update={"master_key": SecretStr(text)}))
