"""The index: what holds which term, whatever was put in, changed and taken out before."""

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.search import postings as made
from services.gateway.search.postings import Entry, Postings, bits_of, numbers_in

STEPS = st.lists(st.tuples(st.integers(0, 30), st.none() | st.sets(st.sampled_from(("a=1", "a=2", "b=1", "bc")), max_size=4)))


@given(STEPS, st.sampled_from((0, 2, 256)))
def test_it_holds_what_was_put_last(steps: list[tuple[int, set[str] | None]], few: int) -> None:
    before, made.FEW = made.FEW, few
    try:
        index, plain = Postings(), dict[str, set[str]]()
        for number, terms in steps:
            id = f"person-{number}"
            if terms is None:
                index.remove(id)
                plain.pop(id, None)
            else:
                index.put(Entry(id, 1, tuple(terms)))
                plain[id] = terms
        assert {entry.id for entry in index.of(index.all())} == plain.keys()
        for term in ("a=1", "a=2", "b=1", "bc"):
            assert {entry.id for entry in index.of(index.holding(term))} == {id for id, terms in plain.items() if term in terms}
        found = index.holding_any(index.beginning_with("b"))
        assert {entry.id for entry in index.of(found)} == {id for id, terms in plain.items() if terms & {"b=1", "bc"}}
    finally:
        made.FEW = before


@given(st.sets(st.integers(0, 5_000)))
def test_bits_stand_for_numbers(numbers: set[int]) -> None:
    assert list(numbers_in(bits_of(numbers))) == sorted(numbers)
