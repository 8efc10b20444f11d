"""Resume tokens: what went in comes out, and nothing else is taken."""

import base64

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.partner.resume_token import LONGEST, Bookmark, TokenUnreadable

places = st.tuples(st.integers(0, 2**62 - 1), st.integers(-1, 2**31 - 1))


def token_of(content: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")


@given(at=st.dictionaries(st.tuples(st.sampled_from(["profiles", "matching"]), st.integers(0, 47)), places))
def test_a_bookmark_survives_being_a_token(at: dict[tuple[str, int], tuple[int, int]]) -> None:
    bookmark = Bookmark()
    for (source, partition), place in at.items():
        bookmark.move(source, partition, place)
    read = Bookmark.of(bookmark.token())
    assert read == bookmark
    for (source, partition), place in at.items():
        assert read.place(source, partition) == place


def test_no_token_is_the_beginning() -> None:
    assert Bookmark.of("") == Bookmark()
    assert Bookmark().place("profiles", 3) == (0, -1)


def test_a_token_for_every_partition_of_a_large_installation_is_taken() -> None:
    bookmark = Bookmark({f"{source}/{n}": (2**61, 2**30) for source in ("profiles", "matching") for n in range(48)})
    assert Bookmark.of(bookmark.token()) == bookmark


@given(text=st.text(min_size=1))
def test_any_other_text_is_refused_and_nothing_worse_happens(text: str) -> None:
    with pytest.raises(TokenUnreadable):
        Bookmark.of(text)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"v": 2, "at": {}},
        {"v": 1, "at": []},
        {"v": 1, "at": {"profiles/0": [1]}},
        {"v": 1, "at": {"profiles/0": [-1, 0]}},
        {"v": 1, "at": {"profiles/0": [2**63, 0]}},
        {"v": 1, "at": {"profiles/0": [1, 2**31]}},
        {"v": 1, "at": {"profiles/0": [True, 0]}},
        {"v": 1, "at": {"profiles/0": [1, False]}},
        {"v": 1, "at": {"profiles/0": ["1", 0]}},
        {"v": 1, "at": {"profiles/0": [1.5, 0]}},
        {"v": 1, "at": {"profiles/0": None}},
    ],
)
def test_what_no_bookmark_says_is_refused(content: object) -> None:
    with pytest.raises(TokenUnreadable):
        Bookmark.of(token_of(content))


def test_an_endless_token_is_refused() -> None:
    with pytest.raises(TokenUnreadable):
        Bookmark.of("A" * (LONGEST + 1))
