"""Which steps of the demo's story are due."""

from typing import Any

import pytest

from services.cli.story import STEPS


def due(contact: dict[str, Any]) -> list[str]:
    return [step.title.partition(" (")[0] for step in STEPS if step.is_due(contact)]


def contact(state: str, accepted_by: tuple[str, ...] = (), *meetings: str) -> dict[str, Any]:
    return {"state": state, "accepted_by": list(accepted_by), "meetings": [{"state": each} for each in meetings]}


BOTH = ("person", "company")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ({}, ["Proposal"]),
        (contact("proposed"), ["The person accepts", "The company accepts"]),
        (contact("proposed", ("person",)), ["The company accepts"]),
        (contact("accepted", BOTH), ["Arrangement"]),
        (contact("arranged", BOTH), ["First meeting scheduled"]),
        (contact("arranged", BOTH, "scheduled"), ["First meeting held"]),
        (contact("arranged", BOTH, "held"), ["Follow-up"]),
        (contact("arranged", BOTH, "followed_up", "scheduled"), []),
        (contact("closed", BOTH, "followed_up"), []),
        (contact("declined"), []),
    ],
)
def test_what_is_due_follows_from_the_contact(given: dict[str, Any], then: list[str]) -> None:
    assert due(given) == then
