"""Who has which part in a contact: what each of its two sides, the coordinator and the deputy may do in it now."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.gateway.security import Caller

Document = Mapping[str, Any]

STAFF = frozenset({"coordinator", "head"})
SIDES = frozenset({"person", "company"})
TALKING = frozenset({"arranged", "cooperating"})
OPEN = TALKING | {"proposed", "accepted"}


def part_of(caller: Caller, contact: Document, moment: datetime) -> dict[str, Any]:
    """``as``: person, company, coordinator, deputy or staff (of the institute, but not assigned to this contact), or reader.

    ``actions``: what they may do now. ``is_next``: whether the next step is theirs. ``moment`` is UTC without a zone, like the
    times in views.
    """
    role = _role(caller, contact)
    actions = list(_of_side(caller.role, contact, moment)) if caller.role in SIDES else []
    if caller.role in STAFF:
        actions = list(_of_staff(contact, moment))
    owner = (contact.get("next_step") or {}).get("owner")
    return {"as": role, "actions": actions, "is_next": owner in _owners(caller, role)}


def _owners(caller: Caller, role: str) -> set[str]:
    """As whom the caller may own a step: the deputy stands in for the coordinator, and whoever heads the institute is asked."""
    owned = {"coordinator"} if role == "deputy" else {role}
    return owned | {"head"} if caller.role == "head" else owned


def _role(caller: Caller, contact: Document) -> str:
    if caller.role in SIDES:
        return caller.role
    if caller.role not in STAFF:
        return "reader"
    if caller.id == contact.get("coordinator"):
        return "coordinator"
    return "deputy" if caller.id == contact.get("deputy") else "staff"


def _of_side(side: str, contact: Document, moment: datetime) -> Iterator[str]:
    state = contact["state"]
    if state == "proposed" and side not in contact["accepted_by"]:
        yield "accept"
    if state in ("proposed", "accepted"):
        yield "decline"
    if state in TALKING:
        yield "propose_dates"
        yield from _with_dates(contact, moment, {side})
    if state in TALKING and _scheduled(contact, after=moment):
        yield from ("move_meeting", "cancel_meeting")


def _of_staff(contact: Document, moment: datetime) -> Iterator[str]:
    state = contact["state"]
    if state in ("proposed", "accepted"):
        yield from ("accept", "decline") if state == "proposed" else ("decline", "arrange")
    if state in TALKING:
        yield from ("propose_dates", "schedule_meeting", "agree_cooperation")
        yield from _with_dates(contact, moment, SIDES)
    if state in OPEN:
        yield from _with_meetings(contact, moment)
        yield from ("plan_next_step", "complete_next_step")
    if state in OPEN or state == "dormant":
        yield "close"
    if state not in OPEN:
        yield "reopen"
    yield "assign"


def _with_dates(contact: Document, moment: datetime, sides: frozenset[str] | set[str]) -> Iterator[str]:
    proposal = contact.get("date_proposal")
    if not proposal or proposal["state"] != "open":
        return
    may_choose = sides - {proposal["by"], *proposal["chosen_by"]}
    if may_choose and any(each["starts_at"] > moment for each in proposal["dates"]):
        yield "choose_date"
    yield "decline_dates"


def _with_meetings(contact: Document, moment: datetime) -> Iterator[str]:
    if _scheduled(contact):
        yield from ("move_meeting", "cancel_meeting")
    if len(_scheduled(contact)) > len(_scheduled(contact, after=moment)):
        yield from ("record_meeting_held", "record_meeting_missed")
    if any(each["state"] == "held" for each in contact["meetings"]):
        yield "follow_up_meeting"


def _scheduled(contact: Document, after: datetime | None = None) -> list[Any]:
    meetings = [each for each in contact["meetings"] if each["state"] == "scheduled"]
    return [each for each in meetings if after is None or each["starts_at"] > after]
