"""Who is told what: one table from the type of an event to its recipients, the template, and what fills it.

Parameters hold no personal data: ids, times and words from fixed lists only. No free text of an event gets into them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.foundation.messages import Event
from services.matching.contract import (
    ContactArranged,
    ContactProposed,
    FollowUpOverdue,
    MeetingCancelled,
    MeetingMoved,
    MeetingScheduled,
)
from services.notifications.contract import Template
from services.profiles.contract import ConsentWithdrawn, ErasureCompleted, ProfileCreated

Sides = tuple[str, str]
"""The ids of the person and of the company of a contact."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event on a stream; ``sides`` looks up both sides where the stream is a contact that does not name them."""

    event: Any
    stream: str
    sides: Callable[[], Sides]


@dataclass(frozen=True, slots=True)
class Policy:
    """One row of the table."""

    template: Template
    recipients: Callable[[Occasion], tuple[str, ...]]
    parameters: Callable[[Occasion], dict[str, str]]
    demanded_by_law: bool = False
    """Sent also to who has not agreed to be written to, or does not want e-mail."""


def whose_profile_it_is(occasion: Occasion) -> tuple[str, ...]:
    return (occasion.stream,)


def whom_it_has_erased(occasion: Occasion) -> tuple[str, ...]:
    """The erasure keeps name and address for this one mail, where there was an address."""
    return (occasion.stream,) if occasion.event.notice else ()


def both_proposed(occasion: Occasion) -> tuple[str, ...]:
    return occasion.event.person_id, occasion.event.company_id


def both_sides(occasion: Occasion) -> tuple[str, ...]:
    return occasion.sides()


def the_owning_side(occasion: Occasion) -> tuple[str, ...]:
    """Staff are told by the platform itself: only a person or a company that owns the step is written to."""
    match occasion.event.owner:
        case "person":
            return (occasion.sides()[0],)
        case "company":
            return (occasion.sides()[1],)
    return ()


def kind_of_profile(occasion: Occasion) -> dict[str, str]:
    return {"kind": occasion.event.kind}


def withdrawn_purpose(occasion: Occasion) -> dict[str, str]:
    return {"purpose": occasion.event.purpose, "withdrawn_at": occasion.event.withdrawn_at.isoformat()}


def cleaned_stores(occasion: Occasion) -> dict[str, str]:
    """Each store with the moment since which it is clean, a line each: ``store moment``."""
    event = occasion.event
    stores = "\n".join(f"{each.store} {each.confirmed_at.isoformat()}" for each in event.stores)
    return {"erasure_id": occasion.stream, "erased_at": event.erased_at.isoformat(), "stores": stores}


def contact(occasion: Occasion) -> dict[str, str]:
    return {"contact_id": occasion.stream}


def scheduled_talk(occasion: Occasion) -> dict[str, str]:
    event = occasion.event
    return contact(occasion) | _times(event) | {"format": event.format, "first": "yes" if event.first else "no"}


def moved_talk(occasion: Occasion) -> dict[str, str]:
    return contact(occasion) | _times(occasion.event)


def cancelled_talk(occasion: Occasion) -> dict[str, str]:
    """Of events that were written before they said when the talk would have begun, the time is empty."""
    starts_at: datetime | None = occasion.event.starts_at
    return contact(occasion) | {"starts_at": starts_at.isoformat() if starts_at else ""}


def due_step(occasion: Occasion) -> dict[str, str]:
    return contact(occasion) | {"due": occasion.event.due.isoformat()}


def _times(event: MeetingScheduled | MeetingMoved) -> dict[str, str]:
    return {"starts_at": event.starts_at.isoformat(), "ends_at": event.ends_at.isoformat()}


BY_LAW, BY_CONSENT = True, False

POLICIES: Mapping[type[Event], Policy] = {
    # what happened       message              to whom              filled by        sent
    ProfileCreated: Policy("welcome", whose_profile_it_is, kind_of_profile, BY_LAW),  # Art. 13 and 14 GDPR
    ConsentWithdrawn: Policy("consent_withdrawn", whose_profile_it_is, withdrawn_purpose, BY_LAW),  # Art. 7 and 12 GDPR
    ErasureCompleted: Policy("erasure_receipt", whom_it_has_erased, cleaned_stores, BY_LAW),  # Art. 12 and 17 GDPR
    ContactProposed: Policy("contact_proposed", both_proposed, contact, BY_CONSENT),
    ContactArranged: Policy("contact_arranged", both_sides, contact, BY_CONSENT),
    MeetingScheduled: Policy("meeting_scheduled", both_sides, scheduled_talk, BY_CONSENT),
    MeetingMoved: Policy("meeting_moved", both_sides, moved_talk, BY_CONSENT),
    MeetingCancelled: Policy("meeting_cancelled", both_sides, cancelled_talk, BY_CONSENT),
    FollowUpOverdue: Policy("step_overdue", the_owning_side, due_step, BY_CONSENT),
}

DEMANDED_BY_LAW = frozenset(policy.template for policy in POLICIES.values() if policy.demanded_by_law)
"""The messages that are sent whatever their recipient has agreed to."""
