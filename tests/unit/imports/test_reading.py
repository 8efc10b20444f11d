"""Files are read whatever is wrong with them, and what is wrong is named by line and column."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.imports.records import MOST_LINES
from services.gateway.problems import Problem
from tests.unit.imports.reading import HEADER, records, rows, told

GOOD = "A-{},Anna,a@example.org,2144,construction,Rostock,DE-MV\n"


def file(*lines: str) -> bytes:
    return (HEADER + "\n" + "".join(lines)).encode()


def good(*numbers: int) -> list[str]:
    return [GOOD.format(number) for number in numbers]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8)))
def test_what_a_csv_writer_writes_is_read_back(written: list[list[str]]) -> None:
    width = len(written[0]) if written else 1
    out = io.StringIO(newline="")
    header = ["external_id", *"abc"][:width]
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([header, *written])
    content, found = records(out.getvalue().encode(), delimiter=b",")
    assert [[content.encoded.text(cell) for cell in record.cells] for record in found] == written


@given(st.binary(max_size=300), st.integers(1, 50))
def test_no_bytes_make_it_stumble_and_the_good_rows_around_them_are_read(rubbish: bytes, step: int) -> None:
    content = file(*good(1)) + rubbish.replace(b"A-", b"") + b"\n" + "".join(good(2, 3)).encode()
    whole = [row.external_id for row in rows(content, step) if not row.errors]
    assert whole[0] == "A-1"
    assert whole[-1] == "A-3"


@given(st.text(max_size=300))
def test_every_encoding_reads_the_same_text(text: str) -> None:
    text = "".join(sign for sign in text if not 0xD800 <= ord(sign) < 0xE000)
    content = f"{HEADER}\n{''.join(good(1))}{text}\n{''.join(good(2))}"
    narrow, marked, wide = (rows(content.encode(name)) for name in ("utf-8", "utf-8-sig", "utf-16"))
    assert narrow == marked == wide


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    content = f'{HEADER}\r\n\r\nA-1,"An\r\nna",a,2144,construction,Rostock,DE-MV\rA-2,x\n'.encode()
    assert [row.line for row in rows(content)] == [3, 5]


def test_an_unclosed_quote_takes_nothing_with_it() -> None:
    content = file(*good(1), 'A-2,"Anna,a@example.org,2144,construction,Rostock,DE-MV\n', *good(3, 4))
    assert told(content) == [(3, "name", "the quotation mark that opens in line 3 is not closed")]
    assert [row.external_id for row in rows(content) if not row.errors] == ["A-1", "A-3", "A-4"]


def test_something_behind_a_closing_quote_is_named() -> None:
    assert told(file('A-1,"Anna"x,a,2144,construction,Rostock,DE-MV\n', *good(2))) == [
        (2, "name", "something stands behind the closing quotation mark")
    ]


@pytest.mark.parametrize("text", ["y" * 5_000_000, "y\n" * 2_500_000])
def test_five_megabytes_in_one_cell_cost_one_row(text: str) -> None:
    content = file(*good(1), f'A-2,"{text}",a,2144,construction,Rostock,DE-MV\n', *good(3))
    found = rows(content, 65_536)
    assert [(row.line, row.errors[0]["column"]) for row in found if row.errors] == [(3, "name")]
    assert [row.external_id for row in found if not row.errors] == ["A-1", "A-3"]


def test_a_record_of_too_many_lines_ends_where_the_next_row_begins() -> None:
    content = file('A-1,"Anna\n', "line\n" * (MOST_LINES + 10), *good(2))
    found = rows(content)
    assert "lines" in found[0].errors[0]["reason"]
    assert found[-1].external_id == "A-2"


def test_ragged_rows_name_the_first_cell_that_is_missing() -> None:
    assert told(file("A-1,Anna,a@example.org\n", GOOD.format(2).replace("\n", ",x\n"))) == [
        (2, "occupation", "the row has 3 cells, the header has 7"),
        (3, "", "the row has 8 cells, the header has 7"),
    ]


def test_a_broken_byte_costs_one_row() -> None:
    content = file(*good(1)) + b"A-2,J\xfcrgen,a@example.org,2144,construction,Rostock,DE-MV\n" + "".join(good(3)).encode()
    assert told(content) == [(3, "name", "not valid UTF-8: byte 0xFC after 1 bytes")]
    assert told(content, "windows-1252") == []
    assert rows(content, encoding="windows-1252")[1].given["name"] == "Jürgen"


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("A-1,=HYPERLINK(1),a@example.org,2144,construction,Rostock,DE-MV", "name", "begins like a formula"),
        ("A-1,@SUM(1),a@example.org,2144,construction,Rostock,DE-MV", "name", "begins like a formula"),
        ("A-1,An\0na,a@example.org,2144,construction,Rostock,DE-MV", "name", "holds a NUL"),
        ("A-1,Anna,a@example.org,2144,weaving,Rostock,DE-MV", "sectors", "must be one of mechanical_engineering"),
        (",Anna,a@example.org,2144,construction,Rostock,DE-MV", "external_id", "is empty"),
        (f"A-1,{'y' * 20_001},a@example.org,2144,construction,Rostock,DE-MV", "name", "longer than 20000"),
    ],
)
def test_what_is_wrong_with_a_cell_is_named(cells: str, column: str, reason: str) -> None:
    [(line, named, why)] = told(file(cells + "\n"))
    assert (line, named) == (2, column)
    assert why.startswith(reason)


def test_an_apostrophe_before_a_formula_is_taken_away() -> None:
    assert rows(file("A-1,'=Anna,a@example.org,2144,construction,Rostock,DE-MV\n"))[0].given["name"] == "=Anna"


def test_a_second_row_about_the_same_profile_is_refused_unless_it_says_the_same() -> None:
    other = GOOD.format(1).replace("Anna", "Olga")
    found = rows(file(*good(1), *good(1), other))
    assert (found[1].same_as, found[1].errors) == (2, [])
    assert found[2].errors == [{"column": "external_id", "reason": "line 2 is about the same profile and says something else"}]


def test_a_personal_cell_is_quoted_nowhere() -> None:
    wrong = rows(file("A-1,=secret,a@example.org,x,weaving,Rostock,DE-MV\n"))[0].errors
    assert "secret" not in str(wrong)
    assert [each.get("cell") for each in wrong] == [None, "weaving"]


def test_german_headers_and_other_delimiters_are_understood() -> None:
    header = "sep=;\nNr.;Vollständiger Name;E-Mail;Beruf (ISCO-08);Branchen;Ort;Region\n"
    found = rows(f"{header}1;Anna;a@example.org;2144;Maschinenbau|Bau;Rostock;de-mv\n".encode())
    assert found[0].line == 3
    assert found[0].given["sectors"] == ["mechanical_engineering", "construction"]
    assert found[0].given["region"] == "DE-MV"


@pytest.mark.parametrize(
    ("header", "field", "reason"),
    [
        ("external_id,name,shoe size", "shoe size", "there is no such column"),
        ("external_id,name,Name", "Name", "the column is there twice"),
        ("name,email", "external_id", "the column is missing"),
        ("external_id,consent_matching", "consent_matching", "a consent cannot be imported"),
        ("", "header", "the file is empty"),
    ],
)
def test_a_header_that_cannot_be_is_refused_with_every_column(header: str, field: str, reason: str) -> None:
    with pytest.raises(Problem) as refused:
        records(header.encode())
    named = {each["field"]: each["reason"] for each in refused.value.errors}
    assert named[field].startswith(reason)
