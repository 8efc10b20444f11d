"""A prospect to tell stories about, and what may have happened to it."""

from datetime import timedelta
from typing import Any

from services.foundation.messages import Event
from services.profiles.contract import (
    AgreeProspect,
    DeclineProspect,
    Declining,
    IdentifyProspect,
    OutreachStep,
    OutreachStepPlanned,
    ProspectAgreed,
    ProspectApproached,
    ProspectDeclined,
    ProspectDetails,
    ProspectIdentified,
    RecordApproach,
    prospect_stream,
)
from services.profiles.routes import ROUTES
from tests.unit.profiles.words import FINGERPRINT, PERSON, SEALED, create_person
from tests.unit.story import NOW, Story

SOURCE, EXTERNAL_ID = "Fachmesse 2026", "stand-17"
PROSPECT = prospect_stream(SOURCE, EXTERNAL_ID)
DAY = timedelta(days=1)
MARKS = ("email:" + "b" * 64,)

CALL = OutreachStep(what=SEALED, owner="staff-2", due=NOW + 5 * DAY)
DECLINING = Declining(reason="no_time", by="prospect", marks=MARKS)


def prospect() -> Story:
    return Story(PROSPECT, ROUTES)


def identify(**changes: Any) -> IdentifyProspect:
    fields: dict[str, Any] = {
        "kind": "person",
        "name": SEALED,
        "email": SEALED,
        "sector": "construction",
        "region": "DE-MV",
        "place": "Wismar",
        "found_through": "fair",
        "source": SOURCE,
        "external_id": EXTERNAL_ID,
        "coordinator": "staff-1",
        "fingerprint": FINGERPRINT,
    }
    return IdentifyProspect(**fields | changes)


def approach(**changes: Any) -> RecordApproach:
    fields: dict[str, Any] = {
        "by": "staff-1",
        "at": NOW - DAY,
        "means": "phone",
        "outcome": "call_back",
        "note": SEALED,
        "next_step": CALL,
    }
    return RecordApproach(**fields | changes)


def agree(**changes: Any) -> AgreeProspect:
    return AgreeProspect(**{"profile_id": PERSON, "person": create_person()} | changes)


def decline(**changes: Any) -> DeclineProspect:
    return DeclineProspect(**{"at": NOW, "decline": DECLINING} | changes)


def planned(number: int, step: OutreachStep) -> OutreachStepPlanned:
    return OutreachStepPlanned(step_id=f"step-{number}", what=step.what, owner=step.owner, due=step.due)


DETAILS = ProspectDetails.model_validate(identify().model_dump())
FIRST_APPROACH = OutreachStep(owner="staff-1", due=NOW + 14 * DAY)
IDENTIFIED: tuple[Event, ...] = (
    ProspectIdentified(kind="person", details=DETAILS, fingerprint=FINGERPRINT),
    planned(1, FIRST_APPROACH),
)
CALLED = ProspectApproached(
    approach_id="approach-1", by="staff-1", at=NOW - DAY, means="phone", outcome="call_back", note=SEALED, state="approached"
)
APPROACHED = (*IDENTIFIED, CALLED, planned(2, CALL))
AGREED = (
    *APPROACHED,
    ProspectAgreed(kind="person", profile_id=PERSON, profile=create_person().model_dump(mode="json")),
)
DECLINED = (*APPROACHED, ProspectDeclined(reason="no_time", by="prospect", at=NOW, marks=MARKS))
