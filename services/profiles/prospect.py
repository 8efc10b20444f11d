"""A prospect: someone whom staff want to win. Approached until they agree or decline, and never again once they have declined.

Whatever is decided here, an open prospect has exactly one dated next step with an owner.
"""

from collections.abc import Iterator
from datetime import datetime

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Event
from services.profiles import outreach_step
from services.profiles.company import Company
from services.profiles.contract import (
    OPEN_PROSPECT_STATES,
    AgreeProspect,
    DeclineProspect,
    Declining,
    IdentifyProspect,
    MinimiseProspect,
    OutreachStep,
    OutreachStepPlanned,
    PlanOutreachStep,
    ProspectAgreed,
    ProspectApproached,
    ProspectDeclined,
    ProspectDetails,
    ProspectIdentified,
    ProspectMinimised,
    ProspectUpdated,
    RecordApproach,
    UpdateProspect,
    prospect_stream,
)
from services.profiles.erasing import HoldsPersonalData
from services.profiles.outreach_step import PlannedStep
from services.profiles.partner import Partner
from services.profiles.person import Person
from services.profiles.profile import Profile

PROFILES: dict[str, type[Profile]] = {kind.category: kind for kind in (Person, Company, Partner)}


class ProspectBelongsToAnotherStream(Refusal):
    """The stream of a prospect with an external id follows from its source and that id."""


class ProspectAlreadyIdentified(Refusal):
    """The source used this external id before, for other content."""


class ProspectDeclinedBefore(Refusal):
    """Who declined is not approached again."""


class ProspectAlreadyAgreed(Refusal):
    """There is a profile now: what follows is said there."""


class ApproachNeedsOneDecision(Refusal):
    """An approach is followed by a next step, or by the end where the prospect is not interested."""


class OutreachInTheFuture(Refusal):
    """What is recorded has happened."""


class ProfileOfAnotherKind(Refusal):
    """A prospect becomes a profile of its own kind."""


class ProspectKeptStill(Refusal):
    """Only who declined, and long enough ago, is minimised by the timer."""


class Prospect(HoldsPersonalData):
    """``step`` is the open next step: one that is not open has none."""

    category = "prospect"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.state = ""
        self.identified: ProspectIdentified | None = None
        self.details: ProspectDetails | None = None
        self.step: PlannedStep | None = None
        self.steps_planned = 0
        self.approaches = 0
        self.profile_id = ""
        self.declined: ProspectDeclined | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_PROSPECT_STATES

    def identify(self, command: IdentifyProspect, context: Context) -> Iterator[Event]:
        if command.external_id and self.stream != prospect_stream(command.source, command.external_id):
            raise ProspectBelongsToAnotherStream("this is not the stream of that source and external id", field="external_id")
        if self.identified is None:
            details = ProspectDetails.model_validate(command.model_dump())
            yield ProspectIdentified(kind=command.kind, details=details, fingerprint=command.fingerprint)
            first = outreach_step.first_approach(command.coordinator, context.time)
            yield self._planned(command.next_step or first, context.time)
        elif self.declined is not None:
            raise ProspectDeclinedBefore("who declined is not approached again")
        elif self.identified.fingerprint != command.fingerprint:
            raise ProspectAlreadyIdentified("this external id stands for another prospect", field="external_id")

    def update(self, command: UpdateProspect, _: Context) -> Iterator[Event]:
        self._must_be_open()
        stated = dict(self.details or ())
        details = ProspectDetails.model_validate(stated | command.model_dump(exclude_none=True))
        if details != self.details:
            yield ProspectUpdated(details=details)

    def record_approach(self, command: RecordApproach, context: Context) -> Iterator[Event]:
        self._must_be_open()
        _require_happened(command.at, context.time)
        _require_one_decision(command)
        in_talks = self.state == "in_talks" or command.outcome == "in_talks"
        yield ProspectApproached(
            approach_id=f"approach-{self.approaches + 1}",
            state="in_talks" if in_talks else "approached",
            **command.model_dump(exclude={"next_step", "decline"}),
        )
        if command.decline is not None:
            yield _declined(command.decline, command.at)
        elif command.next_step is not None:
            yield self._planned(command.next_step, context.time)

    def plan_step(self, command: PlanOutreachStep, context: Context) -> Iterator[Event]:
        self._must_be_open()
        if self.step is None or not self.step.says(command.next_step):
            yield self._planned(command.next_step, context.time)

    def agree(self, command: AgreeProspect, context: Context) -> Iterator[Event]:
        """Asks the profile too, for it is made later, when nobody waits who could mend what it refuses."""
        if self.state == "agreed" and self.profile_id == command.profile_id:
            return
        self._must_be_open()
        kind = self.identified.kind if self.identified else ""
        given = {"person": command.person, "company": command.company, "partner": command.partner}
        profile = given.pop(kind)
        if profile is None or any(given.values()) or not command.profile_id.startswith(f"{kind}-"):
            raise ProfileOfAnotherKind(f"this prospect becomes a {kind}", field=kind)
        tuple(PROFILES[kind](command.profile_id).create(profile, context))
        yield ProspectAgreed(kind=kind, profile_id=command.profile_id, profile=profile.model_dump(mode="json"))

    def decline(self, command: DeclineProspect, context: Context) -> Iterator[Event]:
        """Declining again changes nothing: the first word counts."""
        if self.declined is None:
            self._must_be_open()
            _require_happened(command.at, context.time)
            yield _declined(command.decline, command.at)

    def minimise(self, command: MinimiseProspect, _: Context) -> Iterator[Event]:
        if self.state == "minimised":
            return
        if self.declined is None or self.declined.at > command.declined_until:
            raise ProspectKeptStill("this prospect has not declined, or not long enough ago", field="declined_until")
        yield ProspectMinimised(**self._what_stays())

    def apply(self, event: Event) -> None:
        match event:
            case ProspectIdentified():
                self.state, self.identified, self.details = "identified", event, event.details
            case ProspectUpdated():
                self.details = event.details
            case OutreachStepPlanned():
                self.step = PlannedStep(event.step_id, event.what, event.owner, event.due)
                self.steps_planned += 1
            case ProspectApproached():
                self.state = event.state
                self.approaches += 1
            case ProspectAgreed():
                self.state, self.step, self.profile_id = "agreed", None, event.profile_id
            case ProspectDeclined():
                self.state, self.step, self.declined = "declined", None, event
            case ProspectMinimised():
                self.state, self.step = "minimised", None
            case _:
                super().apply(event)

    # --- rules ----------------------------------------------------------------------------------------------------------

    def _must_be_open(self) -> None:
        if self.profile_id:
            raise ProspectAlreadyAgreed("this prospect has agreed; its profile goes on")
        if not self.is_open:
            raise ProspectDeclinedBefore("who declined is not approached again")

    def _planned(self, step: OutreachStep, time: datetime) -> OutreachStepPlanned:
        outreach_step.require_plannable(step, time)
        return OutreachStepPlanned(step_id=f"step-{self.steps_planned + 1}", **step.model_dump())

    def _what_stays(self) -> dict[str, object]:
        details = self.details.model_dump(include={"sector", "region"}) if self.details else {}
        marks = self.declined.marks if self.declined else ()
        return {"kind": self.identified.kind if self.identified else "", "marks": marks, **details}


def _declined(decline: Declining, at: datetime) -> ProspectDeclined:
    return ProspectDeclined(at=at, **decline.model_dump())


def _require_happened(at: datetime, time: datetime) -> None:
    if at > time:
        raise OutreachInTheFuture("this moment lies in the future", field="at")


def _require_one_decision(command: RecordApproach) -> None:
    """Raises ApproachNeedsOneDecision, blaming the part that is missing or too much."""
    ends = command.outcome == "not_interested"
    if ends and (command.decline is None or command.next_step is not None):
        message = "who is not interested is recorded as having declined, and has no next step"
        raise ApproachNeedsOneDecision(message, field="next_step" if command.next_step else "decline")
    if not ends and (command.next_step is None or command.decline is not None):
        message = "an approach that does not end it is followed by a next step"
        raise ApproachNeedsOneDecision(message, field="decline" if command.decline else "next_step")
