"""All that is known about a person, company or partner, gathered from the views, for whom it is about (Art. 15 and 20 GDPR).

Of others there are only the names of organisations: whoever is on the other side of a contact gets an export of their own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.foundation.messages import now
from services.gateway.documents import INTERNAL
from services.gateway.exporting_workshops import workshops_of
from services.gateway.house import Document, Gateway
from services.gateway.own_messages import messages_of
from services.matching.contract import SignOfLifeNoted
from services.profiles.contract import ConsentGranted, ConsentWithdrawn, DataDisclosed

KINDS = {"people": "person", "companies": "company", "partners": "partner"}
OTHER_SIDE = {"people": ("company_id", "companies"), "companies": ("person_id", "people")}
NOT_PROFILE = ("_id", "version", "consents", "needs", "created_at", "updated_at", *INTERNAL)
CONSENTS = (ConsentGranted.TYPE, ConsentWithdrawn.TYPE)
OF_A_NOTICE = ("kind", "title", "body", "language", "sectors", "regions", "target_markets", "posted_at", "expires_at", "state")
STAFF_ONLY = frozenset({"coordinator", "deputy", "person_id", "company_id", "other_id"})
BY_ID = frozenset({SignOfLifeNoted.TYPE})
"""Events that name who it was by their id, where others name a role."""
OF_A_CONTACT = ("state", "region", "accepted_by", "next_step", "meetings", "date_proposal", "closing_reason")
WHO_OF_STAFF = frozenset({"coordinator", "by", "owner", "_id", "version"})
"""Who of the staff it was is their own data. What they wrote down about somebody is that one's."""

EXPORTED: Mapping[str, tuple[str, ...]] = {
    "people": ("profile", "consents", "merged_profiles"),
    "companies": ("profile", "consents", "needs", "merged_profiles"),
    "partners": ("profile", "consents"),
    "needs": ("needs",),
    "profile_events": ("consent_history", "disclosures", "changes"),
    "prospects": ("prospects",),
    "referrals": ("referrals",),
    "contacts": ("contacts",),
    "contact_events": ("contacts",),
    "registrations": ("workshops",),
    "registration_words": ("workshops",),
    "workshops": ("workshops",),
    "workshop_events": ("workshops",),
    "rankings": ("rankings",),
    "notices": ("notices",),
    "person_rankings": ("rankings",),
    "feed": ("feed",),
    "mails": ("mails",),
    "messages": ("messages",),
    "reported_messages": ("messages",),
    "threads": ("messages",),
    "inbox": ("mails",),
}
"""The collections of the gateway by the sections of an export that show what they hold of whom it is about."""
NOT_EXPORTED: Mapping[str, str] = {
    "feed_subjects": "what the feed is made of; the same fields as in profile and feed",
    "requests": "answers kept for a day, sealed: they repeat what the profile held when they were given",
    "commands": "what was answered with 202, sealed, kept for eight days: what came of it is in changes and contacts",
    "erasures": "there is none while there is anything to export",
    "declined_marks": "digests of who declined; whoever has a profile has agreed",
    "dead_letters": "what could not be carried out and waits for staff, sealed; once it is, it is in the other collections",
    "searches": "what they have saved themselves, which they read at /v1/searches; what staff saved is about many",
    "attachments": "the files beside messages: they are named in messages, and given out where these stand",
    "parts": "what these files consist of",
    "members": "who belongs to a contact or workshop; the same as in contacts",
    "workshop_times": "when workshops are and the ids of who has a place in them, for calendars; it holds nothing else of them",
    "explanations": "answers to who asked how they stand for a need, made of profile and need; they may ask for them, too",
    "weight_trials": "what other weights would change, with ids only; the rankings that count are exported",
    "ranking_weights": "which criteria count how much; names nobody but staff",
    "staff": "the staff's own directory, sealed; each reads their entry at /v1/staff/me",
    "preferences": "how somebody wants to be written to; read at /v1/preferences",
    "view_changes": "which documents were written within the last hour; ids only",
    "checkpoints": "how far the gateway has read; names nobody",
}
"""The other collections, with the reason why nothing of them is exported."""


async def export_of(gateway: Gateway, collection: str, document: Document) -> dict[str, Any]:
    """The export, as JSON has it, with that of each profile that was merged into this one."""
    merged = gateway.views[collection].find({"_id": {"$in": list(document.get("merged_from", ()))}, "erased_at": None})
    told = [await _export_of_one(gateway, collection, each) for each in await merged.to_list()]
    return {**await _export_of_one(gateway, collection, document), "merged_profiles": told}


async def _export_of_one(gateway: Gateway, collection: str, document: Document) -> dict[str, Any]:
    id = document["_id"]
    history = await _history(gateway, "profile_events", id)
    return {
        "id": id,
        "kind": KINDS[collection],
        "exported_at": now(),
        "created_at": document.get("created_at"),
        "updated_at": document.get("updated_at"),
        "profile": _by_role({name: value for name, value in document.items() if name not in NOT_PROFILE}),
        "needs": document.get("needs", []),
        "consents": document.get("consents", []),
        "consent_history": [_told(each) for each in history if each["type"] in CONSENTS],
        "disclosures": await _disclosures(gateway, [each for each in history if each["type"] == DataDisclosed.TYPE]),
        "changes": [_told(each) for each in history if each["type"] not in (*CONSENTS, DataDisclosed.TYPE)],
        "contacts": await _contacts(gateway, collection, id),
        "workshops": await workshops_of(gateway, id),
        "prospects": await _prospects(gateway, id),
        "referrals": await _referrals(gateway, collection, id),
        "rankings": await _rankings(gateway, id),
        "notices": await _notices(gateway, id),
        "feed": await _feed(gateway, id),
        "mails": await _mails(gateway, id),
        "messages": await messages_of(gateway, id),
    }


def _by_role(told: Any) -> Any:
    """The same with the role instead of who it was, wherever it says who stated something."""
    match told:
        case dict():
            return {name: str(each).partition(":")[0] if name == "by" else _by_role(each) for name, each in told.items()}
        case list():
            return [_by_role(each) for each in told]
    return told


async def _history(gateway: Gateway, collection: str, id: str) -> list[Document]:
    found = await gateway.views[collection].find({"_id": {"$gt": f"{id}/", "$lt": f"{id}0"}}).to_list()
    return sorted(found, key=lambda each: int(each["version"]))


def _told(event: Document) -> dict[str, Any]:
    """``by``: the role of who did it, never who."""
    name = event["type"].split(".")[1]
    by = event.get("by") or str(event.get("actor", "")).partition(":")[0]
    hidden = STAFF_ONLY | {"by"} if event["type"] in BY_ID else STAFF_ONLY
    return {"what": name, "time": event["time"], "by": by, **_without(event["data"], hidden)}


async def _disclosures(gateway: Gateway, events: Sequence[Document]) -> list[dict[str, Any]]:
    """Who saw which fields, when, for what purpose and on which consent."""
    names = await _names(gateway, {each["data"]["recipient"] for each in events})
    return [{**each["data"], "recipient_name": names.get(each["data"]["recipient"])} for each in events]


async def _names(gateway: Gateway, ids: set[str]) -> dict[str, str]:
    """The names of these companies and partner organisations."""
    names = {}
    for id in sorted(ids):
        collection = "companies" if id.startswith("company-") else "partners"
        found = await gateway.views[collection].find_one({"_id": id}, {"name": 1}) or {}
        names[id] = found.get("name", "")
    return names


async def _contacts(gateway: Gateway, collection: str, id: str) -> list[dict[str, Any]]:
    """Each contact with its timeline. Of the other side: a company's name; of a person nothing."""
    if collection not in OTHER_SIDE:
        return []
    field, others = OTHER_SIDE[collection]
    own = "person_id" if field == "company_id" else "company_id"
    contacts = []
    async for contact in gateway.views["contacts"].find({own: id}):
        other = await gateway.views[others].find_one({"_id": contact[field]}, {"name": 1}) if others == "companies" else None
        need = await gateway.views["needs"].find_one({"_id": contact["need_id"]}, {"title": 1}) or {}
        timeline = [_told(each) for each in await _history(gateway, "contact_events", contact["_id"])]
        told = {name: contact.get(name) for name in OF_A_CONTACT}
        with_whom = {"company": (other or {}).get("name")} if others == "companies" else {}
        about = {"id": contact["_id"], **with_whom, "need": need.get("title"), **told, "timeline": timeline}
        contacts.append(await gateway.open_words(contact["person_id"], about))
    return contacts


async def _referrals(gateway: Gateway, collection: str, id: str) -> list[dict[str, Any]]:
    """Of a person, what partners wrote of them; of a partner, how its own referrals stand, without whom they are about."""
    if collection == "people":
        found = await gateway.views["referrals"].find({"person_id": id}).to_list()
        names = await _names(gateway, {each["partner_id"] for each in found})
        return [{"id": each.pop("_id"), "partner": names[each["partner_id"]], **each} for each in found]
    if collection == "partners":
        found = await gateway.views["referrals"].find({"partner_id": id}).to_list()
        return [{"id": each["_id"], **{name: each.get(name) for name in ("external_id", "state", "region")}} for each in found]
    return []


async def _prospects(gateway: Gateway, id: str) -> list[dict[str, Any]]:
    """How whom it is about was won: what was known before, from where, and each approach with what staff noted of it."""
    found = await gateway.views["prospects"].find({"profile_id": id}).to_list()
    told = []
    for each in found:
        approaches = [_without(one, WHO_OF_STAFF) for one in each.get("approaches", ())]
        told.append({"id": each["_id"], **_without(each, WHO_OF_STAFF), "approaches": approaches})
    return told


async def _rankings(gateway: Gateway, id: str) -> list[dict[str, Any]]:
    """For which needs a person is suggested, in which place and why (Art. 15 (1) (h) GDPR); of the others nothing."""
    found = await gateway.views["rankings"].find({"candidates.person_id": id}).to_list()
    told = []
    for each in found:
        need = await gateway.views["needs"].find_one({"_id": each["_id"]}, {"title": 1}) or {}
        place = [one["person_id"] for one in each["candidates"]].index(id)
        own = _without(each["candidates"][place], {"person_id"})
        told.append({"need": need.get("title"), "ranked_at": each["ranked_at"], "place_in_ranking": place + 1, **own})
    return told + await _farther_behind(gateway, id, {each["_id"] for each in found})


async def _farther_behind(gateway: Gateway, id: str, told: set[str]) -> list[dict[str, Any]]:
    """Needs that suit a person, in whose lists others come first."""
    own = await gateway.views["person_rankings"].find_one({"_id": id}) or {}
    others = [each for each in own.get("needs", ()) if each["need_id"] not in told]
    titles = await gateway.views["needs"].find({"_id": {"$in": [each["need_id"] for each in others]}}, {"title": 1}).to_list()
    by_id = {each["_id"]: each.get("title") for each in titles}
    return [
        {"need": by_id.get(each["need_id"]), "ranked_at": own["ranked_at"], **_without(each, {"need_id", "company_id"})}
        for each in others
    ]


async def _notices(gateway: Gateway, id: str) -> list[dict[str, Any]]:
    """What they posted on the notice board, their answers to others, and what they reported; of what others wrote there
    nothing."""
    of_theirs = {"$or": [{"author": id}, {"answers.author": id}, {"reports.by": id}]}
    found = await gateway.views["notices"].find(of_theirs).to_list()
    told = []
    for each in found:
        own = {name: each.get(name) for name in OF_A_NOTICE if each["author"] == id}
        answers = [_without(one, {"author", "contact_id"}) for one in each["answers"] if one["author"] == id]
        reported = [{"reason": one["reason"], "at": one["at"]} for one in each["reports"] if one["by"] == id]
        told.append(await gateway.open_words(id, {"id": each["_id"], **own, "answers": answers, "reported": reported}))
    return told


async def _feed(gateway: Gateway, id: str) -> list[dict[str, Any]]:
    """What partner organisations are told in their feed; who of them was shown a profile is in the disclosures."""
    about = {"$or": [{"subject": id}, {"person_id": id}]}
    found = await gateway.views["feed"].find(about).sort([("time", 1), ("_id", 1)]).to_list()
    return [{"kind": each["kind"], "time": each["time"], "region": each["region"], "data": each["data"]} for each in found]


async def _mails(gateway: Gateway, id: str) -> list[dict[str, Any]]:
    """Each message by whichever way, and when it was read in the inbox."""
    found = await gateway.views["mails"].find({"recipient": id}).to_list()
    inbox = await gateway.views["inbox"].find({"recipient": id}, {"read_at": 1}).to_list()
    read = {each["_id"]: each.get("read_at") for each in inbox}
    hidden = {"_id", "version", "recipient", "updated_at"}
    return [{**_without(each, hidden), "read_at": read.get(each["_id"])} for each in found]


def _without(fields: dict[str, Any], names: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}
