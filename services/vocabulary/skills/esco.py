"""Reading the official ESCO download, in the columns in which the European Commission publishes it (ESCO 1.1 and 1.2).

skills_xx.csv (one a language) must be there. Read as well where they are there: skillGroups_xx.csv (the upper levels),
broaderRelationsSkillPillar, and occupations with occupationSkillRelations, from which a skill gets its ISCO-08 groups.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from services.vocabulary.skills.concept import Concept, Labels
from services.vocabulary.skills.isco import ISCO_UNIT_GROUPS
from services.vocabulary.skills.tables import MOST_FLAWS, Row, TableBroken, rows

SKILL = ("conceptUri", "preferredLabel", "altLabels")
BROADER = ("conceptUri", "broaderUri")
OCCUPATION = ("conceptUri", "iscoGroup")
RELATION = ("occupationUri", "relationType", "skillUri")
LONGEST_LABEL = 300

_LANGUAGE = re.compile(r"skills_([a-z]{2,3})\.csv")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")

Tell = Callable[[str, int], None]
"""Is told the name of each file and how many of its rows were read."""


class EscoWrong(Exception):
    """What keeps the files from being imported: one line each."""

    def __init__(self, flaws: Sequence[str]) -> None:
        super().__init__("\n".join(flaws))
        self.flaws = list(flaws)


class EscoFiles:
    """The files of one folder. ``languages``: those to read; none for all that are there. Raises EscoWrong."""

    def __init__(self, folder: Path, languages: Sequence[str] = (), tell: Tell = lambda file, count: None) -> None:
        self._folder = folder
        self._tell = tell
        if not folder.is_dir():
            raise EscoWrong([f"{folder}: there is no such folder"])
        there = sorted(match[1] for path in folder.iterdir() if (match := _LANGUAGE.fullmatch(path.name)))
        if not there:
            raise EscoWrong([f"{folder}: there is no skills_xx.csv (xx: a language, as in skills_de.csv)"])
        missing = [language for language in languages if language not in there]
        if missing:
            raise EscoWrong([f"{folder}: there is no skills_{missing[0]}.csv; there are {', '.join(there)}"])
        self.languages = list(dict.fromkeys(languages)) or there
        self.missing: list[str] = []
        """Files that would have said more."""
        self._flaws: list[str] = []

    def concepts(self) -> list[Concept]:
        """All concepts, in the order of their ids. Raises EscoWrong."""
        labels: dict[str, dict[str, Labels]] = {}
        for language in self.languages:
            self._read_labels(f"skills_{language}.csv", language, labels)
            self._read_labels(f"skillGroups_{language}.csv", language, labels)
        broader, isco = self._broader(set(labels)), self._isco(set(labels))
        if self._flaws:
            rest = len(self._flaws) - MOST_FLAWS
            raise EscoWrong(self._flaws[:MOST_FLAWS] + ([f"… and {rest:,} more rows are wrong"] if rest > 0 else []))
        return [
            Concept(id, labels[id], tuple(sorted(broader.get(id, ()))), tuple(sorted(isco.get(id, ()))))
            for id in sorted(labels)
        ]

    def _read_labels(self, name: str, language: str, labels: dict[str, dict[str, Labels]]) -> None:
        path, seen = self._folder / name, dict[str, int]()
        for row in self._rows(path, SKILL):
            id, preferred = row.cells["conceptUri"].strip(), _clean(row.cells["preferredLabel"])
            if row.cells.get("status") == "obsolete" or not self._is_sound(path, row, id, preferred, seen):
                continue
            synonyms = dict.fromkeys(_clean(each) for each in row.cells["altLabels"].split("\n"))
            kept = tuple(each for each in synonyms if each and each != preferred and len(each) <= LONGEST_LABEL)
            labels.setdefault(id, {})[language] = Labels(preferred, kept)

    def _is_sound(self, path: Path, row: Row, id: str, preferred: str, seen: dict[str, int]) -> bool:
        if not id.startswith(("http://", "https://")):
            self._flaw(path, row.line, "conceptUri", "must be a URI" if id else "must not be empty")
        elif id in seen:
            self._flaw(path, row.line, "conceptUri", f"the same concept stands on line {seen[id]}")
        elif not preferred:
            self._flaw(path, row.line, "preferredLabel", "must not be empty")
        elif len(preferred) > LONGEST_LABEL:
            self._flaw(path, row.line, "preferredLabel", f"must have {LONGEST_LABEL} characters at most")
        else:
            seen[id] = row.line
            return True
        return False

    def _broader(self, known: set[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in self._rows(self._independent("broaderRelationsSkillPillar"), BROADER):
            id, up = row.cells["conceptUri"].strip(), row.cells["broaderUri"].strip()
            if id in known and up in known and id != up:
                found.setdefault(id, set()).add(up)
        return found

    def _isco(self, known: set[str]) -> dict[str, set[str]]:
        """Those of the occupations for which the skill is essential; where there are none, those for which it is optional."""
        path, groups = self._independent("occupations"), dict[str, str]()
        for row in self._rows(path, OCCUPATION):
            group = row.cells["iscoGroup"].strip()
            if group in ISCO_UNIT_GROUPS:
                groups[row.cells["conceptUri"].strip()] = group
            else:
                self._flaw(path, row.line, "iscoGroup", f"{group[:20]!r} is no unit group of ISCO-08 (four digits)")
        found: dict[str, dict[str, set[str]]] = {"essential": {}, "optional": {}}
        for row in self._rows(self._independent("occupationSkillRelations"), RELATION):
            id, group = row.cells["skillUri"].strip(), groups.get(row.cells["occupationUri"].strip(), "")
            if id in known and group:
                found.setdefault(row.cells["relationType"].strip(), {}).setdefault(id, set()).add(group)
        return found["optional"] | found["essential"]

    def _independent(self, name: str) -> Path:
        """A file that says the same in every language: with the language in its name, or without."""
        names = [f"{name}_{language}.csv" for language in self.languages] + [f"{name}.csv"]
        paths = [self._folder / each for each in names]
        return next((path for path in paths if path.exists()), paths[0])

    def _rows(self, path: Path, wanted: Sequence[str]) -> Iterator[Row]:
        if not path.exists():
            self.missing.append(path.name)
            return
        count = 0
        try:
            for count, row in enumerate(rows(path, wanted), 1):
                yield row
                if count % 1000 == 0:
                    self._tell(path.name, count)
        except TableBroken as broken:
            self._flaws.append(str(broken))
        self._tell(path.name, count)

    def _flaw(self, path: Path, line: int, column: str, reason: str) -> None:
        self._flaws.append(str(TableBroken(path, line, column, reason)))


def _clean(label: str) -> str:
    return " ".join(_CONTROL.sub(" ", label).split())
