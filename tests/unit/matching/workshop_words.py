"""A workshop to tell stories about, and who may take part in it."""

from datetime import timedelta

from services.foundation.messages import Event
from services.matching.contract import (
    AnnounceWorkshop,
    CancelRegistration,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RecordAttendance,
    RecordedAttendance,
    RegisterParticipant,
    WhoCame,
    WorkshopAnnounced,
)
from services.matching.workshop_routes import workshop_routes
from services.matching.workshop_rules import Standing
from tests.unit.story import NOW, Story

UUID = "00000000-0000-4000-8000-00000000000"
WORKSHOP, PARTNER = f"workshop-{UUID}0", f"partner-{UUID}9"
ANNA, BILAL, CHEN, GUEST = f"person-{UUID}1", f"person-{UUID}2", f"company-{UUID}3", f"guest-{UUID}4"
STARTS = NOW + timedelta(days=7)
ENDS = STARTS + timedelta(hours=3)

ANNOUNCEMENT = AnnounceWorkshop(
    kind="intercultural_training",
    title="Verhandeln zwischen den Kulturen",
    language="de",
    starts_at=STARTS,
    ends_at=ENDS,
    capacity=2,
    place="Rostock",
    region="DE-MV",
    coordinator="staff-1",
)
ANNOUNCED = WorkshopAnnounced(**ANNOUNCEMENT.model_dump())
GUEST_COMES = RegisterParticipant(participant_id=GUEST, partner_id=PARTNER, name="sealed.v1.abc", email="sealed.v1.abc")


def workshop(standing: Standing | None = None) -> Story:
    return Story(WORKSHOP, workshop_routes(lambda _: standing or Standing()))


def registers(who: str) -> RegisterParticipant:
    return RegisterParticipant(participant_id=who)


def registered(*who: str) -> tuple[Event, ...]:
    return tuple(ParticipantRegistered(participant_id=each) for each in who)


def waitlisted(*who: str) -> tuple[Event, ...]:
    return tuple(ParticipantWaitlisted(participant_id=each) for each in who)


def leaves(who: str) -> CancelRegistration:
    return CancelRegistration(participant_id=who)


def came(who: str, attendance: RecordedAttendance = "attended") -> RecordAttendance:
    return RecordAttendance(participants=(WhoCame(participant_id=who, attendance=attendance),))


FULL = (ANNOUNCED, *registered(ANNA, BILAL))
WITH_LINE = (*FULL, *waitlisted(CHEN))
