"""What is kept of an answer for whoever asks again under the same key: sealed where it holds anybody's words, or nothing."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from services.foundation.outcomes import Outcome
from services.foundation.settings import Settings
from services.gateway.house import Gateway
from services.gateway.http.access_log import AccessLog
from services.gateway.http.app import create_app
from services.gateway.idempotency import Answer, Ticket
from services.gateway.security import Caller
from services.notifications.contract import staff_stream

NUMBER = "00000000-0000-4000-8000-000000000000"
COMPANY, PERSON = f"company-{NUMBER}", f"person-{NUMBER}"
NOTIFICATION, COMMAND = f"notification-{NUMBER}", f"1{NUMBER[1:]}"
STAFF = staff_stream("u1")


class Vault:
    """Seals nothing, and has secrets of the house."""

    def secret(self, owner: str) -> bytes:
        return owner.encode()

    def prefetch(self, owners: Any) -> None:
        pass

    def open(self, owner: str, field: str, sealed: str) -> str:
        return sealed


class House:
    """A gateway that accepts whatever is sent, and shows what is kept of the answers. Each document is there as it is given."""

    def __init__(self, **documents: dict[str, Any]) -> None:
        self.settings, self.vault = Settings(), Vault()
        self.documents = documents
        self.kept: list[Answer] = []
        self.sent: list[Any] = []
        self.views = self.idempotency = self.commander = self.watch = self
        self.verifier = SimpleNamespace(verify=lambda _: Caller("u1", "head"))

    def __getitem__(self, name: str) -> Any:
        async def find_one(wanted: dict[str, Any], _: Any = None) -> dict[str, Any] | None:
            return self.documents.get(name)

        return SimpleNamespace(find_one=find_one)

    async def claim(self, *_: Any) -> Ticket:
        return Ticket(COMMAND, "record")

    async def settle(self, ticket: Ticket, answer: Answer) -> None:
        self.kept.append(answer)

    async def execute(self, command: Any, stream: str, *_: Any, **about: Any) -> Outcome:
        self.sent.append(command)
        return Outcome(command_id=about["command_id"], stream=stream, status="accepted", version=3)

    async def at_least(self, collection: str, *_: Any) -> dict[str, Any] | None:
        return self.documents.get(collection)

    async def seal(self, _: str, fields: dict[str, str], *, new: bool = False) -> dict[str, str]:
        return fields

    async def open_words(self, _: str, content: Any) -> Any:
        return content

    def ask(self, method: str, path: str, **body: Any) -> Any:
        app = create_app(cast(Gateway, self), AccessLog("gateway", "ERROR"))
        headers = {"authorization": "Bearer x", "idempotency-key": "k"}
        answer = TestClient(app).request(method, path, headers=headers, json=body or None)
        assert answer.status_code == 200, answer.text
        return answer.json()


def test_the_entry_of_somebody_of_staff_is_sealed_with_their_key() -> None:
    entry = {"name": "Hanna Haupt", "email": "hanna@example.org", "role": "head"}
    house = House(staff={"_id": STAFF, "version": 3, "staff_id": "u1", **entry})
    assert house.ask("PUT", "/v1/staff/me", **entry)["name"] == "Hanna Haupt"
    assert [answer.owners for answer in house.kept] == [(STAFF,)]


def test_the_place_of_a_talk_in_an_inbox_is_sealed_with_the_key_that_it_came_with() -> None:
    told = {"template": "meeting_scheduled", "urgency": "at_once", "at": None, "read_at": None}
    house = House(inbox={"_id": NOTIFICATION, "version": 3, **told, "parameters": {"place": "bei mir", "place_key": PERSON}})
    assert house.ask("POST", f"/v1/inbox/{NOTIFICATION}/read")["parameters"] == {"place": "bei mir"}
    assert [answer.owners for answer in house.kept] == [(PERSON,)]


def test_the_secret_of_a_webhook_is_not_kept_and_asked_for_again_it_is_the_one_that_counts() -> None:
    house = House(companies={"_id": COMPANY}, preferences={"_id": "preferences-1", "version": 3})
    path, url = f"/v1/preferences/{COMPANY}/webhook", "https://example.org/in"
    first, second = house.ask("PUT", path, url=url), house.ask("PUT", path, url=url)
    assert first["secret"] == second["secret"] == house.sent[0].secret == house.sent[1].secret
    assert len(first["secret"]) >= 40
    assert house.kept == []


def test_an_answer_with_a_notice_is_not_kept() -> None:
    id = f"notice-{NUMBER}"
    notice = {"_id": id, "version": 3, "author": "u1", "role": "head", "state": "closed", "title": "", "body": ""}
    house = House(notices={**notice, "answers": [], "reports": []})
    house.ask("POST", f"/v1/notices/{id}/closing", reason="settled")
    assert house.kept == []


@pytest.mark.parametrize("path", [f"staff-{NUMBER}x", "staff-x", "staff-$ne"])
def test_preferences_of_what_is_no_recipient_are_not_found(path: str) -> None:
    house = House()
    app = create_app(cast(Gateway, house), AccessLog("gateway", "ERROR"))
    ask = TestClient(app, raise_server_exceptions=False)
    for method in ("GET", "PUT"):
        answer = ask.request(method, f"/v1/preferences/{path}", headers={"authorization": "Bearer x"}, json={"email": False})
        assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("id", ["x" * 101, "a%00b", "a%0Ab", "%20"])
def test_staff_under_an_impossible_id_are_not_found(id: str) -> None:
    house = House()
    app = create_app(cast(Gateway, house), AccessLog("gateway", "ERROR"))
    ask = TestClient(app, raise_server_exceptions=False)
    entry = {"name": "Hanna", "email": "hanna@example.org", "role": "head"}
    for method in ("GET", "PUT", "DELETE"):
        answer = ask.request(method, f"/v1/staff/{id}", headers={"authorization": "Bearer x"}, json=entry)
        assert answer.status_code == 404, answer.text
