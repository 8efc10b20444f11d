"""Showing a person's data to companies and partners: to whom at all, which fields, and recorded before it is shown.

A company sees people who agreed to be shown to companies; a partner those of its regions who agreed to be shared with partners.
Neither sees what identifies anybody, until a contact with the company is arranged: that means that it learns whom it will meet.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.commander import Commander, DeadlinePassed
from services.gateway.house import Document, Gateway
from services.gateway.problems import away
from services.gateway.security import Caller
from services.gateway.views.feed import SHOWN
from services.profiles.contract import RecordDisclosure

CONSENTS = {"company": "show_to_companies", "partner": "share_with_partners"}
"""The consent that each role's reading of people rests on."""
WITHOUT_NAME = SHOWN | {"experience", "mobility_km", "available_from", "weekly_hours"}
"""What identifies nobody."""
ON_ARRANGEMENT = frozenset({"name", "own_script_name", "email", "phone"})
TALKING = ("arranged", "cooperating")
ALWAYS = ("_id", "version", "updated_at")


async def audience(gateway: Gateway, caller: Caller) -> dict[str, Any]:
    """The people whom a company or partner may see, as a filter; nothing is left out for other roles."""
    consent = CONSENTS.get(caller.role)
    if consent is None:
        return {}
    wanted: dict[str, Any] = {"consents.purpose": consent, "erased_at": None, "merged_into": None}
    if caller.role == "partner":
        partner = await gateway.views["partners"].find_one({"_id": caller.stream}, {"regions": 1}) or {}
        wanted["region"] = {"$in": list(partner.get("regions", ()))}
    return wanted


async def arranged_contact(gateway: Gateway, caller: Caller, person: str) -> str | None:
    """The contact in which this company was introduced to the person and that goes on."""
    if caller.role != "company":
        return None
    wanted = {"person_id": person, "company_id": caller.stream, "state": {"$in": list(TALKING)}}
    found = await gateway.views["contacts"].find_one(wanted, {"_id": 1})
    return str(found["_id"]) if found else None


def part_of(document: Document, contact: str | None = None) -> Document:
    """What of a person's document is shown: never what is not listed here."""
    names = WITHOUT_NAME | ON_ARRANGEMENT if contact else WITHOUT_NAME
    return {name: value for name, value in document.items() if name in names or name in ALWAYS}


def disclosure(caller: Caller, shown: Mapping[str, Any], contact: str | None = None) -> RecordDisclosure | None:
    """The command that records showing this; None where there is nothing in it."""
    fields = sorted(name for name, value in shown.items() if name not in ALWAYS and value not in (None, "", [], ()))
    if not fields:
        return None
    purpose = "partner_network" if caller.role == "partner" else "arranged_contact" if contact else "consider_contact"
    wanted = {"recipient": caller.stream, "fields": fields, "purpose": purpose, "consent": CONSENTS[caller.role]}
    return RecordDisclosure.model_validate(wanted | {"contact_id": contact})


async def recorded(commander: Commander, caller: Caller, wanted: Mapping[str, RecordDisclosure | None]) -> set[str]:
    """The people, of these by id, whose disclosure is recorded, so that they may be shown. Raises a 503 problem."""
    made = {person: command for person, command in wanted.items() if command is not None}
    accepted = await asyncio.gather(*(_record(commander, caller, person, each) for person, each in made.items()))
    return {person for person in wanted if person not in made} | _those(made, accepted)


def _those(people: Iterable[str], accepted: Iterable[bool]) -> set[str]:
    return {person for person, is_accepted in zip(people, accepted, strict=True) if is_accepted}


async def _record(commander: Commander, caller: Caller, person: str, command: RecordDisclosure) -> bool:
    try:
        outcome = await commander.execute(command, person, caller.actor)
    except DeadlinePassed:
        raise away() from None
    return outcome.status == "accepted"
