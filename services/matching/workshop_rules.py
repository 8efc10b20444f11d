"""What a workshop refuses, and why; and what other streams must say of whoever takes part."""

from dataclasses import dataclass
from datetime import datetime

from services.foundation.aggregate import Refusal
from services.matching.eligibility import CompanyIsMerged, CompanyUnknown, PersonIsMerged, PersonUnknown
from services.matching.next_step import PLANNING_HORIZON

MOST_PARTICIPANTS = 20_000
"""How many may register for one workshop, those who wait and those who left among them."""


class WorkshopAlreadyAnnounced(Refusal):
    """A workshop is announced once; what is to be different is changed."""


class WorkshopInThePast(Refusal):
    """A workshop lies ahead when it is announced or moved."""


class WorkshopTooFarAhead(Refusal):
    """Nothing is dated beyond the planning horizon."""


class WorkshopEndsBeforeItStarts(Refusal):
    """A workshop takes some time."""


class WorkshopNeedsPlaceOrLink(Refusal):
    """People must know where to go, or where to click."""


class WorkshopIsCancelled(Refusal):
    """A workshop that was cancelled stays cancelled."""


class WorkshopHasStarted(Refusal):
    """Places are given, and a workshop is changed, before it starts."""


class WorkshopNotYetStarted(Refusal):
    """Who was there, and how it was, is known after the start."""


class CapacityBelowRegistered(Refusal):
    """Nobody who has a place loses it to a smaller room."""


class WaitingLineIsFull(Refusal):
    """A line has an end."""


class ParticipantNotRegistered(Refusal):
    """They never registered for this workshop."""


class ParticipantHasNoPlace(Refusal):
    """Attendance is recorded of those who had a place."""


class ParticipantListedTwice(Refusal):
    """One list says one thing of each participant."""


class GuestNeedsPartner(Refusal):
    """A guest is brought by a partner, with whose key their name is sealed, and has a name."""


class OnlyGuestsAreBrought(Refusal):
    """A person or company takes part in its own name; their data stands in their profile."""


class GuestOfAnotherPartner(Refusal):
    """This guest was brought by somebody else."""


class FeedbackOnlyAfterAttending(Refusal):
    """Feedback is given by those who were there."""


class FeedbackAlreadyGiven(Refusal):
    """Feedback is given once: its wishes may have led to contacts already."""


class WishOfSomebodyElse(Refusal):
    """A participant wishes for talks of their own; a guest has no profile and so none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the profile of a participant says now. Of a guest there is none, and nothing to say.

    No consent is asked for: registering is the participant's own wish, and no participant is shown to another.
    """

    known: bool = True
    merged_into: str = ""

    def require(self, participant_id: str) -> None:
        """Raises the refusal that names what is missing."""
        is_person = participant_id.startswith("person-")
        if not self.known:
            unknown, name = (PersonUnknown, "person") if is_person else (CompanyUnknown, "company")
            raise unknown(f"there is no such {name}", field="participant_id")
        if self.merged_into:
            merged, name = (PersonIsMerged, "person") if is_person else (CompanyIsMerged, "company")
            raise merged(f"this {name} was merged into {self.merged_into}", field="participant_id")


GUEST = Standing()


def require_time(starts_at: datetime, ends_at: datetime, time: datetime) -> None:
    """Raises the refusal that says what is wrong with when the workshop is to be."""
    if starts_at <= time:
        raise WorkshopInThePast("a workshop must start in the future", field="starts_at")
    if starts_at - time > PLANNING_HORIZON:
        raise WorkshopTooFarAhead("a workshop must start within two years", field="starts_at")
    if ends_at <= starts_at:
        raise WorkshopEndsBeforeItStarts("a workshop must end after it starts", field="ends_at")


def require_where(place: str, link: str) -> None:
    """Raises WorkshopNeedsPlaceOrLink."""
    if not (place.strip() or link):
        raise WorkshopNeedsPlaceOrLink("give the place of the workshop or the link to it", field="place")
