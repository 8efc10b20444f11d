"""Pages of lists in the order of a date, and of the id where dates are equal."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from services.gateway.http.reading import after, cursor_for
from services.gateway.problems import Problem


def cursor_behind(moment: datetime, id: str) -> str:
    """Where a page ends: the date and the id of its last document."""
    place = f"{moment.replace(tzinfo=UTC).isoformat()}|{cursor_for(id)}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def behind(field: str, cursor: str) -> dict[str, Any]:
    """The query for what comes behind it, by this field; raises a 400 problem for what was never given out."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        moment, _, id_cursor = text.partition("|")
        date = datetime.fromisoformat(moment)
    except (binascii.Error, ValueError):
        raise Problem(400, "bad-cursor", "take the cursor from `next` of the page before", field="cursor") from None
    return {"$or": [{field: {"$gt": date}}, {field: date, "_id": {"$gt": after(id_cursor)}}]}
