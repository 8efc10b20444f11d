"""What somebody has written in contacts and workshops, for their export. What others wrote there is theirs."""

import asyncio
from typing import Any

from services.gateway.house import Document, Gateway
from services.gateway.sealed_twice import open_twice, owners_of
from services.gateway.words import open_text


async def messages_of(gateway: Gateway, id: str) -> list[dict[str, Any]]:
    """By thread: what they wrote, how far they have read, and which messages they have reported."""
    of_mine = {"$or": [{"messages.author": id}, {"read.reader": id}, {"messages.reports.by": id}]}
    threads = await gateway.views["threads"].find(of_mine).to_list()
    return [await _thread(gateway, id, each) for each in threads]


async def _thread(gateway: Gateway, id: str, thread: Document) -> dict[str, Any]:
    subject = thread["subject"]
    members = await gateway.views["members"].find_one({"_id": subject}, {"person_id": 1}) or {}
    person: str | None = members.get("person_id")
    written = {"_id": {"$gt": f"{thread['_id']}/", "$lt": f"{thread['_id']}0"}, "author": id}
    found = await gateway.views["messages"].find(written).sort("_id", 1).to_list()
    reported = [report for each in thread["messages"] for report in each["reports"] if report["by"] == id]
    return {
        "subject": subject,
        "topic": await asyncio.to_thread(open_text, gateway.vault, person or subject, "topic", thread["topic"]),
        "read_up_to": next((each["number"] for each in thread.get("read", ()) if each["reader"] == id), 0),
        "messages": await asyncio.to_thread(lambda: [_message(gateway, person, each) for each in found]),
        "reported": [{"reason": each["reason"], "at": each["at"]} for each in reported],
    }


def _message(gateway: Gateway, person: str | None, message: Document) -> dict[str, Any]:
    owners = owners_of(message["subject"], person, message["author"], message["role"])

    def opened(field: str, sealed: str | None) -> str | None:
        return open_twice(gateway.vault, owners, field, sealed) if sealed else None

    files = [
        {
            "name": opened(f"name of {each['attachment_id']}", each["name"]),
            "media_type": each["media_type"],
            "size": each["size"],
        }
        for each in message["attachments"]
    ]
    told = {name: message[name] for name in ("number", "at", "language", "state")}
    return {**told, "body": opened(f"body of {message['message_id']}", message["body"]), "attachments": files}
