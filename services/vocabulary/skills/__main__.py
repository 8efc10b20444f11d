"""``python -m services.vocabulary.skills``: makes the vectors of the built-in vocabulary anew, after a change of its labels."""

from services.vocabulary.skills.built_in import VECTORS, built_in, made_of
from services.vocabulary.skills.meaning import Embedder, digest, save, vector_of

if __name__ == "__main__":
    import numpy as np

    texts, embedder = made_of(built_in()), Embedder()
    flat = embedder.embed([label for labels in texts for label in labels])
    ends = np.cumsum([len(labels) for labels in texts])
    save(VECTORS, np.stack([vector_of(part) for part in np.split(flat, ends[:-1])]), digest(texts))
    print(f"{len(texts)} vectors of {len(flat)} labels in {VECTORS.stat().st_size:,} bytes")
