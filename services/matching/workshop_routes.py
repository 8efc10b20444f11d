"""What a workshop can be asked to do, and who decides it."""

from collections.abc import Callable, Iterator

from services.foundation.aggregate import Context, Decide, Route, Routes
from services.foundation.messages import Event
from services.matching.contract import (
    AnnounceWorkshop,
    CancelRegistration,
    CancelWorkshop,
    ChangeWorkshop,
    GiveFeedback,
    RecordAttendance,
    RegisterParticipant,
)
from services.matching.workshop import Workshop
from services.matching.workshop_rules import Standing

StandingOf = Callable[[RegisterParticipant], Standing]
"""What the profile of a participant says, now. It may wait until matching has seen the version that the sender has seen."""


def workshop_routes(standing_of: StandingOf) -> Routes:
    """The table. Registering also needs to know what the participant's own stream says."""
    return {
        AnnounceWorkshop: Route(Workshop, Workshop.announce, creates=True),
        ChangeWorkshop: Route(Workshop, Workshop.change),
        CancelWorkshop: Route(Workshop, Workshop.cancel),
        RegisterParticipant: Route(Workshop, _register(standing_of)),
        CancelRegistration: Route(Workshop, Workshop.cancel_registration),
        RecordAttendance: Route(Workshop, Workshop.record_attendance),
        GiveFeedback: Route(Workshop, Workshop.give_feedback),
    }


def _register(standing_of: StandingOf) -> Decide:
    def decide(workshop: Workshop, command: RegisterParticipant, context: Context) -> Iterator[Event]:
        return workshop.register(command, context, standing_of(command))

    return decide
