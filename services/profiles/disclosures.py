"""Disclosing: nothing of a person is shown to a company or partner without the consent for it, and showing it is recorded."""

from collections.abc import Iterator
from datetime import date, datetime

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Event
from services.profiles.contract import DataDisclosed, RecordDisclosure

Shown = tuple[str, frozenset[str], str, str | None]
"""The recipient, the fields, the purpose and the contact."""


class ConsentToDisclosureMissing(Refusal):
    """Nothing of a person is shown to others without an active consent for it."""


class Disclosures:
    """What was shown last, on which consent and on which day: the same within a day says nothing new."""

    def __init__(self) -> None:
        self._last: dict[Shown, tuple[datetime, date]] = {}

    def record(
        self, command: RecordDisclosure, text_version: str | None, granted_at: datetime | None, context: Context
    ) -> Iterator[Event]:
        """``text_version`` and ``granted_at`` are of the consent that the command cites, None where it is not there."""
        if text_version is None or granted_at is None:
            raise ConsentToDisclosureMissing("the person has not agreed to be shown to these recipients", field="consent")
        shown = (command.recipient, frozenset(command.fields), command.purpose, command.contact_id)
        if self._last.get(shown) != (granted_at, context.time.date()):
            yield DataDisclosed(
                **command.model_dump(exclude={"fields"}),
                fields=tuple(sorted(set(command.fields))),
                text_version=text_version,
                granted_at=granted_at,
                disclosed_at=context.time,
            )

    def apply(self, event: DataDisclosed) -> None:
        shown = (event.recipient, frozenset(event.fields), event.purpose, event.contact_id)
        self._last[shown] = (event.granted_at, event.disclosed_at.date())
