"""What the command line says of the promise."""

from datetime import UTC, datetime
from typing import Any

from services.cli.promise import agenda_checksum, disagreements, told
from services.gateway.promise import Proof, Standing

DUE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGENDA: list[dict[str, Any]] = [
    {"_id": "contact-2", "version": 4, "open": True, "due": DUE, "step": {"step_id": "step-2"}},
    {"_id": "contact-1", "version": 2, "open": True, "due": DUE, "step": {"step_id": "step-1"}},
]


def proof(**changes: Any) -> dict[str, Any]:
    made = Proof(DUE)
    for number, (version, step) in enumerate(((2, "step-1"), (4, "step-2")), 1):
        sides = ("person-1", "company-1", "staff-1", "")
        made.add(Standing(f"contact-{number}", version, "proposed", *sides, step, "company", DUE))
    found = {"as_of": DUE.isoformat(), "kept": True, "open": 2, "silent": 0, "silent_contacts": [], "overdue": 0}
    return {**found, "reported": 0, "escalated": {}, "owners": {"company": 2}, "checksum": f"sha256:{made.checksum}", **changes}


def test_gateway_and_agenda_that_saw_the_same_have_the_same_checksum() -> None:
    assert agenda_checksum(AGENDA) == proof()["checksum"]
    assert disagreements(proof(), AGENDA) == []


def test_views_that_differ_are_named() -> None:
    older = [{**AGENDA[0], "version": 3}, AGENDA[1]]
    (sentence,) = disagreements(proof(), older)
    assert "differ" in sentence


def test_silent_contacts_are_named_from_either_side() -> None:
    (gateway, agenda, _) = disagreements(proof(silent=1), [{**AGENDA[0], "step": None}, AGENDA[1]])
    assert gateway.startswith("1 open contacts are silent")
    assert "agenda" in agenda


def test_the_proof_is_told_in_plain_lines() -> None:
    lines = told(proof(escalated={"head": 1}))
    assert lines[0] == "As of 2026-03-02T09:00:00+00:00: kept"
    assert "  escalated      to the head 1" in lines
    assert told(proof(kept=False, silent=1, silent_contacts=["contact-1"]))[0].endswith("BROKEN")
