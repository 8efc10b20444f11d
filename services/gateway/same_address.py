"""A contact of somebody with themselves: the person is also who would answer for the company.

Profiles are compared here, for only the gateway can read addresses. Who is reached at the same mailbox on both sides would
accept, choose and be written to twice, whatever names were typed.
"""

from collections.abc import Mapping
from typing import Any

from services.gateway.duplicates.marks import email_mark
from services.gateway.problems import Problem


def is_with_themselves(person: Mapping[str, Any], company: Mapping[str, Any]) -> bool:
    """Whether the person is reached at an address of one of the company's contact people."""
    others = [company.get("contact_email"), *(each.get("email") for each in company.get("contact_people") or ())]
    mine = email_mark(person.get("email"))
    return bool(mine) and mine in {email_mark(each) for each in others}


def require_two(person: Mapping[str, Any], company: Mapping[str, Any], field: str = "person_id") -> None:
    """Raises a 422 problem for a contact of somebody with themselves. ``field``: of the body that says so, if one does."""
    if is_with_themselves(person, company):
        detail = "the person is also a contact person of this company: there is nobody to talk to"
        raise Problem(422, "contact-with-themselves", detail, field=field)
