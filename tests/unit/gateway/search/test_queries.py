"""What may be asked, and how what is wrong is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.problems import Problem
from services.gateway.search.concepts import use, with_narrower
from services.gateway.search.cursors import Cursors
from services.gateway.search.finding import Place
from services.gateway.search.folding import every_spelling, folded, words
from services.gateway.search.parameters import PARAMETERS
from services.gateway.search.queries import read_query

CURSORS = Cursors("x" * 32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller-Lüdenscheidt", ("mueller", "luedenscheidt")),
        ("STRASSE Straße", ("strasse", "strasse")),
        ("Čapek, Łukasz", ("capek", "łukasz")),
        ("e\u0301cole", ("ecole",)),
        ("ＣＡＤ", ("cad",)),
        ("محمّد", ("محمد",)),
        ("!?", ()),
    ],
)
def test_words_are_folded(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


def test_umlauts_are_also_found_without_their_dots() -> None:
    assert set(every_spelling("Müller")) == {"mueller", "muller"}


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("resource", PARAMETERS)
def test_every_example_is_one_that_is_taken(resource: str) -> None:
    for name, parameter in PARAMETERS[resource].items():
        assert name in read_query(resource, [(name, parameter.example)], names=False).clauses


@pytest.mark.parametrize(
    "wrong",
    [
        [("sort", "distance")],
        [("sort", "relevance")],
        [("place", "Rostock"), ("within_km", "far")],
        [("place", "Paris"), ("within_km", "5")],
        [("place", "Rostock"), ("within_km", "nan")],
        [("q", "a"), ("q", "b")],
        [("q", "a\x00")],
        [("q", "a " * 11)],
        [("skill", "x")] * 21,
        [("updated_since", "yesterday")],
        [("sector", "")],
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: list[tuple[str, str]]) -> None:
    with pytest.raises(Problem) as problem:
        read_query("people", wrong, names=False)
    assert (problem.value.status, problem.value.field) == (422, wrong[-1][0])


@given(st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=50), st.uuids())
def test_a_cursor_leads_back_to_its_place_and_hides_it(key: float | str, id: object) -> None:
    place: Place = key, f"person-{id}"
    assert CURSORS.read(CURSORS.write(place, "digest"), "digest") == place


@given(st.text(max_size=200))
def test_anything_else_is_a_bad_cursor(text: str) -> None:
    for cursor, digest in ((text, "digest"), (CURSORS.write(("", "person-1"), "digest"), text + "other")):
        with pytest.raises(Problem) as problem:
            CURSORS.read(cursor, digest)
        assert (problem.value.status, problem.value.code, problem.value.field) == (400, "bad-cursor", "cursor")


def test_a_concept_includes_those_below_it_at_any_depth() -> None:
    class Concept:
        def __init__(self, id: str) -> None:
            self.id = id

    below: dict[str, list[str]] = {"a:1": ["a:2"], "a:2": ["a:3", "a:1"], "a:3": []}

    class Library:
        def find(self, id: str) -> Concept | None:
            return Concept(id) if id in below else None

        def narrower(self, id: str) -> list[Concept]:
            return [Concept(each) for each in below[id]]

    use(Library)
    try:
        assert with_narrower("a:1") == {"a:1", "a:2", "a:3"}
        assert with_narrower("b:9") == {"b:9"}
    finally:
        use(lambda: None)
