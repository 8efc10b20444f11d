"""Who may do what, in one table, and which fields a role does not get to see.

``ALL``: every one of them. ``THIN``: every one, without what identifies a person. ``OWN``: only where the token speaks for the
company, person or partner that it belongs to. A role that is missing from a row may not do it.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from services.gateway.problems import Problem
from services.gateway.security import Caller
from services.profiles.contract import COMPANY_SEALED, PARTNER_SEALED, PERSON_SEALED


class Grant(Enum):
    """How far a permission reaches."""

    ALL = "all"
    THIN = "thin"
    OWN = "own"


ALL, THIN, OWN = Grant.ALL, Grant.THIN, Grant.OWN

_STAFF = {"coordinator": ALL, "head": ALL}
_CONTROL = {"auditor": THIN, "operator": THIN}
_MEMBERS = {"person": ALL, "company": ALL, "partner": ALL}

PERMISSIONS: Mapping[str, Mapping[str, Grant]] = {
    "consent-texts.read": _STAFF | _CONTROL | {"person": ALL, "company": ALL, "partner": ALL},
    "people.create": _STAFF,
    "people.read": _STAFF | _CONTROL | {"person": OWN, "company": THIN, "partner": THIN},
    "people.update": _STAFF | {"person": OWN},
    "people.recognise": _STAFF,
    "people.rank": _STAFF | _CONTROL | {"person": OWN},
    "people.consent": _STAFF | {"person": OWN},
    "people.export": _STAFF | {"person": OWN},
    "people.erase": _STAFF | {"person": OWN},
    "people.merge": _STAFF,
    "people.calendar": _STAFF | {"person": OWN},
    "companies.create": _STAFF,
    "companies.read": _STAFF | _CONTROL | {"company": OWN},
    "companies.update": _STAFF | {"company": OWN},
    "companies.consent": _STAFF | {"company": OWN},
    "companies.export": _STAFF | {"company": OWN},
    "companies.erase": _STAFF | {"company": OWN},
    "companies.merge": _STAFF,
    "companies.calendar": _STAFF | {"company": OWN},
    "needs.state": _STAFF | {"company": OWN},
    "needs.read": _STAFF | _CONTROL | {"company": OWN, "person": THIN, "partner": THIN},
    "needs.rank": _STAFF | _CONTROL | {"company": OWN},
    "explanations.read": _STAFF | _CONTROL | {"person": OWN, "company": OWN},
    "ranking-weights.read": _STAFF | _CONTROL,
    "ranking-weights.set": {"head": ALL},
    "weight-trials.begin": _STAFF,
    "weight-trials.read": _STAFF | _CONTROL,
    "partners.create": _STAFF,
    "partners.read": _STAFF | _CONTROL | {"partner": OWN},
    "partners.update": _STAFF | {"partner": OWN},
    "partners.consent": _STAFF | {"partner": OWN},
    "partners.export": _STAFF | {"partner": OWN},
    "partners.erase": _STAFF | {"partner": OWN},
    "erasures.read": _STAFF | {"auditor": THIN, "person": OWN, "company": OWN, "partner": OWN},
    "referrals.read": _STAFF | _CONTROL | {"partner": OWN},
    "referrals.decide": _STAFF,
    "prospects.create": _STAFF,
    "prospects.read": _STAFF | _CONTROL,
    "prospects.manage": _STAFF,
    "contacts.propose": _STAFF,
    "contacts.read": _STAFF | _CONTROL | {"person": OWN, "company": OWN},
    "contacts.answer": _STAFF | {"person": OWN, "company": OWN},
    "contacts.dates": _STAFF | {"person": OWN, "company": OWN},
    "contacts.meet": _STAFF | {"person": OWN, "company": OWN},
    "contacts.manage": _STAFF,
    "notices.post": dict.fromkeys(("coordinator", "head", "company", "person", "partner"), ALL),
    "notices.read": _STAFF | _CONTROL | {"company": ALL, "person": ALL, "partner": ALL},
    "notices.close": _STAFF | {"company": OWN, "person": OWN, "partner": OWN},
    "notices.moderate": _STAFF,
    "messages.read": _STAFF | _CONTROL | _MEMBERS,
    "messages.write": _STAFF | _MEMBERS,
    "messages.moderate": _STAFF,
    "workshops.announce": _STAFF,
    "workshops.manage": _STAFF,
    "workshops.read": _STAFF | _CONTROL | {"person": THIN, "company": THIN, "partner": THIN},
    "registrations.make": _STAFF | {"person": OWN, "company": OWN, "partner": OWN},
    "registrations.answer": _STAFF | {"person": OWN, "company": OWN, "partner": OWN},
    "registrations.read": _STAFF | _CONTROL | {"person": OWN, "company": OWN, "partner": OWN},
    "promise.read": _STAFF | _CONTROL,
    "searches.keep": dict.fromkeys(("coordinator", "head", "company", "person", "partner"), ALL),
    "commands.read": _STAFF | _CONTROL,
    "skills.read": _STAFF | _CONTROL | {"person": ALL, "company": ALL, "partner": ALL},
    "inbox.read": dict.fromkeys(("coordinator", "head", "company", "person", "partner"), ALL),
    "staff.read": _STAFF,
    "staff.enrol": _STAFF,
    "mails.resend": _STAFF,
    "mails.bounce": _STAFF,
    "preferences.change": _STAFF | {"person": OWN, "company": OWN, "partner": OWN},
}
"""Action by role. Whoever sent a command may always ask how it ended. A saved search is its owner's alone, whatever their
role. Messages are for those who belong to their contact or workshop, also of staff; see http/places.py."""

EVIDENCE = "**.evidence"
"""What was written down about where a statement comes from, wherever one stands; whoever writes it may name people."""

PERSONAL_FIELDS: Mapping[str, frozenset[str]] = {
    "people": frozenset({*PERSON_SEALED, EVIDENCE, "qualifications.decision.reference"}),
    "companies": frozenset({*COMPANY_SEALED, EVIDENCE, "contact_people"}),
    "partners": frozenset({*PARTNER_SEALED, EVIDENCE}),
    "needs": frozenset({EVIDENCE, "source.by"}),
    "referrals": frozenset({"name", "email", "note", "reason"}),
    "prospects": frozenset(
        {"name", "contact_name", "email", "phone", "address", "note", "external_id"}
        | {"approaches.note", "next_step.what", "decline.note"}
    ),
    "workshops": frozenset({"link"}),
    "registrations": frozenset({"name", "email", "feedback.words"}),
}
"""What a THIN grant leaves out, by resource; ``**.name``: of each source of a statement. The link to a workshop is for
those who take part. Of contacts: reading.with_words."""

OWNER_FIELDS: Mapping[str, Mapping[str, str]] = {
    "people": {"person": "_id"},
    "companies": {"company": "_id"},
    "partners": {"partner": "_id"},
    "needs": {"company": "company_id"},
    "explanations": {"person": "person_id", "company": "company_id"},
    "referrals": {"partner": "partner_id"},
    "contacts": {"person": "person_id", "company": "company_id"},
    "registrations": {"person": "participant_id", "company": "participant_id", "partner": "partner_id"},
    "erasures": {"person": "owner", "company": "owner", "partner": "owner"},
    "notices": {"person": "author", "company": "author", "partner": "author"},
    "preferences": {"person": "_id", "company": "_id", "partner": "_id"},
}
"""The field of a resource that says whose it is, by the role of the owner."""


def require(caller: Caller, action: str) -> Grant:
    """How far the caller may do this; raises a 403 problem where not at all."""
    grant = PERMISSIONS[action].get(caller.role)
    if grant is None:
        raise forbidden(caller, action)
    return grant


def require_for(caller: Caller, action: str, document: Mapping[str, Any]) -> Grant:
    """The same for one document, given as its view holds it: of an OWN grant it must be the caller's."""
    grant = require(caller, action)
    if grant is OWN and document.get(_owner_field(caller, action)) != caller.stream:
        raise forbidden(caller, action)
    return grant


def scope(caller: Caller, action: str) -> dict[str, str]:
    """The query filter that leaves of a list what the caller may see."""
    return {_owner_field(caller, action): caller.stream} if require(caller, action) is OWN else {}


def hidden(grant: Grant, resource: str) -> frozenset[str]:
    """The fields that this grant does not show."""
    return PERSONAL_FIELDS.get(resource, frozenset()) if grant is THIN else frozenset()


def forbidden(caller: Caller, action: str) -> Problem:
    """The 403 problem for this caller and action."""
    return Problem(403, "forbidden", f"the role {caller.role} may not do this: {action}")


def _owner_field(caller: Caller, action: str) -> str:
    return OWNER_FIELDS[action.partition(".")[0]][caller.role]
