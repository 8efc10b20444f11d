"""The seats of a workshop: who has one, who waits in which order, and who comes next when one is free."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

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


@dataclass(frozen=True, slots=True)
class Seats:
    """``standing``: how it stands with everybody who ever registered; ``line``: who waits, the first in line first."""

    standing: Mapping[str, Attendance] = field(default_factory=lambda: MappingProxyType({}))
    line: tuple[str, ...] = ()

    @property
    def taken(self) -> int:
        return sum(state in SEATED for state in self.standing.values())

    def has(self, participant_id: str) -> bool:
        """Whether they have a place."""
        return self.standing.get(participant_id) in SEATED

    def waits(self, participant_id: str) -> bool:
        return participant_id in self.line

    def next_in_line(self, capacity: int) -> Iterator[ParticipantPromoted]:
        """Who gets the places that are free, in the order of the line."""
        for participant_id in self.line[: max(0, capacity - self.taken)]:
            yield ParticipantPromoted(participant_id=participant_id)

    def after(self, event: Event) -> "Seats":
        """The seats after this event."""
        match event:
            case ParticipantRegistered():
                return self._with(event.participant_id, "registered")
            case ParticipantWaitlisted():
                waiting = self._with(event.participant_id, "waitlisted")
                return replace(waiting, line=(*waiting.line, event.participant_id))
            case ParticipantPromoted():
                return self._with(event.participant_id, "confirmed")
            case RegistrationCancelled():
                return self._with(event.participant_id, "cancelled")
            case AttendanceRecorded(attendance="attended" | "excused" | "no_show" as attendance):
                return self._with(event.participant_id, attendance)
        return self

    def _with(self, participant_id: str, state: Attendance) -> "Seats":
        line = tuple(each for each in self.line if each != participant_id)
        return Seats(MappingProxyType({**self.standing, participant_id: state}), line)
