"""Withdrawal: who no longer agrees to be matched or shown is left in peace, and their open contacts rest."""

from collections.abc import Callable, Collection, Iterable, Iterator

from services.foundation.messages import Recorded
from services.foundation.reaction import React, Request
from services.matching.contract import ContactProposed, ContactReopened, LetContactRest
from services.profiles.contract import ConsentWithdrawn

NEEDED_CONSENTS = frozenset({"matching", "show_to_companies"})
"""The purposes without which no contact of a person may go on."""

OpenContacts = Callable[[str], Iterable[str]]
"""The ids of the open contacts of a person."""

ConsentsOf = Callable[[str], Collection[str]]
"""The purposes to which the person of a contact consents, as it stands."""


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


def late_withdrawal(consents_of: ConsentsOf) -> React:
    """Lets a contact rest that was opened while its person withdrew: the decision had still seen the consent."""

    def react(recorded: Recorded) -> Iterator[Request]:
        if isinstance(recorded.message, ContactProposed | ContactReopened):
            for purpose in sorted(NEEDED_CONSENTS.difference(consents_of(recorded.stream)))[:1]:
                yield Request(recorded.stream, LetContactRest(reason=f"consent_withdrawn: {purpose}"))

    return react
