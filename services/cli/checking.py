"""What ``bruecke skills check`` does: how often the resolver is right on a list, with and without meaning."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from deploy.embedded.problems import Problem
from services.vocabulary.skills.built_in import NAMESPACE
from services.vocabulary.skills.library import SkillLibrary


class Typed(NamedTuple):
    """A line of the list; ``right`` is empty where no concept is."""

    language: str
    text: str
    right: frozenset[str]


def check(file: Path) -> None:
    """Prints precision at 1 and at 3 by language. Raises Problem."""
    typed = read(file)
    table = Table("language", "texts", "at 1", "at 3", "at 1, spelling alone", "at 3, spelling alone", box=None)
    with_meaning, alone = SkillLibrary(), SkillLibrary(by_meaning=False)
    for note in with_meaning.notes:
        print(note)
    both, spelling = precision(typed, with_meaning), precision(typed, alone)
    for language in both:
        table.add_row(language, *(f"{each:g}" for each in (*both[language], *spelling[language][1:])))
    Console().print(table)


def read(file: Path) -> list[Typed]:
    """The lines of the list; those that begin with # are left out. Raises Problem."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise Problem(f"{file}: {fault}") from None
    return [_typed(file, number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]


def _typed(file: Path, number: int, line: str) -> Typed:
    cells = line.split("\t")
    if len(cells) != 3:
        raise Problem(f"{file}, line {number}: must have three columns separated by tabs, has {len(cells)}")
    language, text, ids = cells
    return Typed(language, text, frozenset(NAMESPACE + id for id in ids.split() if id != "-"))


def precision(typed: list[Typed], library: SkillLibrary) -> dict[str, tuple[int, float, float]]:
    """By language, and of all: how many texts, and which share has a right concept first, and among the first three."""
    count, first, three = Counter[str](), Counter[str](), Counter[str]()
    wanted = [each for each in typed if each.right]
    for each, candidates in zip(wanted, library.resolver.resolve([each.text for each in wanted]), strict=True):
        right = [candidate.concept.id in each.right for candidate in candidates]
        for key in (each.language, "all"):
            count[key] += 1
            first[key] += bool(right[:1] and right[0])
            three[key] += any(right)
    return {key: (count[key], round(first[key] / count[key], 2), round(three[key] / count[key], 2)) for key in count}
