"""The commands for developers: ``./bruecke bench`` and ``./bruecke test``, as they are typed."""

import json
import subprocess
from pathlib import Path

import pytest

from benchmarks.run import RESULTS
from services.cli.options import ROOT


def bruecke(*words: str) -> str:
    done = subprocess.run([ROOT / "bruecke", *words], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.servers
def test_the_bench_prints_its_results_and_writes_them_as_json(tmp_path: Path) -> None:
    recorded, file = RESULTS.read_text(), tmp_path / "results.json"
    said = bruecke("bench", "footprint", "--json", str(file))
    results = json.loads(file.read_text())
    assert [each["case"] for each in results] == ["start", "memory"]
    for each in results:
        assert each.keys() == {"case", "value", "unit", "against", "ratio", "target", "met"}
        assert each["case"] in said
        assert each["ratio"] == pytest.approx(each["value"] / each["against"], abs=0.01)
        assert each["met"] == (each["ratio"] <= each["target"])
    assert RESULTS.read_text() == recorded, "only a whole run is recorded"


def test_arguments_of_the_test_command_go_to_pytest() -> None:
    assert "1 passed" in bruecke(
        "test", "--fast", "tests/unit/profiles/test_partner.py", "-k", "further_regions", "--maxfail=1"
    )
