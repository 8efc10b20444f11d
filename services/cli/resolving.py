"""What ``bruecke skills resolve`` reads and prints."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from deploy.embedded.problems import Problem
from services.vocabulary.skills.library import SkillLibrary
from services.vocabulary.skills.resolver import Candidate

AT_ONCE = 500
"""Lines that are resolved together, and printed before further ones are read."""
LONGEST_BYTES = 4_000
"""Of a longer line only the beginning is looked at: nobody names a skill in so many words."""

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Line(NamedTuple):
    """A line that can be resolved."""

    number: int
    text: str


class Reader:
    """The lines of a file one can resolve. What is wrong with others is said on standard error; then ``clean`` is False."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.clean = True

    def lines(self) -> Iterator[Line]:
        number = 0
        while raw := self._file.readline(LONGEST_BYTES):
            number += 1
            cut = not raw.endswith(b"\n") and self._skip_rest()
            text = self._text(raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw, number, cut)
            if text:
                yield Line(number, text)

    def _skip_rest(self) -> bool:
        """Passes over what is left of a line; says whether there was anything."""
        skipped = False
        while rest := self._file.readline(LONGEST_BYTES):
            skipped = True
            if rest.endswith(b"\n"):
                break
        return skipped

    def _text(self, raw: bytes, number: int, cut: bool) -> str:
        if cut:
            say(f"line {number}: longer than {LONGEST_BYTES:,} bytes; the rest of it is left out")
        try:
            text = raw.decode("utf-8", "ignore" if cut and _only_end_is_broken(raw) else "strict")
        except UnicodeDecodeError as fault:
            say(f"line {number}, byte {fault.start + 1}: not UTF-8; the line is left out")
            self.clean = False
            return ""
        return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _only_end_is_broken(raw: bytes) -> bool:
    """Whether cutting, and nothing else, broke the last letter."""
    try:
        raw.decode()
    except UnicodeDecodeError as fault:
        return fault.reason == "unexpected end of data"
    return True


def resolve(path: str, library: SkillLibrary) -> bool:
    """Prints the candidates of every line of this file; says whether every line could be read. Raises Problem."""
    with _opened(path) as file:
        reader = Reader(file)
        for note in library.notes:
            say(note)
        try:
            lines = reader.lines()
            while some := tuple(islice(lines, AT_ONCE)):
                _print(some, library.resolver.resolve([line.text for line in some]))
        except BrokenPipeError:
            # Whoever reads has seen enough. What Python still holds back must go nowhere, or it complains at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return reader.clean


def _print(lines: tuple[Line, ...], found: list[list[Candidate]]) -> None:
    for line, candidates in zip(lines, found, strict=True):
        for rank, each in enumerate(candidates, 1):
            row = (line.text, str(rank), each.concept.id, each.concept.label("de"), each.concept.label("en"))
            sys.stdout.buffer.write(("\t".join((*row, f"{each.confidence:.3f}", each.how)) + "\n").encode())
        if not candidates:
            say(f"line {line.number}: nothing found")
    sys.stdout.buffer.flush()


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(path).open("rb")
    except OSError as fault:
        raise Problem(f"{path}: {fault.strerror}") from None


def say(line: str) -> None:
    """One line on standard error."""
    print(f"bruecke: {line}", file=sys.stderr, flush=True)
