"""Cells become values, in German and in ISO form; what is ambiguous is refused."""

from typing import Any

import pytest

from services.gateway.imports import cells, columns
from services.gateway.imports.cells import CellWrong, Read


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.number, "1.200", 1200),
        (cells.number, "42", 42),
        (cells.euros, "1.200.000,00 €", 1_200_000),
        (cells.euros, "EUR 1 200 000", 1_200_000),
        (cells.day, "31.12.2026", "2026-12-31"),
        (cells.day, "1.2.2027", "2027-02-01"),
        (cells.day, "2026-12-31", "2026-12-31"),
        (cells.language, "de:B2", {"language": "de", "level": "B2"}),
        (cells.language, "uk:Native", {"language": "uk", "level": "native"}),
        (cells.language, "de:b2:certificate", {"language": "de", "level": "B2", "evidence": "certificate"}),
        (cells.industry, "WZ 2008 C28.13", {"scheme": "WZ", "edition": "2008", "code": "C28.13"}),
        (cells.industry, "nace rev. 2.1 35.12", {"scheme": "NACE", "edition": "Rev. 2.1", "code": "35.12"}),
        (cells.site, "Wismar/DE-MV", {"place": "Wismar", "region": "DE-MV"}),
        (
            cells.market(columns.SECTOR),
            "sy:Bau:7:strong",
            {"country": "SY", "sector": "construction", "years": 7, "network": "strong"},
        ),
        (cells.experience(columns.SECTOR), "construction:7", {"sector": "construction", "years": 7}),
        (cells.listed(cells.text), "CAD; FEM |x;", ["CAD", "FEM", "x"]),
        (columns.PURPOSE, "Praktikum", "internship"),
    ],
)
def test_a_cell_becomes_a_value(read: Read, cell: str, value: Any) -> None:
    assert read(cell) == value


def test_a_language_may_tell_all_five_skills() -> None:
    told = cells.language("de:B1(B2/B2/B1/B1/A2)")
    assert (told["level"], told["reading"], told["writing"]) == ("B1", "B2", "A2")


@pytest.mark.parametrize(
    ("read", "cell", "reason"),
    [
        (cells.day, "12/31/2026", "a date with slashes is ambiguous"),
        (cells.day, "31.02.2026", "there is no such day"),
        (cells.day, "soon", "no date"),
        (cells.number, "1,200", "must be a whole number"),
        (cells.number, "12 Jahre", "must be a whole number"),
        (cells.language, "de:fließend", "a level must be one of A1, A2"),
        (cells.language, "Deutsch", "write a language as code:level"),
        (cells.language, "de:B1(B2/B2)", "give all five skills"),
        (cells.market(columns.SECTOR), "Syria:construction", "a country is a code of two letters"),
        (cells.market(columns.SECTOR), "SY", "write a market as"),
        (cells.industry, "28.13", "write an industry with its scheme"),
        (cells.industry, "WZ 2008 C99", "WZ 2008 has no C99"),
        (cells.site, "Wismar", "write a site as"),
    ],
)
def test_what_is_no_value_is_refused_with_a_reason(read: Read, cell: str, reason: str) -> None:
    with pytest.raises(CellWrong, match=reason.replace("(", r"\(")):
        read(cell)


@pytest.mark.parametrize("table", columns.TABLES.values())
def test_every_example_can_be_read(table: tuple[columns.Column, ...]) -> None:
    for column in table:
        if column.example:
            assert column.read(cells.plain(column.example, formula_allowed=column.may_begin_like_formula)), column.name
