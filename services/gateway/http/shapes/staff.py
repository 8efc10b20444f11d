"""What answers about the staff directory look like."""

from typing import Literal

from services.gateway.http.shapes.common import Shape


class StaffMember(Shape):
    """A member of staff, by the id that their token says."""

    staff_id: str
    name: str | None
    email: str | None
    role: Literal["coordinator", "head"]
    language: str
    time_zone: str
