"""What a contact refuses, and why."""

from services.foundation.aggregate import Context, Refusal
from services.matching.contract import AssignContact, ProposeContact

BOTH_SIDES = frozenset({"person", "company"})


class ContactBelongsToAnotherStream(Refusal):
    """The stream of a contact follows from its person, company and need, so that one pair and need meet only once."""


class ContactAlreadyOpen(Refusal):
    """One pair and need have one open contact at most."""


class ContactMustBeReopened(Refusal):
    """A contact that ended keeps its history: it is reopened, not proposed again."""


class ContactNotOpen(Refusal):
    """The contact rests or has ended."""


class ContactNotAcceptedByBoth(Refusal):
    """A contact is arranged when both sides have accepted."""


class ContactNotArranged(Refusal):
    """Talks and cooperation come after the arrangement."""


class ContactAlreadyArranged(Refusal):
    """Declining answers a proposal; a contact that is arranged is closed, with a reason."""


class ContactAlreadyEnded(Refusal):
    """The contact was declined, or closed for another reason."""


class DeputyIsTheCoordinator(Refusal):
    """Who stands in for the coordinator is somebody else."""


class FollowUpNeedsOneDecision(Refusal):
    """A talk is followed by a next step, a next meeting or the end of the contact: by exactly one of them."""


def side_of(context: Context) -> str:
    """The side that asks for itself; empty where staff or the system do."""
    return context.actor.role if context.actor.role in BOTH_SIDES else ""


def require_another(command: ProposeContact | AssignContact) -> None:
    if command.deputy == command.coordinator:
        raise DeputyIsTheCoordinator("the deputy must be somebody else than the coordinator", field="deputy")
