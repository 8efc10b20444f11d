"""A workshop: an event with places. Never more have one than there are, and who waits is promoted in the order of the line."""

from collections.abc import Iterator

from services.foundation.aggregate import Aggregate, Context
from services.foundation.messages import Event
from services.matching import workshop_rules as rules
from services.matching.contract import (
    AnnounceWorkshop,
    AttendanceRecorded,
    CancelRegistration,
    CancelWorkshop,
    ChangeWorkshop,
    FeedbackGiven,
    GiveFeedback,
    NotedWish,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RecordAttendance,
    RegisterParticipant,
    RegistrationCancelled,
    Wish,
    WorkshopAnnounced,
    WorkshopCancelled,
    WorkshopChanged,
)
from services.matching.seats import Seats
from services.matching.workshop_rules import Standing

RESCHEDULING = ("starts_at", "ends_at", "place", "link")
"""Whoever takes part must hear of a change of these."""


class Workshop(Aggregate):
    """``plan`` says what was announced, as it is by now; ``seats`` who takes part and who waits."""

    category = "workshop"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.plan: WorkshopAnnounced | None = None
        self.cancelled = False
        self.seats = Seats()
        self.brought_by: dict[str, str] = {}
        self.heard_from: set[str] = set()

    # --- the workshop itself --------------------------------------------------------------------------------------------

    def announce(self, command: AnnounceWorkshop, context: Context) -> Iterator[Event]:
        announced = WorkshopAnnounced(**command.model_dump())
        if self.exists:
            if self.plan == announced:
                return
            raise rules.WorkshopAlreadyAnnounced("this workshop was announced already; change it instead")
        rules.require_time(command.starts_at, command.ends_at, context.time)
        rules.require_where(command.place, command.link)
        yield announced

    def change(self, command: ChangeWorkshop, context: Context) -> Iterator[Event]:
        """More places promote those who wait. Fewer than are taken are refused."""
        before = self._must_be_ahead(context)
        after = before.model_copy(update=command.model_dump(exclude_none=True))
        rules.require_time(after.starts_at, after.ends_at, context.time)
        rules.require_where(after.place, after.link)
        if after.capacity < self.seats.taken:
            taken = f"{self.seats.taken} have a place already"
            raise rules.CapacityBelowRegistered(f"{taken}; cancel registrations before you take places away", field="capacity")
        if after == before:
            return
        rescheduled = any(getattr(after, name) != getattr(before, name) for name in RESCHEDULING)
        fields = after.model_dump(exclude={"kind", "region", "coordinator"})
        yield WorkshopChanged(**fields, rescheduled=rescheduled)
        yield from self.seats.next_in_line(after.capacity)

    def cancel(self, command: CancelWorkshop, context: Context) -> Iterator[Event]:
        if self.cancelled:
            return
        self._must_be_ahead(context)
        yield WorkshopCancelled(reason=command.reason)

    # --- taking part ----------------------------------------------------------------------------------------------------

    def register(self, command: RegisterParticipant, context: Context, standing: Standing) -> Iterator[Event]:
        """A place, or the end of the line. Whoever has one of both keeps it."""
        plan = self._must_be_ahead(context)
        self._must_come_rightly(command)
        who = command.participant_id
        if self.seats.has(who) or self.seats.waits(who):
            return
        if len(self.seats.standing) >= rules.MOST_PARTICIPANTS:
            raise rules.WaitingLineIsFull("nobody else can wait for this workshop")
        standing.require(who)
        is_free = self.seats.taken < plan.capacity
        yield (ParticipantRegistered if is_free else ParticipantWaitlisted)(
            **command.model_dump(exclude={"participant_version"})
        )

    def cancel_registration(self, command: CancelRegistration, context: Context) -> Iterator[Event]:
        """Gives up a place, which the first in line gets, or the waiting for one."""
        plan = self._must_be_ahead(context)
        who = command.participant_id
        if who not in self.seats.standing:
            raise rules.ParticipantNotRegistered("nobody of this id is registered", field="participant_id")
        if not (self.seats.has(who) or self.seats.waits(who)):
            return
        yield RegistrationCancelled(participant_id=who)
        yield from self.seats.next_in_line(plan.capacity, freed=int(self.seats.has(who)))

    def record_attendance(self, command: RecordAttendance, context: Context) -> Iterator[Event]:
        """Can be corrected; what is so already changes nothing."""
        self._must_have_started(context)
        listed = [each.participant_id for each in command.participants]
        for number, each in enumerate(command.participants):
            field = f"participants.{number}.participant_id"
            if each.participant_id in listed[:number]:
                raise rules.ParticipantListedTwice("this participant stands in the list twice", field=field)
            if not self.seats.has(each.participant_id):
                raise rules.ParticipantHasNoPlace("this participant has no place in the workshop", field=field)
        for each in command.participants:
            if self.seats.standing[each.participant_id] != each.attendance:
                yield AttendanceRecorded(participant_id=each.participant_id, attendance=each.attendance)

    def give_feedback(self, command: GiveFeedback, context: Context) -> Iterator[Event]:
        plan = self._must_have_started(context)
        who = command.participant_id
        if self.seats.standing.get(who) != "attended":
            raise rules.FeedbackOnlyAfterAttending("feedback is given by those who were there", field="participant_id")
        if who in self.heard_from:
            raise rules.FeedbackAlreadyGiven("this participant has given feedback already")
        wishes = tuple(dict.fromkeys(command.wishes))
        for number, wish in enumerate(wishes):
            if not _concerns(wish, who):
                raise rules.WishOfSomebodyElse("a wish is for a talk of the participant", field=f"wishes.{number}")
        noted = tuple(NotedWish(**wish.model_dump()) for wish in wishes)
        yield FeedbackGiven(
            participant_id=who, rating=command.rating, words=command.words, wishes=noted, coordinator=plan.coordinator
        )

    # --- what events change ---------------------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        match event:
            case WorkshopAnnounced():
                self.plan = event
            case WorkshopChanged() if self.plan:
                self.plan = self.plan.model_copy(update=event.model_dump(exclude={"rescheduled"}))
            case WorkshopCancelled():
                self.cancelled = True
            case FeedbackGiven():
                self.heard_from.add(event.participant_id)
            case ParticipantRegistered() | ParticipantWaitlisted() if event.partner_id:
                self.brought_by[event.participant_id] = event.partner_id
        self.seats.apply(event)

    # --- rules ----------------------------------------------------------------------------------------------------------

    def _must_stand(self) -> WorkshopAnnounced:
        if self.plan is None or self.cancelled:
            raise rules.WorkshopIsCancelled("the workshop was cancelled")
        return self.plan

    def _must_be_ahead(self, context: Context) -> WorkshopAnnounced:
        plan = self._must_stand()
        if context.time >= plan.starts_at:
            raise rules.WorkshopHasStarted("the workshop has started")
        return plan

    def _must_have_started(self, context: Context) -> WorkshopAnnounced:
        plan = self._must_stand()
        if context.time < plan.starts_at:
            raise rules.WorkshopNotYetStarted("the workshop has not started yet")
        return plan

    def _must_come_rightly(self, command: RegisterParticipant) -> None:
        """A guest with the partner who brings them, everybody else alone."""
        is_guest = command.participant_id.startswith("guest-")
        if is_guest and not (command.partner_id.startswith("partner-") and command.name):
            raise rules.GuestNeedsPartner("a guest has a name, and a partner who brings them", field="partner_id")
        if not is_guest and (command.partner_id or command.name or command.email):
            raise rules.OnlyGuestsAreBrought("a person or company takes part in its own name", field="partner_id")
        if self.brought_by.get(command.participant_id, command.partner_id) != command.partner_id:
            raise rules.GuestOfAnotherPartner("another partner brings this guest", field="participant_id")


def _concerns(wish: Wish, participant_id: str) -> bool:
    return participant_id in (wish.person_id, wish.company_id)
