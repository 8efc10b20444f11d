"""When a message comes: quiet hours and digests, by the clock on the recipient's wall. It takes the moment as an argument."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_ZONE = "Europe/Berlin"
DIGEST_AT = time(7)
DIGEST_WEEKDAY = 0
"""Weekly digests come on Mondays."""
NOTICE = timedelta(hours=2)
"""How much earlier than what it is about somebody must hear of it, even in quiet hours."""

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a recipient wants to be written to. ``zone`` "" is that of the house."""

    digest: str = "none"
    quiet_from: str = ""
    quiet_until: str = ""
    zone: str = ""


def sends_at(
    moment: datetime, queued_at: datetime, urgency: str, by_law: bool, about: datetime | None, habits: Habits
) -> datetime:
    """The earliest moment, not before ``moment``, at which a message goes out by itself or in a digest.

    What the law demands goes at once. What may wait waits for the digest, if there is one. Quiet hours hold back everything
    else, unless it is ``about`` something that begins before, or soon after, they are over.
    """
    if by_law:
        return moment
    wanted = moment
    if urgency == "may_wait" and habits.digest != "none":
        wanted = max(moment, digest_due(queued_at, habits.digest, habits.zone))
    end = quiet_end(wanted, habits)
    if end is None or (about is not None and moment < about < end + NOTICE):
        return wanted
    return end


def quiet_end(moment: datetime, habits: Habits) -> datetime | None:
    """When the quiet hours that this moment lies in are over (in UTC); None where it lies in none."""
    if not habits.quiet_from or not habits.quiet_until:
        return None
    zone, begin, end = _zone(habits.zone), time.fromisoformat(habits.quiet_from), time.fromisoformat(habits.quiet_until)
    today = moment.astimezone(zone).date()
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        begins = _at(day, begin, zone)
        ends = _at(day if begin < end else day + timedelta(days=1), end, zone)
        if begins <= moment < ends:
            return ends
    return None


def digest_due(queued_at: datetime, digest: str, zone: str) -> datetime:
    """The moment (in UTC) of the first digest, ``daily`` or ``weekly``, after this one."""
    local = _zone(zone)
    day = queued_at.astimezone(local).date()
    while True:
        due = _at(day, DIGEST_AT, local)
        if due > queued_at and (digest == "daily" or day.weekday() == DIGEST_WEEKDAY):
            return due
        day += timedelta(days=1)


def wait_after(attempt: int, luck: float) -> timedelta:
    """How long to wait after this attempt (from 1) has failed: doubling, at most an hour, and by ``luck`` (0 to 1) shortened to
    half of it, so that many do not come at once."""
    doubled: int = 2 ** min(attempt - 1, 20)
    whole = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    return whole * (0.5 + luck / 2)


def begins(parameters: Mapping[str, Any]) -> datetime | None:
    """When that begins which a message is about, if its parameters say so."""
    try:
        moment = datetime.fromisoformat(parameters.get("starts_at", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """This time of that day. Of one that comes twice the first, of one that is skipped what the clock would have said."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    """That of the house where it is not known, or is no longer: whoever chose it must not keep others waiting."""
    try:
        return ZoneInfo(name or DEFAULT_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)
