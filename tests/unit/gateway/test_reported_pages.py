"""Reported messages page by page, while some are decided on between the pages."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from fastapi.testclient import TestClient

from services.foundation.settings import Settings
from services.gateway.house import Gateway
from services.gateway.http.access_log import AccessLog
from services.gateway.http.app import create_app
from services.gateway.security import Caller
from services.gateway.views.thread import message_key

NUMBER = "00000000-0000-4000-8000-00000000000"
CONTACT, THREAD = f"contact-{NUMBER}0", f"thread-{NUMBER}0"
FIRST = datetime(2026, 11, 24, 9, tzinfo=UTC).replace(tzinfo=None)


class Reported:
    """Waiting messages in the order of their reports; the query is answered as the database would."""

    def __init__(self) -> None:
        self.waiting = [
            {"_id": f"message-{NUMBER}{n}", "thread": THREAD, "subject": CONTACT, "number": n, "reports": []} for n in (3, 1, 2)
        ]
        for minutes, each in enumerate(self.waiting):
            each["reported_at"] = FIRST + timedelta(minutes=minutes)

    def find(self, wanted: dict[str, Any]) -> "Reported":
        after = [each["$or"][0]["reported_at"]["$gt"].replace(tzinfo=None) for each in wanted["$and"] if "$or" in each]
        self._found = [each for each in self.waiting if not after or cast(datetime, each["reported_at"]) > after[0]]
        return self

    def sort(self, _: Any) -> Any:
        async def each() -> Any:
            for one in self._found:
                yield one

        return each()


def message(key: str) -> dict[str, Any]:
    number = int(key[-8:])
    told = {"_id": key, "message_id": f"message-{NUMBER}{number}", "thread": THREAD, "number": number, "author": "u2"}
    told |= {"role": "coordinator", "at": FIRST, "language": "de", "reply_to": None, "state": "posted", "reason": None}
    return told | {"body": "", "attachments": []}


def test_what_is_decided_between_two_pages_makes_nothing_come_twice() -> None:
    async def member(_: Any) -> dict[str, Any]:
        return {"_id": CONTACT, "version": 1, "open": True, "person_id": None, "coordinator": "u1"}

    async def found(wanted: dict[str, str]) -> dict[str, Any]:
        return message(wanted["_id"])

    reported = Reported()
    views = {
        "reported_messages": reported,
        "members": SimpleNamespace(find_one=member),
        "messages": SimpleNamespace(find_one=found),
    }
    verifier = SimpleNamespace(verify=lambda _: Caller("u1", "coordinator"))
    gateway = SimpleNamespace(settings=Settings(), views=views, verifier=verifier, vault=None)
    ask = TestClient(create_app(cast(Gateway, gateway), AccessLog("gateway", "ERROR")))

    def page(**query: Any) -> tuple[list[str], str | None]:
        answer = ask.get("/v1/reported-messages", params=query, headers={"authorization": "Bearer x"})
        assert answer.status_code == 200, answer.text
        return [each["message"]["id"][-1] for each in answer.json()["items"]], answer.json()["next"]

    first, further = page(limit=1)
    del reported.waiting[0]
    assert (first, page(limit=2, cursor=further)) == (["3"], (["1", "2"], None))
    wrong = ask.get("/v1/reported-messages", params={"cursor": "x"}, headers={"authorization": "Bearer x"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad-cursor")
    assert message_key(THREAD, 1).endswith("00000001")
