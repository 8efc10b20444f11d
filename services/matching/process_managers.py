"""Withdrawal: who no longer agrees to be matched or shown is left in peace, and their open contacts rest."""

from collections.abc import Callable, Iterable, Iterator

from services.foundation.messages import Recorded
from services.foundation.reaction import React, Request
from services.matching.contract import LetContactRest
from services.profiles.contract import ConsentWithdrawn

NEEDED_CONSENTS = frozenset({"matching", "show_to_companies"})
"""The purposes without which no contact of a person may go on."""

OpenContacts = Callable[[str], Iterable[str]]
"""The ids of the open contacts of a person."""


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
