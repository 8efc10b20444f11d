"""Recognising who declined: one spelling for what is the same, and no two for what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.privacy import KeyMissing
from services.gateway.recognition import OWNER, marks, recognisable


class OneKeyVault:
    """Has a key for the marks once it was made, and tells which texts it was asked about."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def create(self, owner: str) -> None:
        self.made.append(owner)

    def fingerprint(self, owner: str, text: str) -> str:
        if owner not in self.made:
            raise KeyMissing(owner)
        return f"{hash((owner, text)) & (2**256 - 1):064x}"


def found(kind: str = "company", region: str = "DE-MV", **said: str) -> set[tuple[str, str]]:
    return set(recognisable({"kind": kind, "region": region, **said}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Möller & Söhne GmbH & Co. KG"}, {"name": "MOLLER & SOHNE"}),
        ({"name": "Tischlerei Müller e. K."}, {"name": "Müller, Tischlerei"}),
        ({"name": "A", "email": "Info@Firma.example"}, {"name": "A", "email": "info@firma.example"}),
        ({"name": "A", "phone": "0381 / 55-501"}, {"name": "A", "phone": "+49 (0)381 55501"}),
        ({"name": "A", "phone": "0049 381 55501"}, {"name": "A", "phone": "0381 55501"}),
    ],
)
def test_other_spellings_are_recognised(one: dict[str, str], other: dict[str, str]) -> None:
    assert found(**one) == found(**other)


def test_the_order_of_a_name_does_not_matter() -> None:
    assert found("person", name="Kovač, Ana") == found("person", name="Ana Kovac")


@pytest.mark.parametrize("changes", [{"region": "DE-HH"}, {"kind": "person"}, {"name": "Bau AG Nord"}])
def test_a_name_counts_within_its_kind_and_region(changes: dict[str, str]) -> None:
    assert found(**{"name": "Bau AG"} | changes) != found(name="Bau AG")


def test_a_person_may_be_called_like_a_legal_form() -> None:
    assert found("person", name="Se Ek") != found("person", name="Co Ug")


@given(st.text(min_size=1).filter(str.strip))
def test_every_name_leads_to_a_mark(name: str) -> None:
    assert [kind for kind, _ in recognisable({"kind": "company", "region": "DE-MV", "name": name})] == ["name"]


def test_the_key_of_the_marks_is_made_when_it_is_first_needed() -> None:
    vault = OneKeyVault()
    prospect = {"kind": "person", "region": "DE-MV", "name": "Ana", "email": "ana@example.org"}
    first, second = (marks(vault, prospect) for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    assert vault.made == [OWNER]
    assert [mark.partition(":")[0] for mark in first] == ["name", "email"]
