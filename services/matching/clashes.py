"""Clashes: a talk at a time at which one of its sides is busy elsewhere, in another contact or at a workshop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.foundation.aggregate import Refusal


class MeetingsClash(Refusal):
    """One side is known to be busy elsewhere at that time. Staff may decide for it all the same."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """A time at which one side of a contact is busy elsewhere. It does not say where: that is not the other side's concern."""

    side: str
    starts_at: datetime
    ends_at: datetime


Busy = tuple[Engagement, ...]

BusyOf = Callable[[str, str, str], Busy]
"""When the sides of a contact are busy elsewhere, from its id, its person's and its company's, as of what matching has seen."""

NEVER_BUSY: Busy = ()


def require_free(
    busy: Busy, starts_at: datetime, ends_at: datetime, *, despite_clashes: bool = False, within: str = ""
) -> None:
    """Raises MeetingsClash where a side is busy, unless that is known and accepted."""
    if despite_clashes:
        return
    for each in busy:
        if each.starts_at < ends_at and starts_at < each.ends_at:
            raise MeetingsClash(f"the {each.side} is busy elsewhere at that time", field=f"{within}starts_at")
