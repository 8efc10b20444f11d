"""What an export says of workshops: those in which somebody, or a guest of theirs, takes part or took part."""

from typing import Any

from services.gateway.house import Document, Gateway
from services.gateway.registrations import with_what_stands_apart

OF_A_WORKSHOP = ("title", "kind", "starts_at", "ends_at", "place", "region")
OF_A_REGISTRATION = ("state", "registered_at", "language", "name", "email", "feedback")


async def workshops_of(gateway: Gateway, id: str) -> list[dict[str, Any]]:
    """Each registration with its workshop and timeline; a partner's are those of its guests."""
    field = "partner_id" if id.startswith("partner-") else "participant_id"
    found = await gateway.views["registrations"].find({field: id}).sort("_id", 1).to_list()
    return [await gateway.open_words(id, await _told(gateway, each)) for each in await with_what_stands_apart(gateway, found)]


async def _told(gateway: Gateway, registration: Document) -> dict[str, Any]:
    workshop = await gateway.views["workshops"].find_one({"_id": registration["workshop_id"]}, OF_A_WORKSHOP) or {}
    about = {"workshop_id": registration["workshop_id"], "data.participant_id": registration["participant_id"]}
    events = await gateway.views["workshop_events"].find(about).sort("_id", 1).to_list()
    timeline = [{"what": each["type"].split(".")[1], "time": each["time"]} for each in events]
    own = {name: registration[name] for name in OF_A_REGISTRATION if registration.get(name)}
    return {**{name: workshop.get(name) for name in OF_A_WORKSHOP}, **own, "timeline": timeline}
