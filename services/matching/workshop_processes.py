"""What follows from workshops, and what of them ends with a profile.

A wish that a participant has after a workshop becomes a proposed contact, judged like any other. Whoever is erased, or merged
into another profile, gives up their places, and so do the guests of a partner: the next in line get them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from services.foundation.messages import Recorded
from services.foundation.reaction import React, Request
from services.matching.contract import (
    CancelRegistration,
    FeedbackGiven,
    ParticipantRegistered,
    ParticipantWaitlisted,
    ProposeContact,
    contact_stream,
)
from services.profiles.contract import ProfileErased, ProfileMergedInto

PlacesOf = Callable[[str, datetime], Iterable[tuple[str, str]]]
"""Workshop and participant of each place, given or waited for, that somebody has, or their guests, in workshops that start
after this moment."""

IsGone = Callable[[str], bool]
"""Whether this person or company was erased, or another profile stands for them."""


def wishes(recorded: Recorded) -> Iterator[Request]:
    """Proposes the contacts that a participant wishes for. Who may not be matched is refused there."""
    event = recorded.message
    if isinstance(event, FeedbackGiven):
        for wish in event.wishes:
            command = ProposeContact(**wish.model_dump(), coordinator=event.coordinator)
            yield Request(contact_stream(wish.person_id, wish.company_id, wish.need_id), command)


def leaving(places_of: PlacesOf, is_gone: IsGone) -> React:
    """Cancels the registrations of whoever is erased or merged; of nobody whose merge was undone meanwhile."""

    def react(recorded: Recorded) -> Iterator[Request]:
        event = recorded.message
        if isinstance(event, ProfileErased) or (isinstance(event, ProfileMergedInto) and is_gone(recorded.stream)):
            for workshop, participant in places_of(recorded.stream, recorded.envelope.time):
                yield Request(workshop, CancelRegistration(participant_id=participant), about=participant)

    return react


def late_leaving(is_gone: IsGone) -> React:
    """Cancels a registration that was made while the participant was being erased or merged."""

    def react(recorded: Recorded) -> Iterator[Request]:
        event = recorded.message
        if isinstance(event, ParticipantRegistered | ParticipantWaitlisted) and is_gone(event.participant_id):
            yield Request(recorded.stream, CancelRegistration(participant_id=event.participant_id))

    return react
