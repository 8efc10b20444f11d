"""First talk: dates are proposed to both sides by themselves, when a contact is arranged that way and after a missed talk.

What is proposed is a beginning: either side may decline it and offer other dates.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.foundation.aggregate import derived_id
from services.foundation.messages import Recorded
from services.foundation.reaction import Request
from services.matching.contract import ContactArranged, MeetingMissed, ProposeDates

LOCAL_TIME = ZoneInfo("Europe/Berlin")
"""Whoever meets at ten meets at ten also after the clocks were changed."""
WEEK = timedelta(days=7)
NOTICE = timedelta(days=2)
"""So much time there is at least between the proposal and the first date."""
WEEKS_OFFERED = 3
FIRST_TALKS = ((1, time(10)), (2, time(14)), (3, time(16)))
"""Tuesday, Wednesday and Thursday: weekday (Monday is 0) and local time of the dates for a first talk."""
FIRST_TALK_LASTS = timedelta(minutes=45)

Slot = dict[str, datetime]


def first_talk(recorded: Recorded) -> Iterator[Request]:
    """Proposes dates to both sides. The contact ignores it where something else was decided meanwhile."""
    event, moment = recorded.message, recorded.envelope.time
    match event:
        case ContactArranged(seek_date=True):
            yield _proposal(recorded, {"format": "video", "dates": first_dates(moment)})
        case MeetingMissed(seek_date=True, starts_at=datetime() as starts_at, ends_at=datetime() as ends_at):
            asked_first = event.missed_by if event.missed_by in ("person", "company") else None
            talk = {"format": event.format, "place": event.place, "asked_first": asked_first}
            yield _proposal(recorded, {**talk, "dates": same_time_later(starts_at, ends_at, moment)})


def first_dates(moment: datetime) -> list[Slot]:
    """Three dates in the first week that leaves enough notice."""
    today = moment.astimezone(LOCAL_TIME).date()
    monday = today - timedelta(days=today.weekday())
    while _at(monday, FIRST_TALKS[0]) < moment + NOTICE:
        monday += WEEK
    return [{"starts_at": _at(monday, each), "ends_at": _at(monday, each) + FIRST_TALK_LASTS} for each in FIRST_TALKS]


def same_time_later(starts_at: datetime, ends_at: datetime, moment: datetime) -> list[Slot]:
    """The same weekday and local time in three weeks to come."""
    local, lasting = starts_at.astimezone(LOCAL_TIME), ends_at - starts_at
    following = (local + number * WEEK for number in range(1, 10_000))
    ahead = (each for each in following if each >= moment + NOTICE)
    return [{"starts_at": each, "ends_at": each + lasting} for each, _ in zip(ahead, range(WEEKS_OFFERED), strict=False)]


def _at(monday: date, weekday_and_time: tuple[int, time]) -> datetime:
    weekday, clock = weekday_and_time
    return datetime.combine(monday + timedelta(days=weekday), clock, LOCAL_TIME)


def _proposal(recorded: Recorded, fields: dict[str, object]) -> Request:
    proposal_id = f"dates-{derived_id(recorded.envelope.id, 'dates')}"
    command = ProposeDates.model_validate({"proposal_id": proposal_id, "by": "coordinator", "by_itself": True, **fields})
    return Request(recorded.stream, command)
