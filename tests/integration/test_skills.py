"""Skills over HTTP and on the command line."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from deploy.embedded.installation import Installation
from services.cli.options import ROOT
from services.vocabulary.skills.meaning import Embedder

ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
WELDING = "bruecke:skill/welding"
ROLES = (("coordinator", None), ("head", None), ("auditor", None), ("operator", None), ("person", "person-1"))
ESCO = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels\n"
    "KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/9,knowledge,x,tune pianos,adjust pianos\n"
)


def client(bruecke: Installation, role: str = "coordinator", stream: str | None = None) -> httpx.Client:
    return httpx.Client(
        base_url=bruecke.address, headers={"authorization": f"Bearer {bruecke.token(role, stream)}"}, timeout=60
    )


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-m", "services.cli", "skills", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}, input=stdin, capture_output=True
    )


@pytest.mark.servers
def test_texts_are_resolved_for_every_role(bruecke: Installation) -> None:
    for role, stream in ROLES:
        with client(bruecke, role, stream) as caller:
            answer = caller.post("/v1/skills/resolution", json={"texts": ["Schweißen", "???"], "language": "en"})
            assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["meaning"] is not bool(Embedder().fault)
    first = body["items"][0]["candidates"][0]
    assert (first["id"], first["label"], first["how"], first["confidence"]) == (WELDING, "welding", "exact", 1.0)
    assert body["items"][1] == {"text": "???", "candidates": []}


@pytest.mark.servers
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"texts": []}, "texts"),
        ({"texts": ["x"] * 101}, "texts"),
        ({"texts": ["ok", ""]}, "texts.1"),
        ({"texts": ["a\tb"]}, "texts.0"),
        ({"texts": ["a"], "language": "German"}, "language"),
    ],
)
def test_what_cannot_be_resolved_is_named(bruecke: Installation, body: dict[str, object], field: str) -> None:
    with client(bruecke) as staff:
        answer = staff.post("/v1/skills/resolution", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


@pytest.mark.servers
def test_the_vocabulary_is_read_page_by_page_and_searched(bruecke: Installation) -> None:
    with client(bruecke) as staff:
        seen: list[str] = []
        query: dict[str, str] = {"limit": "200"}
        while True:
            page = staff.get("/v1/skills", params=query).json()
            seen += [each["id"] for each in page["items"]]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        found = staff.get("/v1/skills", params={"q": "schweiss"}).json()["items"]
        wrong = staff.get("/v1/skills", params={"cursor": "00"})
    assert len(seen) == len(set(seen)) >= 320
    assert WELDING in {each["id"] for each in found}
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad-cursor")


@pytest.mark.servers
@pytest.mark.parametrize("id", [WELDING, quote(WELDING, safe="")])
def test_one_skill_tells_what_is_above_and_below_it(bruecke: Installation, id: str) -> None:
    with client(bruecke) as staff:
        skill = staff.get(f"/v1/skills/{id}").json()
        missing = staff.get("/v1/skills/bruecke:skill/nothing")
    assert [each["id"] for each in skill["broader"]] == [
        "bruecke:skill/manufacturing-engineering",
        "bruecke:skill/mechanical-engineering",
    ]
    assert "bruecke:skill/tig-welding" in {each["id"] for each in skill["narrower"]}
    assert (skill["labels"]["de"], skill["isco"]) == ("Schweißen", ["7212"])
    assert missing.status_code == 404


@pytest.mark.servers
def test_an_import_reaches_the_running_gateway(bruecke: Installation, tmp_path: Path) -> None:
    (tmp_path / "skills_en.csv").write_text(ESCO)
    done = run("import", str(tmp_path), "--without-meaning", "--data", str(bruecke.data))
    assert done.returncode == 0, done.stderr
    with client(bruecke) as staff:
        items = staff.post("/v1/skills/resolution", json={"texts": ["adjust pianos"]}).json()["items"]
        skill = staff.get("/v1/skills/http%3A%2F%2Fdata.europa.eu%2Fesco%2Fskill%2F9")
    assert items[0]["candidates"][0]["id"] == skill.json()["id"] == "http://data.europa.eu/esco/skill/9"


def test_lines_become_seven_columns_and_a_bad_one_is_named(tmp_path: Path) -> None:
    lines = "Schweißen\r\n\n \nWeld\ting\n".encode() + b"caf\xe9\n" + b"???\n" + b"Buchhaltung"
    done = run("resolve", "-", "--without-meaning", "--data", str(tmp_path), stdin=b"\xef\xbb\xbf" + lines)
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert done.returncode == 1
    assert all(len(row) == 7 and 0 < float(row[5]) <= 1 for row in rows)
    assert rows[0] == ["Schweißen", "1", WELDING, "Schweißen", "welding", "1.000", "exact"]
    assert {row[0] for row in rows} >= {"Schweißen", "Weld ing", "Buchhaltung"}
    assert done.stderr.decode().splitlines() == [
        "bruecke: meaning: not available (switched off)",
        "bruecke: line 5, byte 4: not UTF-8; the line is left out",
        "bruecke: line 6: nothing found",
    ]


def test_a_very_long_line_is_cut_and_said(tmp_path: Path) -> None:
    done = run(
        "resolve", "-", "--without-meaning", "--data", str(tmp_path), stdin="ü".encode() * 3_000_000 + b"\nSchwei\xc3\x9fen\n"
    )
    assert done.returncode == 0
    assert b"line 1: longer than 4,000 bytes" in done.stderr
    assert done.stdout.decode().splitlines()[0].split("\t")[2] == WELDING


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    done = run("resolve", str(tmp_path / "nothing"))
    assert (done.returncode, done.stderr.decode()) == (1, f"bruecke: {tmp_path}/nothing: No such file or directory\n")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "typed.txt").write_text("Schweißen\n" * 20_000)
    command = f"{sys.executable} -P -m services.cli skills resolve --without-meaning {tmp_path}/typed.txt | head -n 1"
    bash = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(bash, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_a_broken_import_writes_nothing_and_names_the_place(tmp_path: Path) -> None:
    (tmp_path / "skills_en.csv").write_text(ESCO + "a,b\n")
    done = run("import", str(tmp_path), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert "skills_en.csv, line 3, column skillType: the row has 2 cells" in done.stderr.decode()
    assert not (tmp_path / "data").exists()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "skills_en.csv").write_text(ESCO)
    done = run("import", str(tmp_path), "--dry-run", "--data", str(tmp_path / "data"))
    assert done.returncode == 0
    assert "1 concepts in en" in done.stdout.decode()
    assert not (tmp_path / "data").exists()
