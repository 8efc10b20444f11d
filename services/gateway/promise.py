"""The promise that no conversation dies unnoticed, proven for any moment from the events of all contacts.

An open contact is silent where it lacks an owner or a dated next step with an owner of its own. None may ever be.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.gateway.timeline import Document, folded, utc
from services.matching.contract import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Standing:
    """An open contact at one moment. ``due`` is None and ``step_id`` and ``owner`` are empty where it has no step."""

    contact: str
    version: int
    state: str
    person_id: str
    company_id: str
    coordinator: str
    deputy: str
    step_id: str = ""
    owner: str = ""
    due: datetime | None = None
    reported: bool = False
    escalated_to: str | None = None

    @property
    def silent(self) -> bool:
        return not (self.coordinator and self.step_id and self.owner and self.due)

    def overdue(self, as_of: datetime) -> bool:
        return self.due is not None and self.due < as_of


def standing(contact: str, entries: Iterable[Document]) -> Standing | None:
    """How the contact stood after these entries of its timeline; None where it was not open."""
    document = folded(contact, entries)
    if document.get("state") not in OPEN_STATES:
        return None
    return Standing(
        contact=contact,
        version=document["version"],
        state=document["state"],
        person_id=document["person_id"],
        company_id=document["company_id"],
        coordinator=document["coordinator"],
        deputy=document.get("deputy", ""),
        **_step(document["next_step"]),
    )


def _step(step: Document | None) -> Document:
    if step is None:
        return {}
    return {
        "step_id": step["step_id"],
        "owner": step["owner"],
        "due": utc(step["due"]),
        "reported": step["overdue"],
        "escalated_to": step["escalated_to"],
    }


def seal_of(contact: str, version: int, step_id: str, due: datetime | None) -> bytes:
    """What an open contact adds to the checksum of the proof, in whole milliseconds: contact, version, step and due date."""
    moment = int(due.timestamp() * 1000) if due else ""
    return f"{contact} {version} {step_id} {moment}\n".encode()


@dataclass(slots=True)
class Proof:
    """Counts of all open contacts at one moment, and a checksum (SHA-256) over them in the order of their ids."""

    as_of: datetime
    open: int = 0
    silent: list[str] = field(default_factory=list)
    overdue: int = 0
    reported: int = 0
    escalated: Counter[str] = field(default_factory=Counter)
    owners: Counter[str] = field(default_factory=Counter)
    _sum: Any = field(default_factory=hashlib.sha256)

    def add(self, each: Standing) -> None:
        """Contacts come in the order of their ids."""
        self.open += 1
        self.overdue += each.overdue(self.as_of)
        self.reported += each.reported
        if each.silent:
            self.silent.append(each.contact)
        if each.escalated_to:
            self.escalated[each.escalated_to] += 1
        self.owners[each.owner or "nobody"] += 1
        self._sum.update(seal_of(each.contact, each.version, each.step_id, each.due))

    @property
    def checksum(self) -> str:
        return str(self._sum.hexdigest())
