"""How long 1,000 typed skills take against a vocabulary as large as ESCO: 14,000 concepts, 112,000 labels in two languages.

The vocabulary is made of the built-in labels, two and two, always the same; its vectors are made up (embedding it would take
ten minutes), which costs as much to compare with. Of the texts 400 are labels, 400 are badly spelt labels, and 200 are in
languages of which the vocabulary has no label: these are embedded, by the real model. Building the tables counts.
"""

import time
from random import Random

import numpy as np

from benchmarks.result import Result
from services.vocabulary.skills.built_in import built_in, built_in_vectors
from services.vocabulary.skills.concept import Concept, Labels
from services.vocabulary.skills.meaning import DIMENSIONS, Embedder, MeaningIndex
from services.vocabulary.skills.resolver import Resolver

CONCEPTS = 14_000
LIMIT_SECONDS = 30.0
SPELLING_LIMIT_SECONDS = 10.0

FOREIGN = ("لحام {} المعادن", "صيانة {} آلات", "монтаж {} панелей", "ремонт {} тракторів", "تعمیر {} خودرو")


def run() -> list[Result]:
    random = Random(20)
    concepts = _vocabulary(random)
    texts = _texts(random, concepts)
    alone = _seconds(concepts, None, texts)
    results = [Result("spelling", alone, "s", SPELLING_LIMIT_SECONDS, 1.0, "most", "the limit, 1,000 texts")]
    embedder = Embedder()
    if not embedder.fault:
        vectors = np.random.default_rng(20).normal(size=(CONCEPTS, DIMENSIONS)).astype(np.float32)
        meaning = MeaningIndex(embedder, vectors, built_in_vectors().mean(axis=0))
        both = _seconds(concepts, meaning, texts)
        results.append(Result("skills", both, "s", LIMIT_SECONDS, 1.0, "most", "the limit, 200 of 1,000 by meaning"))
    return results


def _vocabulary(random: Random) -> list[Concept]:
    words = {language: [_label(each, language) for each in built_in().concepts.values()] for language in ("de", "en")}
    made = []
    for number in range(CONCEPTS):
        labels = {}
        for language, known in words.items():
            four = tuple(f"{random.choice(known)} {random.choice(known)} {number % 97}" for _ in range(4))
            labels[language] = Labels(four[0], four[1:])
        made.append(Concept(f"http://data.europa.eu/esco/skill/{number}", labels))
    return made


def _label(concept: Concept, language: str) -> str:
    return concept.label(language)


def _texts(random: Random, concepts: list[Concept]) -> list[str]:
    labels = [random.choice(random.choice(concepts).labels[random.choice(("de", "en"))].all()) for _ in range(800)]
    misspelt = [_misspelt(random, label) for label in labels[400:]]
    foreign = [random.choice(FOREIGN).format(number) for number in range(200)]
    return [*labels[:400], *misspelt, *foreign]


def _misspelt(random: Random, label: str) -> str:
    at = random.randrange(len(label))
    return label[:at] + label[at + 1 :]


def _seconds(concepts: list[Concept], meaning: MeaningIndex | None, texts: list[str]) -> float:
    started = time.perf_counter()
    found = Resolver(concepts, meaning).resolve(texts)
    took = time.perf_counter() - started
    if not all(found[:800]):
        raise RuntimeError("a label was not found")
    return took
