"""Prospects in the clear, with what came of it and what is next; and the marks by which those who declined are recognised."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.foundation.messages import Envelope, Event, Recorded
from services.foundation.privacy import KeyVault
from services.foundation.projection import Projection
from services.gateway.views.unsealing import opened, prefetch_keys
from services.profiles.contract import (
    PROSPECT_SEALED,
    OutreachStepPlanned,
    PersonalDataErased,
    ProspectAgreed,
    ProspectApproached,
    ProspectDeclined,
    ProspectDetails,
    ProspectIdentified,
    ProspectMinimised,
    ProspectUpdated,
)

Fields = dict[str, Any]

FIRST_APPROACH = "Erste Ansprache (first approach)"
"""What is to be done where nobody has said anything else."""
STEP_TEXT, APPROACH_NOTE, DECLINE_NOTE = "next_step.what", "approaches.note", "decline.note"
"""Under which field names the texts are sealed that stand deeper in a prospect."""
STAYS = frozenset({"_id", "version", "updated_at", "kind", "profile_id"})
"""What of a document outlives its being minimised, beside what the event says and that they declined."""


class ProspectView(Projection):
    """{_id, version, kind, state, name, …, identified_at, coordinator, next_step: {step_id, what, owner, due} or None,
    approaches: [{approach_id, by, at, means, outcome, note}], decline: {reason, by, at, note} or None, profile_id};
    declined_marks: {_id: mark, prospect_id}"""

    collection = "prospects"
    derives = ("declined_marks",)
    categories = frozenset({"prospect"})

    def __init__(self, vault: KeyVault) -> None:
        self._vault = vault

    def prepare(self, batch: Sequence[Recorded]) -> None:
        prefetch_keys(self._vault, batch, self.categories)

    def apply(self, document: Fields, event: Event, envelope: Envelope) -> None:
        match event:
            case ProspectIdentified():
                document.update(kind=event.kind, state="identified", identified_at=envelope.time)
                document.update(approaches=[], next_step=None, decline=None, profile_id=None)
                document.update(self._details(event.details, envelope.stream))
            case ProspectUpdated():
                document.update(self._details(event.details, envelope.stream))
            case OutreachStepPlanned():
                what = self._text(envelope.stream, STEP_TEXT, event.what)
                document["next_step"] = {**event.model_dump(), "what": FIRST_APPROACH if what == "" else what}
            case ProspectApproached():
                document.update(state=event.state, approaches=self._approaches_after(document, event, envelope.stream))
            case ProspectAgreed():
                document.update(state="agreed", profile_id=event.profile_id, agreed_at=envelope.time, next_step=None)
            case ProspectDeclined():
                note = self._text(envelope.stream, DECLINE_NOTE, event.note)
                decline = {**event.model_dump(exclude={"marks"}), "note": note}
                document.update(state="declined", decline=decline, next_step=None)
            case ProspectMinimised():
                _minimise(document, "minimised", sector=event.sector, region=event.region)
            case PersonalDataErased():
                kept = {name: document.get(name) for name in ("sector", "region")}
                _minimise(document, "erased", erased_at=envelope.time, **kept)

    def derive(self, document: Fields, event: Event, envelope: Envelope) -> Iterable[tuple[str, Fields]]:
        if isinstance(event, ProspectDeclined):
            for mark in event.marks:
                yield "declined_marks", {"_id": mark, "prospect_id": envelope.stream}

    def _details(self, details: ProspectDetails, owner: str) -> Fields:
        return opened(self._vault, owner, details.model_dump(), PROSPECT_SEALED)

    def _approaches_after(self, document: Fields, event: ProspectApproached, owner: str) -> list[Fields]:
        note = self._text(owner, APPROACH_NOTE, event.note)
        others = [each for each in document["approaches"] if each["approach_id"] != event.approach_id]
        return [*others, {**event.model_dump(exclude={"state"}), "note": note}]

    def _text(self, owner: str, field: str, sealed: str) -> str | None:
        text: str | None = opened(self._vault, owner, {field: sealed}, [field])[field]
        return text


def _minimise(document: Fields, state: str, **stays: Any) -> None:
    decline = document.get("decline")
    for name in document.keys() - STAYS:
        del document[name]
    document.update(state=state, approaches=[], next_step=None, **stays)
    document["decline"] = {name: decline[name] for name in ("reason", "by", "at")} if decline else None
