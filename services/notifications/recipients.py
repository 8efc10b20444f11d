"""Who is told: one function for each way in which an occasion names its recipients."""

from collections.abc import Iterable

from services.notifications.contract import staff_stream
from services.notifications.occasion import Attending, Occasion, recipient_of

OTHER = {"person": "company", "company": "person"}

ABOUT_MESSAGES = frozenset({"address_bounced", "notification_given_up"})


def whose_profile_it_is(occasion: Occasion) -> tuple[str, ...]:
    return (occasion.stream,)


def whom_it_has_erased(occasion: Occasion) -> tuple[str, ...]:
    """The erasure keeps name and address for this one mail, where there was an address."""
    return (occasion.stream,) if occasion.event.notice else ()


def the_searcher(occasion: Occasion) -> tuple[str, ...]:
    if occasion.event.owner:
        return (occasion.event.owner,)
    staff = occasion.known.searcher(occasion.stream)
    return (staff_stream(staff),) if staff else ()


def both_proposed(occasion: Occasion) -> tuple[str, ...]:
    return occasion.event.person_id, occasion.event.company_id


def both_sides(occasion: Occasion) -> tuple[str, ...]:
    return occasion.sides()


def the_other_side(occasion: Occasion) -> tuple[str, ...]:
    """Of a contact of which one ``side`` has said something."""
    return (_side(occasion, OTHER[occasion.event.side]),)


def the_others_of_the_dates(occasion: Occasion) -> tuple[str, ...]:
    """The side that did not propose or decline the dates; both where it was the coordinator."""
    by = occasion.event.by
    return (_side(occasion, OTHER[by]),) if by in OTHER else occasion.sides()


def the_coordinator(occasion: Occasion) -> tuple[str, ...]:
    return occasion.coordinator()


def coordinator_and_deputy(occasion: Occasion) -> tuple[str, ...]:
    return occasion.coordinator_and_deputy()


def who_looks_after_it_now(occasion: Occasion) -> tuple[str, ...]:
    return tuple(staff_stream(each) for each in (occasion.event.coordinator, occasion.event.deputy) if each)


def who_looks_after_them(occasion: Occasion) -> tuple[str, ...]:
    """The coordinators of the open contacts of whom a message did not reach; the heads where there are none, and of staff.

    Of a message about messages that did not arrive nobody is told, nor twice of one address.
    """
    event = occasion.event
    if getattr(event, "bounced", False) or getattr(event, "template", "") in ABOUT_MESSAGES:
        return ()
    staff = tuple(map(staff_stream, occasion.known.coordinators_of(event.recipient)))
    return tuple(each for each in staff or occasion.known.heads() if each != event.recipient)


def the_owner(occasion: Occasion) -> tuple[str, ...]:
    """Whose step it is: a side, or staff."""
    return _in_part(occasion, occasion.event.owner)


def to_whom_it_is_escalated(occasion: Occasion) -> tuple[str, ...]:
    return _in_part(occasion, occasion.event.to)


def the_participant(occasion: Occasion) -> tuple[str, ...]:
    """A guest is told by the partner who brings them."""
    event = occasion.event
    if not event.participant_id.startswith("guest-"):
        return (event.participant_id,)
    before = occasion.workshop().attending(occasion.version - 1)
    known = next((each.partner_id for each in before if each.id == event.participant_id), "")
    partner = getattr(event, "partner_id", "") or known
    return (partner,) if partner else ()


def all_registered(occasion: Occasion) -> tuple[str, ...]:
    return _reached(each for each in occasion.workshop().attending(occasion.version) if not each.waits)


def all_registered_if_rescheduled(occasion: Occasion) -> tuple[str, ...]:
    return all_registered(occasion) if occasion.event.rescheduled else ()


def all_waiting(occasion: Occasion) -> tuple[str, ...]:
    return _reached(each for each in occasion.workshop().attending(occasion.version) if each.waits)


def all_waiting_if_rescheduled(occasion: Occasion) -> tuple[str, ...]:
    return all_waiting(occasion) if occasion.event.rescheduled else ()


def the_others_of_the_thread(occasion: Occasion) -> tuple[str, ...]:
    """Everybody of the contact or workshop but who wrote the message."""
    subject, author = occasion.event.subject, recipient_of(occasion.event.author)
    if subject.startswith("contact-"):
        everybody = (*occasion.sides(subject), *occasion.coordinator(subject))
    else:
        workshop = occasion.workshop(subject)
        everybody = (*_reached(workshop.attending(NOW_AND_LATER)), *_staff(workshop.coordinator))
    return tuple(each for each in everybody if each != author)


def who_moderates(occasion: Occasion) -> tuple[str, ...]:
    """Coordinator and deputy of the contact, or the coordinator of the workshop, that a message belongs to; else the heads."""
    subject = occasion.event.subject
    if subject.startswith("contact-"):
        staff = occasion.coordinator_and_deputy(subject)
    else:
        staff = _staff(occasion.workshop(subject).coordinator)
    return staff or occasion.known.heads()


def the_author_of_the_notice(occasion: Occasion) -> tuple[str, ...]:
    event = occasion.event
    return (recipient_of(event.notice_author),) if event.notice_author and event.notice_author != event.author else ()


def whose_words_were_hidden(occasion: Occasion) -> tuple[str, ...]:
    author = occasion.known.author_of(occasion.stream, occasion.event.answer_id)
    return (recipient_of(author),) if author else ()


NOW_AND_LATER = 2**62
"""The version of a stream as it stands: another stream's event says nothing about it."""


def _side(occasion: Occasion, side: str) -> str:
    person, company = occasion.sides()
    return person if side == "person" else company


def _in_part(occasion: Occasion, part: str) -> tuple[str, ...]:
    match part:
        case "person" | "company":
            return (_side(occasion, part),)
        case "head":
            return occasion.known.heads()
    return occasion.coordinator()


def _staff(id: str) -> tuple[str, ...]:
    return (staff_stream(id),) if id else ()


def _reached(attending: Iterable[Attending]) -> tuple[str, ...]:
    """Each of them once; guests by their partner."""
    return tuple(dict.fromkeys(each.partner_id or each.id for each in attending))
