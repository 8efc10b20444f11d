"""Invitations, read back strictly."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from services.foundation.messages import Event
from services.matching.contract import MeetingCancelled, MeetingMoved, MeetingScheduled
from services.notifications.address_book import Recipient
from services.notifications.examples import CONTACT, PLACE, ExampleLookups, examples
from services.notifications.letter import Mail, compose
from services.notifications.occasion import Occasion
from services.notifications.policies import POLICIES

MEETING = "meeting-00000000-0000-4000-8000-000000000001"
AT = datetime(2026, 3, 28, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LENA = Recipient("uk", "Lena", "lena@example.org", "Europe/Kyiv")
SCHEDULED = MeetingScheduled(meeting_id=MEETING, format="video", starts_at=AT, ends_at=AT + HOUR, place=PLACE, first=True)
ONCE = {"VERSION", "PRODID", "METHOD", "CALSCALE", "UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "ORGANIZER", "SUMMARY"}
PARAMETERS = dict(examples())


def moved(days: int) -> MeetingMoved:
    starts_at = AT + timedelta(days=days)
    return MeetingMoved(meeting_id=MEETING, starts_at=starts_at, ends_at=starts_at + HOUR, place=PLACE)


def letter(event: Event, version: int, recipient: Recipient = LENA, place: str = "Am Markt 1") -> Mail:
    """What somebody is written when this happens as this version of the contact."""
    (policy,) = POLICIES[type(event)]
    parameters = policy.parameters(Occasion(event, CONTACT, version, AT - timedelta(days=version), ExampleLookups()))
    return compose(policy.template, parameters, recipient, sender="bruecke@example.org", unseal=lambda *_: place)


def strict(content: bytes | None) -> dict[str, list[str]]:
    """The properties of the object and its event, by name. Checks RFC 5545: line ends, folding, structure, escaping."""
    assert content is not None
    text = content.decode("utf-8")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = re.sub(r"\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")
    properties: dict[str, list[str]] = {}
    open_parts: list[str] = []
    for line in lines:
        found = re.fullmatch(
            r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):([^\x00-\x08\x0a-\x1f\x7f]*)', line
        )
        assert found, line
        name, _, value = found.groups()
        if name == "BEGIN":
            open_parts.append(value)
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts[-1] in ("VCALENDAR", "VEVENT"):
            properties.setdefault(name, []).append(value)
        if name in ("SUMMARY", "DESCRIPTION", "LOCATION"):
            assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", value), value
    assert not open_parts
    assert properties.keys() >= ONCE
    assert all(len(properties[name]) == 1 for name in ONCE)
    assert lines.count("BEGIN:VEVENT") == lines.count("BEGIN:VTIMEZONE") == 1
    return properties


def test_an_invitation_says_when_where_and_who() -> None:
    told = strict(letter(SCHEDULED, 4).calendar)
    assert told["UID"] == [f"{MEETING}@example.org"]
    assert (told["METHOD"], told["STATUS"], told["SEQUENCE"]) == (["REQUEST"], ["CONFIRMED"], ["4"])
    assert (told["DTSTART"], told["DTEND"]) == (["20260328T100000"], ["20260328T110000"])
    assert told["DTSTAMP"] == ["20260324T090000Z"]
    assert (told["ORGANIZER"], told["ATTENDEE"]) == (["mailto:bruecke@example.org"], ["mailto:lena@example.org"])
    assert told["LOCATION"] == ["Am Markt 1"]


def test_it_tells_the_recipient_their_own_time() -> None:
    assert "у Вашому часовому поясі: субота\\, 28 березня 2026 року\\, 11:00" in strict(letter(SCHEDULED, 4).calendar)[
        "DESCRIPTION"
    ][0].replace("\\n  ", " ").replace("\\n", " ")


def test_over_all_changes_the_uid_stays_and_the_sequence_rises() -> None:
    history = [
        SCHEDULED,
        moved(1),
        moved(2),
        MeetingCancelled(meeting_id=MEETING, reason="x", starts_at=AT + timedelta(days=2)),
    ]
    letters = [letter(event, version) for version, event in enumerate(history, 4)]
    told = [strict(each.calendar) for each in letters]
    assert len({each["UID"][0] for each in told}) == 1
    assert [int(each["SEQUENCE"][0]) for each in told] == [4, 5, 6, 7]
    assert [each["METHOD"][0] for each in told] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [each.calendar_method for each in letters] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert told[-1]["STATUS"] == ["CANCELLED"]


@pytest.mark.parametrize("days", [0, 1, 210, 211])
def test_the_library_reads_the_same_moments_back_on_both_sides_of_a_change_of_the_clocks(days: int) -> None:
    event = moved(days)
    calendar = Calendar.from_ical(letter(event, 5).calendar or b"")
    (read,) = calendar.walk("VEVENT")
    assert read["dtstart"].dt == event.starts_at
    assert read["dtend"].dt == event.ends_at
    assert read["dtstart"].params["TZID"] == "Europe/Berlin"
    (zone,) = calendar.walk("VTIMEZONE")
    assert (
        event.starts_at.astimezone(zone.to_tz()).utcoffset()
        == event.starts_at.astimezone(ZoneInfo("Europe/Berlin")).utcoffset()
    )


def test_the_same_notification_makes_the_same_invitation_byte_for_byte() -> None:
    assert letter(SCHEDULED, 4).calendar == letter(SCHEDULED, 4).calendar


def test_a_cancellation_whose_time_is_unknown_comes_without() -> None:
    mail = letter(MeetingCancelled(meeting_id=MEETING, reason="x"), 5)
    assert (mail.calendar, mail.calendar_method) == (None, "")


def test_no_other_letter_comes_with_an_invitation() -> None:
    invites = {"meeting_scheduled", "meeting_moved", "meeting_cancelled", "workshop_registered", "workshop_promoted"}
    invites |= {"workshop_changed", "workshop_cancelled", "workshop_left"}
    assert {template for template, parameters in examples() if "sequence" in parameters} == invites


def test_a_workshop_is_called_by_its_title() -> None:
    mail = compose(
        "workshop_registered", PARAMETERS["workshop_registered"], LENA, sender="bruecke@example.org", unseal=lambda *_: ""
    )
    assert strict(mail.calendar)["SUMMARY"] == ["Export in die Ukraine"]


@settings(max_examples=60, deadline=None)
@given(place=st.text(min_size=1, max_size=200), name=st.text(max_size=80))
def test_whatever_a_place_or_a_name_is_the_invitation_can_be_read(place: str, name: str) -> None:
    mail = letter(SCHEDULED, 4, Recipient("fa", name, "lena@example.org"), place)
    assert strict(mail.calendar)["UID"] == [f"{MEETING}@example.org"]
    (read,) = Calendar.from_ical(mail.calendar or b"").walk("VEVENT")
    assert str(read["uid"]) == f"{MEETING}@example.org"
