"""Invitations: the iCalendar objects (RFC 5545, RFC 5546) that come with a letter about a talk or a workshop.

The UID stays the same over all letters about one event; SEQUENCE is the version of its stream, so it rises with every
change. All else follows from the notification too: the same one makes the same invitation, byte for byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from services.notifications.templates import Written, words_of
from services.notifications.templates.moments import LOCAL_TIME

Method = Literal["REQUEST", "CANCEL"]
Observance = TimezoneDaylight | TimezoneStandard

CANCELS = frozenset({"meeting_cancelled", "workshop_cancelled", "workshop_left"})
"""The templates that take an invitation back; every other one that has a SEQUENCE invites."""


@dataclass(frozen=True, slots=True)
class Invitation:
    method: Method
    content: bytes


def invitation(
    template: str, parameters: Mapping[str, str], written: Written, attendee: str, organiser: str
) -> Invitation | None:
    """The invitation or its cancellation, or None where it is not known when the event begins.

    ``parameters``: ``event_id``, ``sequence``, ``stamp`` and ``starts_at``; ``ends_at``, ``place``, ``link`` and ``title``
    where they are known. Times are ISO 8601 with an offset.
    """
    if not parameters.get("starts_at"):
        return None
    method: Method = "CANCEL" if template in CANCELS else "REQUEST"
    calendar = Calendar()
    calendar.add("prodid", "-//Bruecke//Bruecke//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    event = _event(parameters, written, method, organiser)
    event.add("organizer", vCalAddress(f"mailto:{organiser}"), {"CN": "Brücke"})
    event.add("attendee", vCalAddress(f"mailto:{attendee}"), _role(method))
    calendar.add_component(_berlin())
    calendar.add_component(event)
    return Invitation(method, calendar.to_ical())


def _event(parameters: Mapping[str, str], written: Written, method: Method, organiser: str) -> Event:
    event = Event()
    event.add("uid", f"{parameters['event_id']}@{organiser.rpartition('@')[2]}")
    event.add("sequence", int(parameters["sequence"]))
    event.add("dtstamp", _at(parameters["stamp"]).astimezone(UTC))
    event.add("dtstart", _at(parameters["starts_at"]).astimezone(LOCAL_TIME))
    if parameters.get("ends_at"):
        event.add("dtend", _at(parameters["ends_at"]).astimezone(LOCAL_TIME))
    summary = parameters.get("title") or words_of(written.language)["talk"]
    event.add("summary", vText(summary), {"LANGUAGE": written.language})
    event.add("description", vText(written.text), {"LANGUAGE": written.language})
    if where := parameters.get("place") or parameters.get("link"):
        event.add("location", where)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == "CANCEL" else "OPAQUE")
    return event


def _role(method: Method) -> dict[str, str]:
    return {"ROLE": "REQ-PARTICIPANT"} | ({"PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"} if method == "REQUEST" else {})


@cache
def _berlin() -> Timezone:
    """The rules of Europe/Berlin as they have been since 1996 (Directive 2000/84/EC)."""
    zone = Timezone()
    zone.add("tzid", "Europe/Berlin")
    summer, winter = timedelta(hours=2), timedelta(hours=1)
    zone.add_component(_rule(TimezoneDaylight(), "CEST", winter, summer, datetime(1996, 3, 31, 2)))
    zone.add_component(_rule(TimezoneStandard(), "CET", summer, winter, datetime(1996, 10, 27, 3)))
    return zone


def _rule(rule: Observance, name: str, before: timedelta, after: timedelta, first: datetime) -> Observance:
    rule.add("tzname", name)
    rule.add("tzoffsetfrom", before)
    rule.add("tzoffsetto", after)
    rule.add("dtstart", first)
    rule.add("rrule", {"freq": "yearly", "bymonth": first.month, "byday": "-1su"})
    return rule


def _at(iso: str) -> datetime:
    return datetime.fromisoformat(iso)
