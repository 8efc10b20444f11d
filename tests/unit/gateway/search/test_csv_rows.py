"""CSV: what a spreadsheet would run is made harmless, and everything else comes out as it went in."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.search.csv_rows import FORMULA, Writer, harmless


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-5", "@a", "\tx", "\rx"])
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=60))
def test_every_text_comes_out_of_the_file_as_it_went_in(text: str) -> None:
    for dialect, delimiter in (("csv", ","), ("excel", ";")):
        written = Writer("people", dialect, frozenset()).rows([{"_id": "person-1", "name": text}]).decode()  # type: ignore[arg-type]
        (row,) = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
        assert row[:2] == ["person-1", "'" + text if text.startswith(FORMULA) else text]


def test_columns_that_may_not_be_seen_are_not_there() -> None:
    writer = Writer("companies", "csv", frozenset({"contact_name", "contact_email", "contact_phone"}))
    assert "contact" not in writer.head().decode()
    company = {"_id": "company-1", "contact_name": "Anna", "industry": {"scheme": "WZ", "edition": "2008", "code": "C28.13"}}
    written = writer.rows([company | {"sites": [{"place": "Wismar", "region": "DE-MV"}]}]).decode()
    assert "Anna" not in written
    assert "WZ 2008 C28.13" in written
    assert "Wismar/DE-MV" in written
