"""Withdrawal: who no longer agrees to be matched or shown is left in peace, and their open contacts rest.

So do the contacts of a profile for which another one stands. When a merge is asked for none is open; one may be opened
meanwhile.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from services.foundation.messages import Recorded
from services.foundation.reaction import React, Request
from services.matching import next_step
from services.matching.contract import (
    CloseContact,
    ClosingReason,
    ContactProposed,
    ContactReopened,
    LetContactRest,
    PlanNextStep,
    Step,
    contact_stream,
)
from services.profiles.contract import ConsentWithdrawn, NeedWithdrawn, ProfileErased, ProfileMergedInto

NEEDED_CONSENTS = frozenset({"matching", "show_to_companies"})
"""The purposes without which no contact of a person may go on."""

CLOSING_REASONS: Mapping[str, ClosingReason] = {"person": "person_withdrew", "company": "company_withdrew"}

OpenContacts = Callable[[str], Iterable[str]]
"""The ids of the open contacts of a person or company."""

ConsentsOf = Callable[[str], Collection[str]]
"""The purposes to which the person of a contact consents, as it stands."""

SidesOf = Callable[[str], Iterable[str]]
"""The ids of the person and the company of a contact."""

IsMerged = Callable[[str], bool]
"""Whether another profile stands for this person or company."""

MERGED = "profile_merged"
NEED_WITHDRAWN = "Der Bedarf wurde zurückgezogen: entscheiden, wie es weitergeht (the need was withdrawn: decide how to go on)"


def withdrawal(open_contacts: OpenContacts) -> React:
    """Lets every open contact of a person rest when a consent that it needs is withdrawn."""

    def react(recorded: Recorded) -> Iterator[Request]:
        event = recorded.message
        if not isinstance(event, ConsentWithdrawn) or event.purpose not in NEEDED_CONSENTS:
            return
        if recorded.stream.startswith("person-"):
            for contact in open_contacts(recorded.stream):
                yield Request(contact, LetContactRest(reason=f"consent_withdrawn: {event.purpose}"))

    return react


def erasure(open_contacts: OpenContacts) -> React:
    """Closes every open contact of a person or company that was erased."""

    def react(recorded: Recorded) -> Iterator[Request]:
        event = recorded.message
        if isinstance(event, ProfileErased) and event.kind in CLOSING_REASONS:
            for contact in open_contacts(recorded.stream):
                yield Request(contact, CloseContact(reason=CLOSING_REASONS[event.kind]))

    return react


def late_erasure(erased_side: Callable[[str], str]) -> React:
    """Closes a contact that was opened while one of its sides was erased. ``erased_side``: of a contact, or nothing."""

    def react(recorded: Recorded) -> Iterator[Request]:
        if isinstance(recorded.message, ContactProposed | ContactReopened):
            side = erased_side(recorded.stream)
            if side:
                yield Request(recorded.stream, CloseContact(reason=CLOSING_REASONS[side]))

    return react


def late_withdrawal(consents_of: ConsentsOf) -> React:
    """Lets a contact rest that was opened while its person withdrew: the decision had still seen the consent."""

    def react(recorded: Recorded) -> Iterator[Request]:
        if isinstance(recorded.message, ContactProposed | ContactReopened):
            for purpose in sorted(NEEDED_CONSENTS.difference(consents_of(recorded.stream)))[:1]:
                yield Request(recorded.stream, LetContactRest(reason=f"consent_withdrawn: {purpose}"))

    return react


def merging(open_contacts: OpenContacts, sides_of: SidesOf, is_merged: IsMerged) -> React:
    """Lets a contact rest that is opened while its person or company is merged into another profile."""

    def react(recorded: Recorded) -> Iterator[Request]:
        match recorded.message:
            case ProfileMergedInto():
                for contact in open_contacts(recorded.stream):
                    yield Request(contact, LetContactRest(reason=MERGED))
            case ContactProposed() | ContactReopened() if any(map(is_merged, sides_of(recorded.stream))):
                yield Request(recorded.stream, LetContactRest(reason=MERGED))

    return react


def need_withdrawal(open_contacts: OpenContacts, sides_of: SidesOf) -> React:
    """Asks the coordinator to decide how an open contact goes on whose need was withdrawn: the talk itself may be worth it."""

    def react(recorded: Recorded) -> Iterator[Request]:
        event = recorded.message
        if not isinstance(event, NeedWithdrawn):
            return
        due = recorded.envelope.time + next_step.FOLLOW_UP_TIME
        for contact in open_contacts(recorded.stream):
            person, company = sides_of(contact)
            if contact == contact_stream(person, company, event.need_id):
                step = Step(what=NEED_WITHDRAWN, owner="coordinator", due=due)
                yield Request(contact, PlanNextStep(next_step=step))

    return react
