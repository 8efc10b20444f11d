"""The feed: what happens that concerns partner organisations, entry by entry, without personal data.

One projection keeps all of it, so that the entries of a partition are written in the order of its events: a reader that
pages by (position, index) never overtakes one that is still to be written.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.projection import Projection
from services.matching.contract import ContactArranged, ContactClosed, ContactProposed, MeetingHeld, MeetingScheduled
from services.profiles.contract import (
    ConsentGranted,
    ConsentWithdrawn,
    ProfileCreated,
    ProfileErased,
    ProfileMergedInto,
    ProfileSeparated,
    ProfileUpdated,
    ReferralAccepted,
    ReferralReceived,
    ReferralRejected,
    ReferralRevoked,
)

Fields = dict[str, Any]

SHARING = "share_with_partners"
SHOWN = {"occupation", "experience_years", "sectors", "skills", "languages", "markets", "purposes", "region", "place"}
"""What of a person's profile partners may see."""


class FeedView(Projection):
    """feed_subjects: {_id, version, announced: the region to which a person is shared, region, person_id, partner_id, …};
    feed: {_id, source, partition, position, index, kind, subject, person_id, partner_id, region, time, data}"""

    collection = "feed_subjects"
    derives = ("feed",)
    categories = frozenset({"person", "contact", "referral"})

    def apply(self, document: Fields, event: Event, envelope: Envelope) -> None:
        match event:
            case ProfileCreated() | ProfileUpdated():
                document["profile"] = event.details.model_dump(include=SHOWN)
                document["news"] = _announce(document)
            case ConsentGranted() if event.purpose == SHARING:
                document["consented"] = True
                document["news"] = _announce(document)
            case ConsentWithdrawn() if event.purpose == SHARING:
                document["consented"] = False
                document["news"] = _announce(document)
            case ProfileErased():
                document["consented"] = False
                document["news"] = _announce(document)
                document.pop("profile", None)
            case ProfileMergedInto() | ProfileSeparated():
                document["merged"] = isinstance(event, ProfileMergedInto)
                document["news"] = _announce(document)
            case ContactProposed() | ReferralReceived():
                document.update(event.model_dump(include={"region", "person_id", "partner_id"}))
                document["news"] = _told_of(document, event)
            case _:
                document["news"] = _told_of(document, event)

    def derive(self, document: Fields, event: Event, envelope: Envelope) -> Iterable[tuple[str, Fields]]:
        command, _, number = envelope.id.rpartition(".")
        for count, news in enumerate(document["news"]):
            yield (
                "feed",
                {
                    "_id": f"{command}.{number}.{count}",
                    "source": envelope.source,
                    "partition": envelope.partition,
                    "position": envelope.position,
                    "index": int(number) * 2 + count,
                    "subject": envelope.stream,
                    "time": envelope.time,
                    **news,
                },
            )


def _announce(document: Fields) -> list[Fields]:
    """What partners are to be told after a person's profile or consent has changed: a tombstone to the region that the person
    leaves, the profile to the one where the person is. A region may be told two things at most by one event. Of a profile that
    was merged into another they hear nothing more until it is told apart."""
    profile = document.get("profile")
    before, now = document.get("announced"), None
    if profile and document.get("consented") and not document.get("merged"):
        now = profile["region"]
    document["announced"] = now
    news = []
    if before and before != now:
        news.append(_news("person_withdrawn", region=before))
    if now:
        kind = "person_changed" if before == now else "person_shared"
        news.append(_news(kind, region=now, data=profile))
    return news


def _told_of(document: Fields, event: Event) -> list[Fields]:
    kind = KINDS.get(type(event))
    if kind is None:
        return []
    told = event.model_dump(mode="json", include=TOLD)
    about = {name: document[name] for name in ("person_id", "partner_id") if name in document}
    return [_news(kind, region=document.get("region", ""), data=told, **about)]


def _news(kind: str, region: str, data: Fields | None = None, person_id: str = "", partner_id: str = "") -> Fields:
    return {"kind": kind, "region": region, "data": data or {}, "person_id": person_id, "partner_id": partner_id}


KINDS: dict[type[Event], str] = {
    ContactProposed: "contact_proposed",
    ContactArranged: "contact_arranged",
    MeetingScheduled: "meeting_scheduled",
    MeetingHeld: "meeting_held",
    ContactClosed: "contact_closed",
    ReferralReceived: "referral_received",
    ReferralAccepted: "referral_accepted",
    ReferralRejected: "referral_rejected",
    ReferralRevoked: "referral_revoked",
}
TOLD = {"person_id", "external_id", "meeting_id", "format", "starts_at", "ends_at", "first"}
"""What of these events partners are told; never a free text."""


def may_see(entry: Fields, partner_id: str, regions: Iterable[str], announced: str | None) -> bool:
    """Whether this partner may be told now. ``announced``: the region to which the person is shared at this moment.

    Of a referral only its partner hears. Tombstones go to the region they are for. All else needs the consent as it stands.
    """
    if entry["partner_id"]:
        return bool(entry["partner_id"] == partner_id)
    if entry["region"] not in regions:
        return False
    return bool(entry["kind"] == "person_withdrawn" or announced == entry["region"])


def is_decided(entry: Fields, person: Fields | None) -> bool:
    """Whether the person's document knows of this entry already: entries are written shortly before it."""
    return bool(entry["person_id"]) or (person or {}).get("version", 0) >= entry["version"]


def person_of(entry: Fields) -> str:
    """The person an entry is about: the subject itself, or the person of the contact."""
    return str(entry["person_id"] or entry["subject"])


def sources(partitions: int) -> Iterator[tuple[str, int]]:
    """Every (source, partition) from which entries come."""
    for source in ("profiles", "matching"):
        for partition in range(partitions):
            yield source, partition
