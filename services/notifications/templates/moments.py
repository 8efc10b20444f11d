"""Points in time in words, as the clocks in Germany show them and, where it differs, as those of the recipient do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCAL_TIME = ZoneInfo("Europe/Berlin")
"""Talks take place in Mecklenburg-Vorpommern."""


def moment(iso: str, words: Mapping[str, Any], zone: str = "") -> str:
    """A point in time in the words of a language: "Montag, 3. März 2025, 10:00 Uhr"."""
    local = datetime.fromisoformat(iso).astimezone(LOCAL_TIME)
    said = _said(local, words["moment"], words)
    theirs = local.astimezone(_zone(zone))
    if theirs.utcoffset() == local.utcoffset():
        return said
    return str(words["also"]).format(local=said, theirs=_said(theirs, words["plain_moment"], words))


def _said(at: datetime, pattern: str, words: Mapping[str, Any]) -> str:
    said = pattern.format(
        weekday=words["weekdays"][at.weekday()],
        day=words.get("first_of_month", at.day) if at.day == 1 else at.day,
        month=words["months"][at.month - 1],
        year=at.year,
        time=f"{at:%H:%M}",
    )
    digits = words.get("digits")
    return said.translate(str.maketrans("0123456789", digits)) if digits else said


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else LOCAL_TIME
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return LOCAL_TIME
