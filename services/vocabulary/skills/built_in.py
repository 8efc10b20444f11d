"""The built-in vocabulary: concepts for the sectors in focus and the commercial occupations, in German and English.

One CSV file a field in ``data``; a semicolon separates columns, ``|`` the synonyms, a space the ISCO-08 groups. ``broader`` is
empty at the top. Ids are for good: profiles hold them.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from services.vocabulary.skills.concept import Concept, Labels, Vocabulary
from services.vocabulary.skills.meaning import MeaningMissing, Vectors, described, digest, saved

NAMESPACE = "bruecke:skill/"
DATA = Path(__file__).with_name("data")
COLUMNS = ("id", "broader", "isco", "de", "de_synonyms", "en", "en_synonyms")
LANGUAGES = ("de", "en")
VECTORS = DATA / "vectors.npz"


@cache
def built_in() -> Vocabulary:
    """The built-in vocabulary; read once."""
    return Vocabulary("built-in", (concept for path in sorted(DATA.glob("*.csv")) for concept in _read(path)))


def _read(path: Path) -> Iterator[Concept]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";", strict=True):
            labels = {language: _labels(row, language) for language in LANGUAGES}
            broader = (NAMESPACE + row["broader"],) if row["broader"] else ()
            yield Concept(NAMESPACE + row["id"], labels, broader, tuple(row["isco"].split()))


def _labels(row: dict[str, str], language: str) -> Labels:
    synonyms = row[f"{language}_synonyms"]
    return Labels(row[language], tuple(synonyms.split("|")) if synonyms else ())


def made_of(vocabulary: Vocabulary) -> list[list[str]]:
    """The labels that each concept's vector is made of."""
    return [described(concept, LANGUAGES) for concept in vocabulary.concepts.values()]


@cache
def built_in_vectors() -> Vectors:
    """The vectors of the built-in concepts, in their order. They are kept in the repository: making them takes a minute.

    Raises MeaningMissing where the labels were changed and ``python -m services.vocabulary.skills`` was not run since.
    """
    vectors = saved(VECTORS, digest(made_of(built_in())))
    if vectors is None:
        raise MeaningMissing("the vectors of the built-in vocabulary are out of date")
    return vectors
