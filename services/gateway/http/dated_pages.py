"""Pages of lists in the order of a date, and of the id where dates are equal."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from services.gateway.http.forms import EARLIEST, LATEST
from services.gateway.http.reading import after, cursor_for
from services.gateway.problems import Problem
from services.gateway.timeline import utc


def cursor_behind(moment: datetime, id: str) -> str:
    """Where a page ends: the date and the id of its last document."""
    place = f"{utc(moment).astimezone(UTC).isoformat()}|{cursor_for(id)}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_in(cursor: str) -> tuple[datetime, str]:
    """The date and the id where a page ended; raises a 400 problem for what was never given out."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment, _, id_cursor = text.partition("|")
        return datetime.fromisoformat(moment).astimezone(UTC), after(id_cursor)
    except (binascii.Error, ValueError, OverflowError):
        raise Problem(400, "bad-cursor", "take the cursor from `next` of the page before", field="cursor") from None


def behind(field: str, cursor: str) -> dict[str, Any]:
    """The query for what comes behind it, by this field; raises a 400 problem."""
    date, id = place_in(cursor)
    return {"$or": [{field: {"$gt": date}}, {field: date, "_id": {"$gt": id}}]}


def in_time(moment: datetime | None, field: str) -> datetime | None:
    """This moment of a query in UTC; raises a 422 problem for one that nobody can mean."""
    if moment is not None and not EARLIEST <= moment < LATEST:
        reason = f"must lie between {EARLIEST.year} and {LATEST.year}"
        raise Problem(422, "invalid-input", reason, field=field)
    return moment and moment.astimezone(UTC)
