"""An occasion: an event with what is known around it, for the policies to say who is told and what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.notifications.contract import staff_stream

Sides = tuple[str, str]
"""The ids of the person and of the company of a contact."""
OF_A_PROFILE = ("person-", "company-", "partner-")


class PartiesUnknown(Exception):
    """Something went on whose beginning was never seen here. Nobody must be left uninformed because of it."""


@dataclass(frozen=True, slots=True)
class Attending:
    """Who takes part in a workshop, or waits for a place. ``partner_id``: who brings them, of a guest."""

    id: str
    waits: bool
    partner_id: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop as it was announced and changed, and who took part in it after which version."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    coordinator: str
    attending: Callable[[int], tuple[Attending, ...]]


class Lookups(Protocol):
    """What is known beside an event. Raises nothing; what was never seen is None or empty."""

    def sides(self, contact: str) -> Sides | None: ...

    def agreed(self, contact: str, version: int) -> frozenset[str]:
        """The sides that had agreed to a contact when its stream had this version."""
        ...

    def looked_after_by(self, contact: str) -> tuple[str, ...]:
        """The ids of the coordinator and, where there is one, the deputy of a contact, as tokens say them."""
        ...

    def open_contacts_of(self, recipient: str) -> tuple[str, ...]:
        """The open contacts of a person or company."""
        ...

    def coordinators_of(self, recipient: str) -> tuple[str, ...]:
        """The ids of the coordinators of the open contacts of a person or company, as tokens say them."""
        ...

    def heads(self) -> tuple[str, ...]:
        """The recipients that stand for the heads."""
        ...

    def has_webhook(self, recipient: str) -> bool: ...

    def workshop(self, workshop: str) -> Workshop | None: ...

    def author_of(self, notice: str, answer: str | None) -> str:
        """Who wrote a notice, or an answer to it."""
        ...

    def searcher(self, search: str) -> str:
        """The member of staff who saved a search, "" of anybody else's."""
        ...


class NothingKnown:
    """The lookups for an event that says everything itself."""

    def sides(self, contact: str) -> Sides | None:
        return None

    def agreed(self, contact: str, version: int) -> frozenset[str]:
        return frozenset()

    def looked_after_by(self, contact: str) -> tuple[str, ...]:
        return ()

    def open_contacts_of(self, recipient: str) -> tuple[str, ...]:
        return ()

    def coordinators_of(self, recipient: str) -> tuple[str, ...]:
        return ()

    def heads(self) -> tuple[str, ...]:
        return ()

    def has_webhook(self, recipient: str) -> bool:
        return False

    def workshop(self, workshop: str) -> Workshop | None:
        return None

    def author_of(self, notice: str, answer: str | None) -> str:
        return ""

    def searcher(self, search: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event on a stream: the ``version`` that it is of the stream, and when it happened."""

    event: Any
    stream: str
    version: int
    at: datetime
    known: Lookups = field(repr=False)

    def sides(self, contact: str = "") -> Sides:
        """Raises PartiesUnknown."""
        sides = self.known.sides(contact or self.stream)
        if sides is None:
            raise PartiesUnknown(f"{contact or self.stream} has no known sides")
        return sides

    def coordinator(self, contact: str = "") -> tuple[str, ...]:
        return self.coordinator_and_deputy(contact)[:1]

    def coordinator_and_deputy(self, contact: str = "") -> tuple[str, ...]:
        return tuple(map(staff_stream, self.known.looked_after_by(contact or self.stream)))

    def workshop(self, workshop: str = "") -> Workshop:
        """Raises PartiesUnknown."""
        found = self.known.workshop(workshop or self.stream)
        if found is None:
            raise PartiesUnknown(f"{workshop or self.stream} was never announced here")
        return found


def recipient_of(id: str) -> str:
    """The recipient that stands for somebody who did something: a profile for itself, a member of staff by their stream."""
    return id if id.startswith(OF_A_PROFILE) else staff_stream(id)
