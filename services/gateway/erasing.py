"""The erasure process: keys are destroyed first, then the erasure is begun and confirmed for what the gateway keeps, and what
else belongs to whom is erased is asked to forget too.

It keeps no state of its own. All of it may be done again: whoever follows all events from the beginning, as after a restore,
destroys again the keys that a backup of the vault has brought back.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from pymongo.database import Database

from services.foundation.aggregate import derived_id
from services.foundation.command_sender import CommandSender
from services.foundation.database import Document
from services.foundation.key_store import KeyStore
from services.foundation.messages import Command, Envelope, Recorded, now
from services.foundation.process_manager import request_envelope
from services.foundation.reaction import Request
from services.notifications.contract import StaffRemoved
from services.profiles.contract import (
    BeginErasure,
    ConfirmErasure,
    ContactPersonRemoved,
    DeleteSearch,
    ErasePersonalData,
    EraseProfile,
    ExtendErasure,
    PersonalDataErased,
    ProfileErased,
    ProspectMinimised,
    ReceiptSettled,
    ReferralAccepted,
    SearchDeleted,
    erasure_stream,
)

SOURCE = "gateway"
PROFILES = {"person": "people", "company": "companies", "partner": "partners"}
"""The views of profiles by the category of their streams."""
WITHOUT_STREAM = ("contactperson-",)
SEARCHES = ("search-",)
"""Saved searches that the profile kept, or that ask for whom it was about."""
OF_A_PROFILE = ("keys", "events", "views", "feed", "requests", "attachments")
"""What is clean of a profile once its view is a tombstone, its key is destroyed and the files beside messages are dropped."""
OF_OTHERS = ("keys", "views")

Kin = Callable[[str], Iterable[str]]
"""The further owners of keys with data of a profile, as the views know them."""
ErasureOf = Callable[[str], str]
"""The erasure of a profile, or nothing where it lives."""


def owners_of(erased: ProfileErased, stream: str, kin: Kin) -> tuple[str, ...]:
    """All whose keys go with this profile, itself first."""
    return tuple(dict.fromkeys((stream, *erased.also, *kin(stream))))


def doomed(recorded: Recorded, kin: Kin) -> tuple[str, ...]:
    """The owners whose keys must be destroyed when this has happened."""
    match recorded.message:
        case ProfileErased() as erased:
            return owners_of(erased, recorded.stream, kin)
        case PersonalDataErased() | ReceiptSettled() | ProspectMinimised() | SearchDeleted() | StaffRemoved():
            return (recorded.stream,)
        case ContactPersonRemoved() as removed:
            return (removed.contact_person_id,)
    return ()


def react(recorded: Recorded, kin: Kin, erasure_of: ErasureOf, moment: datetime) -> Iterator[Request]:
    """The commands that follow, after the keys were destroyed and the views written."""
    stream = recorded.stream
    match recorded.message:
        case ProfileErased() as erased:
            yield from _profile_erased(erased, stream, owners_of(erased, stream, kin), moment)
        case PersonalDataErased() as erased:
            yield Request(erased.erasure_id, ConfirmErasure(owner=stream, stores=OF_OTHERS, confirmed_at=moment))
        case ReferralAccepted() as accepted if erasure_of(accepted.person_id):
            yield from _further((stream,), erasure_of(accepted.person_id), moment)


def _profile_erased(erased: ProfileErased, stream: str, owners: Sequence[str], moment: datetime) -> Iterator[Request]:
    """Whatever else is to be forgotten is named before anything is confirmed, so that nothing is completed without it."""
    if erased.erasure_id == erasure_stream(stream):
        fields = erased.model_dump(exclude={"erasure_id", "also"})
        yield Request(erased.erasure_id, BeginErasure(owner=stream, owners=owners, **fields))
        yield from _forget(owners[1:], erased.erasure_id, moment)
    else:
        yield from _further(owners[1:], erased.erasure_id, moment)
    yield Request(erased.erasure_id, ConfirmErasure(owner=stream, stores=OF_A_PROFILE, confirmed_at=moment))


def _further(owners: Iterable[str], erasure: str, moment: datetime) -> Iterator[Request]:
    for owner in owners:
        yield Request(erasure, ExtendErasure(owner=owner))
        yield from _forget((owner,), erasure, moment)


def _forget(owners: Iterable[str], erasure: str, moment: datetime) -> Iterator[Request]:
    for owner in owners:
        if owner.startswith(WITHOUT_STREAM):
            yield Request(erasure, ConfirmErasure(owner=owner, stores=("keys",), confirmed_at=moment))
        elif owner.startswith(SEARCHES):
            yield Request(owner, DeleteSearch())
            yield Request(erasure, ConfirmErasure(owner=owner, stores=("keys",), confirmed_at=moment))
        elif owner.partition("-")[0] in PROFILES:
            yield Request(owner, EraseProfile(erasure_id=erasure))
        else:
            yield Request(owner, ErasePersonalData(erasure_id=erasure))


class ErasureProcess:
    """Follows the events of profiles behind the views: what it confirms for them is written by then."""

    def __init__(self, database: Database[Document], keys: KeyStore, sender: CommandSender) -> None:
        self._database = database
        self._keys = keys
        self._sender = sender

    def handle(self, recorded: Sequence[Recorded]) -> None:
        """Destroys what must be destroyed, then sends what follows. Raises SendingFailed and the database's own faults."""
        self._keys.destroy_all(owner for each in recorded for owner in doomed(each, self._kin))
        moment = now()
        self._sender.send_all(
            (_envelope(each.envelope, request), request.command)
            for each in recorded
            for request in react(each, self._kin, self._erasure_of, moment)
        )

    def begin(self) -> None:
        """Destroys again what a restored backup of the vault may have brought back, before anything else is done."""
        known = self._database["erasures"].find({}, {"owners": 1, "receipt": 1})
        self._keys.destroy_all(owner for each in known for owner in _gone(each))

    def close(self) -> None:
        self._sender.close()

    def _kin(self, stream: str) -> list[str]:
        """Referrals accepted for a person, and the prospect that a profile was made of."""
        referrals = self._database["referrals"].find({"person_id": stream}, {"_id": 1})
        prospects = self._database["prospects"].find({"profile_id": stream}, {"_id": 1})
        return [each["_id"] for each in (*referrals, *prospects)]

    def _erasure_of(self, stream: str) -> str:
        collection = PROFILES.get(stream.partition("-")[0])
        document = self._database[collection].find_one({"_id": stream}, {"erasure_id": 1}) if collection else None
        return str((document or {}).get("erasure_id", ""))


def _gone(erasure: Document) -> list[str]:
    """The owners whose keys went with this erasure; its own, once the receipt is sent or given up."""
    settled = erasure.get("receipt") in ("sent", "failed")
    return [*erasure.get("owners", ()), *([erasure["_id"]] if settled else [])]


def _envelope(cause: Envelope, request: Request) -> Envelope:
    """Its id names the owner too: one event may lead to several commands of a kind on one stream."""
    envelope = request_envelope(SOURCE, cause, request)
    return replace(envelope, id=derived_id(envelope.id, _owner(request.command)))


def _owner(command: Command) -> str:
    return str(getattr(command, "owner", ""))
