"""The dates that are proposed for a talk, as the view of a contact shows them: the latest proposal and what became of it."""

from typing import Any

from services.foundation.messages import Event
from services.matching.contract import (
    ContactClosed,
    ContactDeclined,
    ContactDormant,
    ContactProposed,
    ContactReopened,
    DateChosen,
    DatesDeclined,
    DatesLapsed,
    DatesProposed,
    MeetingScheduled,
)

Fields = dict[str, Any]


def apply_to_dates(document: Fields, event: Event) -> None:
    """``date_proposal``: null until there is one; ``state``: open, chosen, declined, lapsed, replaced or withdrawn."""
    match event:
        case ContactProposed():
            document["date_proposal"] = None
        case DatesProposed():
            document["date_proposal"] = _proposal(event)
        case DateChosen():
            chosen = {"state": "chosen", "meeting_id": event.meeting_id} if event.meeting_id else {}
            _change(document, event.proposal_id, chosen=event.starts_at, **chosen)
            _add_choice(document, event)
        case DatesDeclined():
            _change(document, event.proposal_id, state="declined", declined_by=event.by, reason=event.reason)
        case DatesLapsed():
            _change(document, event.proposal_id, state="lapsed")
        case MeetingScheduled():
            _end(document, "replaced")
        case ContactDeclined() | ContactDormant() | ContactClosed() | ContactReopened():
            _end(document, "withdrawn")


def _proposal(event: DatesProposed) -> Fields:
    dates = [each.model_dump() for each in event.dates]
    stated = event.model_dump(include={"proposal_id", "by", "format", "place", "choose_by"})
    nobody_yet = dict.fromkeys(("chosen", "meeting_id", "declined_by", "reason"))
    return {**stated, **nobody_yet, "dates": dates, "state": "open", "chosen_by": []}


def _add_choice(document: Fields, event: DateChosen) -> None:
    proposal = document.get("date_proposal") or {"chosen_by": []}
    _change(document, event.proposal_id, chosen_by=[*(by for by in proposal["chosen_by"] if by != event.by), event.by])


def _change(document: Fields, proposal_id: str, **changes: Any) -> None:
    proposal = document.get("date_proposal")
    if proposal and proposal["proposal_id"] == proposal_id:
        document["date_proposal"] = {**proposal, **changes}


def _end(document: Fields, state: str) -> None:
    proposal = document.get("date_proposal")
    if proposal and proposal["state"] == "open":
        document["date_proposal"] = {**proposal, "state": state}
