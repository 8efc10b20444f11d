"""The seats of a workshop: who has one, who waits in which order, and who comes next when one is free."""

from collections.abc import Iterator
from itertools import islice

from services.foundation.messages import Event
from services.matching.contract import (
    Attendance,
    AttendanceRecorded,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
)

SEATED: frozenset[str] = frozenset({"registered", "confirmed", "attended", "excused", "no_show"})
"""Those who have a place, or had one."""


class Seats:
    """``standing``: how it stands with everybody who ever registered; ``line``: who waits, the first in line first."""

    def __init__(self) -> None:
        self.standing: dict[str, Attendance] = {}
        self.line: dict[str, None] = {}
        self.taken = 0

    def has(self, participant_id: str) -> bool:
        """Whether they have a place."""
        return self.standing.get(participant_id) in SEATED

    def waits(self, participant_id: str) -> bool:
        return participant_id in self.line

    def next_in_line(self, capacity: int, freed: int = 0) -> Iterator[ParticipantPromoted]:
        """Who gets the places that are free, and those that are just being freed, in the order of the line."""
        for participant_id in islice(self.line, max(0, capacity - self.taken + freed)):
            yield ParticipantPromoted(participant_id=participant_id)

    def apply(self, event: Event) -> None:
        match event:
            case ParticipantRegistered():
                self._put(event.participant_id, "registered")
            case ParticipantWaitlisted():
                self._put(event.participant_id, "waitlisted")
                self.line[event.participant_id] = None
            case ParticipantPromoted():
                self._put(event.participant_id, "confirmed")
            case RegistrationCancelled():
                self._put(event.participant_id, "cancelled")
            case AttendanceRecorded(attendance="attended" | "excused" | "no_show" as attendance):
                self._put(event.participant_id, attendance)

    def _put(self, participant_id: str, state: Attendance) -> None:
        self.line.pop(participant_id, None)
        self.taken += (state in SEATED) - self.has(participant_id)
        self.standing[participant_id] = state
