"""Where statements come from, as documents say it."""

from typing import Any

from services.foundation.messages import Envelope
from services.profiles.contract import PRECEDENCE


def source_of(provenance: str, evidence: str, envelope: Envelope) -> dict[str, Any]:
    """Where a statement comes from, who handed it in, and when."""
    return {"provenance": provenance, "evidence": evidence, "at": envelope.time, "by": str(envelope.actor)}


def by_precedence(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Statements, the one that counts first."""
    order: tuple[str, ...] = PRECEDENCE
    return sorted(made, key=lambda each: order.index(each["provenance"]) if each["provenance"] in order else len(order))
