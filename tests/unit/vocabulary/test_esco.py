"""The official ESCO files: read as they are published, and broken ones named to the line and column."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from services.vocabulary.skills import shelf
from services.vocabulary.skills.esco import EscoFiles, EscoWrong
from services.vocabulary.skills.importing import put
from services.vocabulary.skills.library import SkillLibrary
from services.vocabulary.skills.meaning import DIMENSIONS, Embedder, Vectors

HEAD = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,"
    "scopeNote,definition,inScheme,description\n"
)
URI = "http://data.europa.eu/esco/skill/"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def skill(id: str, label: str, synonyms: str = "", status: str = "released") -> str:
    return f'KnowledgeSkillCompetence,{URI}{id},knowledge,cross-sector,{label},"{synonyms}",,{status},2024-01-01,,,,text\n'


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "esco"
    folder.mkdir()
    (folder / "skills_en.csv").write_text(HEAD + skill("a", "welding", "fusing\nweld metal") + skill("b", "tune pianos"))
    (folder / "skills_uk.csv").write_text(HEAD + skill("a", "зварювання") + skill("b", "настроювати фортепіано"))
    (folder / "broaderRelationsSkillPillar_en.csv").write_text(
        f"conceptType,conceptUri,broaderType,broaderUri\nKnowledgeSkillCompetence,{URI}b,KnowledgeSkillCompetence,{URI}a\n"
    )
    (folder / "occupations_en.csv").write_text("conceptType,conceptUri,iscoGroup,preferredLabel\nOccupation,o1,7212,welder\n")
    (folder / "occupationSkillRelations_en.csv").write_text(
        f"occupationUri,relationType,skillType,skillUri\no1,essential,knowledge,{URI}a\no1,optional,knowledge,{URI}b\n"
    )
    return folder


def test_labels_hierarchy_and_occupations_are_read(files: Path) -> None:
    one, other = EscoFiles(files).concepts()
    assert one.labels["en"].all() == ("welding", "fusing", "weld metal")
    assert one.label("uk") == "зварювання"
    assert (other.broader, one.isco, other.isco) == ((f"{URI}a",), ("7212",), ("7212",))


def test_a_byte_order_mark_and_obsolete_concepts_are_passed_over(files: Path) -> None:
    text = HEAD + skill("a", "welding") + skill("z", "gone", status="obsolete")
    (files / "skills_en.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert [concept.id for concept in EscoFiles(files, ["en"]).concepts()] == [f"{URI}a"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: the file is empty; its first line must name the columns"),
        (b"conceptUri,altLabels\n", "line 1, column preferredLabel: the column is missing"),
        (
            b"conceptUri;preferredLabel;altLabels\n",
            "line 1, column conceptUri: the column is missing; columns are separated by commas",
        ),
        ((HEAD + skill("a", "ok")).encode() + b"x,http://e/\xe4,", "line 3, column 12: byte 0xe4 is not UTF-8"),
        ((HEAD).encode("utf-16"), "line 1, column 1: the file is in UTF-16; save it as UTF-8"),
        ((HEAD + "a,b\n").encode(), "line 2, column skillType: the row has 2 cells, the first line names 13 columns"),
        (
            (HEAD + 'a,"b"c,d\n').encode(),
            "line 2, column 6: a closing quotation mark must be followed by a comma or a new line",
        ),
        (
            (HEAD + skill("a", "ok") + 'a,"b,d\nc\n').encode(),
            "line 3, column 3: the quotation mark that opens here is never closed",
        ),
        ((HEAD + skill("a", "x" * 300_000)).encode(), "line 2: the row cannot be read: field larger than field limit (200000)"),
        ((HEAD + skill("a", "")).encode(), "line 2, column preferredLabel: must not be empty"),
        ((HEAD + skill("a", "x") + skill("a", "y")).encode(), "line 3, column conceptUri: the same concept stands on line 2"),
        ((HEAD + skill("a", "x").replace(URI, "nowhere")).encode(), "line 2, column conceptUri: must be a URI"),
    ],
    ids=lambda each: each[-40:] if isinstance(each, str) else "",
)
def test_a_broken_file_is_named_with_line_column_and_reason(files: Path, content: bytes, said: str) -> None:
    (files / "skills_en.csv").write_bytes(content)
    with pytest.raises(EscoWrong) as caught:
        EscoFiles(files, ["en"]).concepts()
    assert caught.value.flaws[0].split("skills_en.csv, ")[1] == said


def test_many_wrong_rows_are_named_up_to_a_number(files: Path) -> None:
    (files / "skills_en.csv").write_text(HEAD + "".join(skill(str(number), "") for number in range(50)))
    with pytest.raises(EscoWrong) as caught:
        EscoFiles(files, ["en"]).concepts()
    assert len(caught.value.flaws) == 21
    assert caught.value.flaws[-1] == "… and 30 more rows are wrong"


def test_a_group_that_is_no_group_is_named(files: Path) -> None:
    (files / "occupations_en.csv").write_text("conceptUri,iscoGroup\no1,212\n")
    with pytest.raises(EscoWrong, match="line 2, column iscoGroup: '212' is no unit group"):
        EscoFiles(files).concepts()


def test_a_folder_without_the_files_or_the_language_says_so(files: Path, tmp_path: Path) -> None:
    with pytest.raises(EscoWrong, match=r"there is no skills_xx\.csv"):
        EscoFiles(tmp_path)
    with pytest.raises(EscoWrong, match=r"there is no skills_fr\.csv; there are en, uk"):
        EscoFiles(files, ["fr"])
    with pytest.raises(EscoWrong, match="there is no such folder"):
        EscoFiles(tmp_path / "nowhere")


class Killed(Exception):
    """The process ends here."""


class Halting(Embedder):
    """Makes vectors of the length of a text; ends the process after so many calls."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.calls = calls
        self.done = 0

    def embed(self, texts: object) -> Vectors:
        if self.calls == 0:
            raise Killed
        self.calls -= 1
        self.done += 1
        return np.array([[len(text)] + [1.0] * (DIMENSIONS - 1) for text in texts], dtype=np.float32)  # type: ignore[attr-defined]


def test_an_import_is_put_in_place_whole_and_again_changes_nothing(files: Path, tmp_path: Path) -> None:
    folder, reader = tmp_path / "vocabulary", EscoFiles(files)
    concepts = reader.concepts()
    assert shelf.read(folder) is None
    assert put(folder, concepts, reader.languages, NOW, None)
    before = shelf.stamp(folder)
    assert not put(folder, concepts, reader.languages, NOW, None)
    assert shelf.stamp(folder) == before
    kept = shelf.read(folder)
    assert kept is not None
    assert list(kept.vocabulary.concepts.values()) == concepts
    assert kept.vectors is None


def test_an_import_that_is_killed_leaves_the_old_vocabulary_and_goes_on_later(files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "vocabulary"
    old = EscoFiles(files).concepts()
    put(folder, old, ["en", "uk"], NOW, None)
    (files / "skills_en.csv").write_text(HEAD + "".join(skill(f"n{number}", f"skill number {number}") for number in range(100)))
    new = EscoFiles(files, ["en"]).concepts()
    with pytest.raises(Killed):
        put(folder, new, ["en"], NOW, Halting(3))
    kept = shelf.read(folder)
    assert kept is not None
    assert len(kept.vocabulary) == len(old)
    rest = Halting(1000)
    assert put(folder, new, ["en"], NOW, rest)
    assert rest.done == 4
    kept = shelf.read(folder)
    assert kept is not None
    assert kept.vectors is not None
    assert kept.vectors.shape == (100, DIMENSIONS)
    assert len(list(folder.glob("vocabulary-*"))) == 1


def test_what_is_kept_and_broken_is_named(files: Path, tmp_path: Path) -> None:
    (tmp_path / "current.json").write_text("{")
    with pytest.raises(shelf.ShelfBroken, match="import the vocabulary again"):
        shelf.read(tmp_path)
    (tmp_path / "current.json").write_text(json.dumps({"folder": "gone", "made_of": ""}))
    with pytest.raises(shelf.ShelfBroken, match="import the vocabulary again"):
        SkillLibrary(tmp_path)


def test_an_imported_concept_of_the_same_label_teaches_the_built_in_one_its_languages(files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "vocabulary"
    put(folder, EscoFiles(files).concepts(), ["en", "uk"], NOW, None)
    library = SkillLibrary(folder, by_meaning=False)
    welding, pianos = library.resolver.resolve(["зварювання", "tuning pianos"])
    assert (welding[0].concept.id, welding[0].how) == ("bruecke:skill/welding", "exact")
    assert pianos[0].concept.id == f"{URI}b"
    assert library.same_as == {f"{URI}a": "bruecke:skill/welding"}
    assert library.find(f"{URI}a") is not None
    assert [each.id for each in library.above(f"{URI}b")] == [f"{URI}a"]
