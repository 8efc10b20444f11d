"""Every route of the application, asked with the real permissions: who may change nothing is turned away everywhere."""

import inspect
import re
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from services.foundation.settings import Settings
from services.gateway.house import Gateway
from services.gateway.http.access_log import AccessLog
from services.gateway.http.app import create_app
from services.gateway.permissions import PERMISSIONS
from services.gateway.security import Caller, Role

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
CONTROL: tuple[Role, ...] = ("auditor", "operator")
WITH_A_LINK = {"/v1/unsubscriptions/{token}"}
"""Whoever has the link of a mail needs no role."""
ONLY_READS = {"/v1/skills/resolution"}
"""Asked with POST, for a body is needed, and changing nothing."""
OF_OPERATORS = {"/v1/bounces", "/v1/bounces/{recipient_id}"}
"""What a mail server says may be passed on by who runs it."""
NUMBER = "00000000-0000-4000-8000-000000000000"
IDS = {
    "people": f"person-{NUMBER}",
    "companies": f"company-{NUMBER}",
    "partners": f"partner-{NUMBER}",
    "needs": f"need-{NUMBER}",
    "contacts": f"contact-{NUMBER}",
    "workshops": f"workshop-{NUMBER}",
    "notices": f"notice-{NUMBER}",
    "prospects": f"prospect-{NUMBER}",
    "referrals": f"referral-{NUMBER}",
    "searches": f"search-{NUMBER}",
    "messages": f"message-{NUMBER}",
    "mails": f"notification-{NUMBER}",
    "inbox": f"notification-{NUMBER}",
    "date-proposals": f"dates-{NUMBER}",
    "preferences": f"person-{NUMBER}",
    "erasures": f"erasure-{NUMBER}",
    "qualifications": f"qualification-{NUMBER}",
    "contact-people": f"contactperson-{NUMBER}",
    "meetings": f"meeting-{NUMBER}",
    "consents": "matching",
    "imports": "people",
}
NEEDED = {"name": "a.txt", "source": "a"}
"""Parameters without which some routes do not look at who asks."""


class Everything:
    """A collection in which there is whatever is asked for; it can be read and not changed."""

    async def find_one(self, wanted: dict[str, Any], _: Any = None) -> dict[str, Any]:
        owners = dict.fromkeys(("company_id", "keeper", "author", "partner_id"), IDS["companies"])
        return {"version": 1, "state": "open", "answers": [], **owners, "_id": wanted.get("_id")}


class Views(dict[str, Everything]):
    def __missing__(self, name: str) -> Everything:
        return Everything()


def verify(token: str) -> Caller:
    return Caller("u1", cast(Role, token))


GATEWAY = SimpleNamespace(settings=Settings(), views=Views(), verifier=SimpleNamespace(verify=verify))
APP = create_app(cast(Gateway, GATEWAY), AccessLog("gateway", "ERROR"))
ROUTES = [route for route in APP.routes if isinstance(route, APIRoute)]
CHANGES = [
    (method, route.path)
    for route in ROUTES
    for method in sorted((route.methods or set()) & CHANGING)
    if route.path.startswith("/v1") and route.path not in WITH_A_LINK | ONLY_READS
]


def path_of(template: str) -> str:
    def named(place: re.Match[str]) -> str:
        return f"{place[1]}/{IDS.get(place[1], NUMBER)}"

    return re.sub(r"([a-z-]+)/\{\w+\}", named, template)


@cache
def status(role: Role, method: str, template: str) -> tuple[int, str]:
    client = TestClient(APP, raise_server_exceptions=False)
    answer = client.request(method, path_of(template), headers={"authorization": f"Bearer {role}"}, params=NEEDED)
    return answer.status_code, answer.text


def test_no_route_is_registered_twice() -> None:
    known = [(method, route.path) for route in ROUTES for method in route.methods or ()]
    assert sorted(known) == sorted(set(known))


@pytest.mark.parametrize("role", CONTROL)
def test_auditors_and_operators_change_nothing(role: Role) -> None:
    allowed = OF_OPERATORS if role == "operator" else set()
    told = {(method, path): status(role, method, path) for method, path in CHANGES if path not in allowed}
    assert {route: answer for route, answer in told.items() if answer[0] != 403} == {}
    assert all('"code":"forbidden"' in text for _, text in told.values())


def test_every_action_that_is_asked_for_has_a_row() -> None:
    known = {action.partition(".")[0] for action in PERMISSIONS}
    modules = {inspect.getmodule(route.endpoint) for route in ROUTES}
    named = {
        action for module in modules for action in re.findall(r'"([a-z-]+\.[a-z]+)"', inspect.getsource(cast(Any, module)))
    }
    asked = {action for action in named if action.partition(".")[0] in known}
    assert len(asked) > 20
    assert asked <= set(PERMISSIONS)


def test_every_change_is_for_somebody() -> None:
    """Which action it is that turns an auditor away, and that somebody else may do it."""
    for method, path in CHANGES:
        _, text = status("auditor", method, path)
        (action,) = re.findall(r"may not do this: ([a-z.-]+)", text)
        assert set(PERMISSIONS[action]) - set(CONTROL), (method, path, action)
