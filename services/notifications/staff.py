"""A member of staff, as the staff directory knows them: how they are reached, and whether they lead the others."""

from collections.abc import Iterator

from services.foundation.aggregate import Aggregate, Context
from services.foundation.messages import Event
from services.notifications.contract import EnrolStaff, RemoveStaff, StaffEnrolled, StaffRemoved
from services.notifications.preferences import TimeZoneUnknown, is_zone


class Staff(Aggregate):
    """``entry`` is None while they are not in the directory."""

    category = "staff"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.entry: StaffEnrolled | None = None

    def enrol(self, command: EnrolStaff, _: Context) -> Iterator[Event]:
        if command.time_zone and not is_zone(command.time_zone):
            raise TimeZoneUnknown("there is no such time zone", "time_zone")
        wanted = StaffEnrolled.model_validate(command.model_dump())
        if wanted != self.entry:
            yield wanted

    def remove(self, _: RemoveStaff, __: Context) -> Iterator[Event]:
        if self.entry is not None:
            yield StaffRemoved()

    def apply(self, event: Event) -> None:
        match event:
            case StaffEnrolled():
                self.entry = event
            case StaffRemoved():
                self.entry = None
