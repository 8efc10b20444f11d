"""Being forgotten: a profile is erased, every store confirms that it holds nothing readable, and the person is told."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.foundation.aggregate import derived_stream
from services.foundation.messages import Command, Event
from services.profiles.contract.values import Sealed, UiLanguage, Value

Store = Literal["keys", "events", "matching", "notifications", "views", "feed", "requests", "attachments"]
STORES: tuple[Store, ...] = ("keys", "events", "matching", "notifications", "views", "feed", "requests", "attachments")
"""Where personal data may stand. ``events``: event stores, topics and dead letters, which hold it sealed: nobody can read it
without the key; ``requests``: kept answers and commands of the gateway, which are sealed likewise; ``attachments``: the files
beside messages."""

KeyOwner = Annotated[str, StringConstraints(pattern=r"^[a-z]{4,16}-[0-9a-f-]{36}$")]
"""The id under which the vault keeps a key: a stream, or somebody who has none."""
ErasureId = Annotated[str, StringConstraints(pattern=r"^erasure-[0-9a-f-]{36}$")]
Stores = Annotated[tuple[Store, ...], Field(min_length=1, max_length=len(STORES))]
FurtherOwners = Annotated[tuple[KeyOwner, ...], Field(max_length=1_000)]


def erasure_stream(owner: str) -> str:
    """The one erasure of a profile."""
    return derived_stream("erasure", owner)


class EraseProfile(Command, type="profiles.EraseProfile.v1"):
    """Forgets a person, company or partner for good. ``also``: further owners of keys with data of the same person.

    ``erasure_id``: of the erasure that this one is part of; empty for one of its own. ``notice_name`` and ``notice_email`` are
    sealed with the key of the erasure's stream, for the one mail that carries the receipt.
    """

    also: FurtherOwners = ()
    erasure_id: ErasureId | None = None
    language: UiLanguage = "de"
    notice_name: Sealed = ""
    notice_email: Sealed = ""


class ErasePersonalData(Command, type="profiles.ErasePersonalData.v1"):
    """What else holds data of someone who was erased, a referral or a prospect, forgets it."""

    erasure_id: ErasureId


class BeginErasure(Command, type="profiles.BeginErasure.v1"):
    """Stream: ``erasure_stream(owner)``. ``owners``: all whose keys are destroyed, ``owner`` among them."""

    owner: KeyOwner
    kind: str
    owners: FurtherOwners
    erased_at: datetime
    language: UiLanguage = "de"
    notice_name: Sealed = ""
    notice_email: Sealed = ""


class ExtendErasure(Command, type="profiles.ExtendErasure.v1"):
    """Something turned up late that belongs to whom was erased."""

    owner: KeyOwner


class ConfirmErasure(Command, type="profiles.ConfirmErasure.v1"):
    """These stores hold nothing of this owner that can be read any more, since this moment. May come before the beginning."""

    owner: KeyOwner
    stores: Stores
    confirmed_at: datetime


class SettleReceipt(Command, type="profiles.SettleReceipt.v1"):
    """The receipt was sent, or given up: what was kept for it is no longer needed."""

    how: Literal["sent", "failed"]


class ProfileErased(Event, type="profiles.ProfileErased.v1"):
    """From here on every command on the stream is refused. What identifies nobody stays: ``kind``, and all earlier facts."""

    kind: str
    erasure_id: str
    erased_at: datetime
    also: tuple[str, ...] = ()
    language: str = "de"
    notice_name: str = ""
    notice_email: str = ""


class PersonalDataErased(Event, type="profiles.PersonalDataErased.v1"):
    erasure_id: str


class ErasureBegun(Event, type="profiles.ErasureBegun.v1"):
    owner: str
    kind: str
    owners: tuple[str, ...]
    erased_at: datetime
    language: str = "de"
    notice_name: str = ""
    notice_email: str = ""


class ErasureExtended(Event, type="profiles.ErasureExtended.v1"):
    owner: str


class ErasureConfirmed(Event, type="profiles.ErasureConfirmed.v1"):
    owner: str
    stores: tuple[str, ...]
    confirmed_at: datetime


class StoreCleaned(Value):
    """A store, and since when it holds nothing readable of whom was erased."""

    store: str
    confirmed_at: datetime


class ErasureCompleted(Event, type="profiles.ErasureCompleted.v1"):
    """The receipt: every store has confirmed. ``notice``: whether it is sent to whom was erased."""

    owner: str
    kind: str
    stores: tuple[StoreCleaned, ...]
    erased_at: datetime
    completed_at: datetime
    language: str = "de"
    notice: bool = False


class ReceiptSettled(Event, type="profiles.ReceiptSettled.v1"):
    """How the mail with the receipt ended; the key of the erasure's stream is destroyed."""

    how: str
