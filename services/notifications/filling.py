"""What fills a letter: ids, times and words from fixed lists. No personal data in the clear and no free text of a contact.

The place of a talk stays sealed with the key of the contact's person (``place_key``) until the letter is composed. What a
workshop is called and where it takes place is public.
"""

from services.matching.contract import DatesProposed, MeetingMoved, MeetingScheduled
from services.notifications.occasion import Occasion

SEALED = "sealed."


def nothing(_: Occasion) -> dict[str, str]:
    return {}


def kind_of_profile(occasion: Occasion) -> dict[str, str]:
    return {"kind": occasion.event.kind}


def withdrawn_purpose(occasion: Occasion) -> dict[str, str]:
    return {"purpose": occasion.event.purpose, "withdrawn_at": occasion.event.withdrawn_at.isoformat()}


def cleaned_stores(occasion: Occasion) -> dict[str, str]:
    """Each store with the moment since which it is clean, a line each: ``store moment``."""
    event = occasion.event
    stores = "\n".join(f"{each.store} {each.confirmed_at.isoformat()}" for each in event.stores)
    return {"erasure_id": occasion.stream, "erased_at": event.erased_at.isoformat(), "stores": stores}


def found_hits(occasion: Occasion) -> dict[str, str]:
    return {"search_id": occasion.stream, "count": str(occasion.event.count)}


def contact(occasion: Occasion) -> dict[str, str]:
    return {"contact_id": occasion.stream}


def agreement(occasion: Occasion) -> dict[str, str]:
    """Whether it is that of the second side: the first one knows of its own."""
    before = occasion.known.agreed(occasion.stream, occasion.version - 1)
    return contact(occasion) | {"both": "yes" if before - {occasion.event.side} else "no"}


def due_step(occasion: Occasion) -> dict[str, str]:
    return contact(occasion) | {"due": occasion.event.due.isoformat()}


def offered_dates(occasion: Occasion) -> dict[str, str]:
    """Each date in a line: ``start end``."""
    event: DatesProposed = occasion.event
    dates = "\n".join(f"{each.starts_at.isoformat()} {each.ends_at.isoformat()}" for each in event.dates)
    return contact(occasion) | {"format": event.format, "dates": dates}


def chosen_date(occasion: Occasion) -> dict[str, str]:
    return contact(occasion) | {"starts_at": occasion.event.starts_at.isoformat()}


def scheduled_talk(occasion: Occasion) -> dict[str, str]:
    event: MeetingScheduled = occasion.event
    first = "yes" if event.first else "no"
    return contact(occasion) | _talk(occasion, event) | {"format": event.format, "first": first}


def moved_talk(occasion: Occasion) -> dict[str, str]:
    return contact(occasion) | _talk(occasion, occasion.event)


def cancelled_talk(occasion: Occasion) -> dict[str, str]:
    """Of events that were written before they said when the talk would have begun, the time is empty."""
    starts_at = occasion.event.starts_at
    begin = {"starts_at": starts_at.isoformat() if starts_at else ""}
    return contact(occasion) | begin | _invited(occasion, occasion.event.meeting_id)


def workshop(occasion: Occasion) -> dict[str, str]:
    """A workshop as it is now, for those who have no invitation in their calendar."""
    known = occasion.workshop()
    told = {
        "workshop_id": occasion.stream,
        "title": known.title,
        "starts_at": known.starts_at.isoformat(),
        "ends_at": known.ends_at.isoformat(),
        "place": known.place,
        "link": known.link,
    }
    guest = getattr(occasion.event, "participant_id", "").startswith("guest-")
    return told | ({"guest": "yes"} if guest else {})


def invited_workshop(occasion: Occasion) -> dict[str, str]:
    return workshop(occasion) | _invited(occasion, occasion.stream)


def left_workshop(occasion: Occasion) -> dict[str, str]:
    """Takes the invitation back from who had one, unless it is still good for somebody else whom they bring or who they are."""
    id, known = occasion.event.participant_id, occasion.workshop()
    gone = next((each for each in known.attending(occasion.version - 1) if each.id == id), None)
    if gone is None:
        return invited_workshop(occasion)
    whose = gone.partner_id or gone.id
    others = [each for each in known.attending(occasion.version) if each.id != id and (each.partner_id or each.id) == whose]
    still_good = any(not each.waits for each in others)
    return workshop(occasion) if gone.waits or still_good else invited_workshop(occasion)


def thread(occasion: Occasion) -> dict[str, str]:
    """Where the message stands, and nothing of what it says."""
    return _subject(occasion.event.subject)


def reported_message(occasion: Occasion) -> dict[str, str]:
    return _subject(occasion.event.subject) | {"message_id": occasion.event.message_id, "reason": occasion.event.reason}


def notice(occasion: Occasion) -> dict[str, str]:
    return {"notice_id": occasion.stream}


def hidden_notice(occasion: Occasion) -> dict[str, str]:
    return notice(occasion) | {"reason": occasion.event.reason}


def _subject(subject: str) -> dict[str, str]:
    return {"contact_id" if subject.startswith("contact-") else "workshop_id": subject}


def _talk(occasion: Occasion, event: MeetingScheduled | MeetingMoved) -> dict[str, str]:
    times = {"starts_at": event.starts_at.isoformat(), "ends_at": event.ends_at.isoformat()}
    place = event.place if event.place.startswith(SEALED) else ""
    key = {"place_key": occasion.sides()[0]} if place else {}
    return times | {"place": place} | key | _invited(occasion, event.meeting_id)


def _invited(occasion: Occasion, event_id: str) -> dict[str, str]:
    """What an invitation needs beside the times; see calendar.py."""
    return {"event_id": event_id, "sequence": str(occasion.version), "stamp": occasion.at.isoformat()}


def bounced_address(occasion: Occasion) -> dict[str, str]:
    return {"about": occasion.event.recipient}


def given_up(occasion: Occasion) -> dict[str, str]:
    return {"about": occasion.event.recipient, "undelivered": occasion.event.template}
