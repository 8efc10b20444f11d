"""An erasure: it collects what the stores confirm, and is completed once, with a receipt, when all have confirmed."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.foundation.aggregate import Aggregate, Context, Refusal
from services.foundation.messages import Event
from services.profiles.contract import (
    STORES,
    BeginErasure,
    ConfirmErasure,
    ErasureBegun,
    ErasureCompleted,
    ErasureConfirmed,
    ErasureExtended,
    ExtendErasure,
    ReceiptSettled,
    SettleReceipt,
    StoreCleaned,
    erasure_stream,
)

PROFILES = ("person-", "company-", "partner-")
WITHOUT_STREAM = ("contactperson-",)
"""Owners of keys who are part of another stream: with that they are forgotten everywhere else."""

Cleaned = dict[tuple[str, str], datetime]


class ErasureBelongsToAnotherStream(Refusal):
    """The stream of an erasure follows from whom it is about."""


class ErasureNotCompleted(Refusal):
    """There is no receipt yet that could have been sent."""


def stores_of(owner: str) -> tuple[str, ...]:
    """Who must confirm for this owner. Referrals and prospects are known to the gateway alone."""
    if owner.startswith(PROFILES):
        return STORES
    return ("keys",) if owner.startswith(WITHOUT_STREAM) else ("keys", "views")


class Erasure(Aggregate):
    """``cleaned``: by owner and store, when it was confirmed."""

    category = "erasure"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.begun: ErasureBegun | None = None
        self.owners: frozenset[str] = frozenset()
        self.cleaned: Cleaned = {}
        self.completed = False
        self.settled = False

    def begin(self, command: BeginErasure, context: Context) -> Iterator[Event]:
        if self.stream != erasure_stream(command.owner):
            raise ErasureBelongsToAnotherStream("this is not the erasure of that profile", field="owner")
        if self.begun is None:
            begun = ErasureBegun.model_validate(command.model_dump())
            yield begun
            yield from self._complete(begun, self.owners | {begun.owner, *begun.owners}, self.cleaned)

    def extend(self, command: ExtendErasure, _: Context) -> Iterator[Event]:
        if command.owner not in self.owners:
            yield ErasureExtended(owner=command.owner)

    def confirm(self, command: ConfirmErasure, _: Context) -> Iterator[Event]:
        """What was confirmed before is not confirmed again: the first moment counts."""
        new = tuple(store for store in command.stores if (command.owner, store) not in self.cleaned)
        if new:
            yield ErasureConfirmed(owner=command.owner, stores=new, confirmed_at=command.confirmed_at)
            now = {(command.owner, store): command.confirmed_at for store in new}
            yield from self._complete(self.begun, self.owners, self.cleaned | now)

    def settle_receipt(self, command: SettleReceipt, _: Context) -> Iterator[Event]:
        if not self.completed:
            raise ErasureNotCompleted("the erasure is not completed, so there is no receipt")
        if not self.settled:
            yield ReceiptSettled(how=command.how)

    def _complete(self, begun: ErasureBegun | None, owners: Iterable[str], cleaned: Cleaned) -> Iterator[Event]:
        expected = [(owner, store) for owner in owners for store in stores_of(owner)]
        if begun is None or self.completed or any(each not in cleaned for each in expected):
            return
        moments = {store: max(at for (_, name), at in cleaned.items() if name == store) for store in STORES}
        yield ErasureCompleted(
            owner=begun.owner,
            kind=begun.kind,
            stores=tuple(StoreCleaned(store=store, confirmed_at=at) for store, at in moments.items()),
            erased_at=begun.erased_at,
            completed_at=max(moments.values()),
            language=begun.language,
            notice=bool(begun.notice_email),
        )

    def apply(self, event: Event) -> None:
        match event:
            case ErasureBegun():
                self.begun = event
                self.owners |= {event.owner, *event.owners}
            case ErasureExtended():
                self.owners |= {event.owner}
            case ErasureConfirmed():
                self.cleaned |= {(event.owner, store): event.confirmed_at for store in event.stores}
            case ErasureCompleted():
                self.completed = True
            case ReceiptSettled():
                self.settled = True
