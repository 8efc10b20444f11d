"""Loads the sample through the HTTP API. What is there already is found again and not loaded twice."""

import hashlib
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from services.cli import sample
from services.cli.api import Api, View
from services.profiles.contract import OPEN_PROSPECT_STATES, prospect_stream

T = TypeVar("T")

AT_ONCE = 8
CONSENT_TEXT = "2026-01"
RECIPIENTS = ["Brücke, Mecklenburg-Vorpommern"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The views of the sample, in its order. ``needs`` are those of each company."""

    people: list[View]
    companies: list[View]
    needs: list[list[View]]
    partners: list[View]
    prospects: list[View]
    new: int


class Loader:
    """Finds or makes each profile of the sample; ``new`` counts those that were made."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._people = {each["email"]: each for each in api.items("/v1/people")}
        self._companies = {each["name"]: each for each in api.items("/v1/companies")}
        self._partners = {each["name"]: each for each in api.items("/v1/partners")}
        self._prospects = {each["id"]: each for each in api.items("/v1/prospects")}
        self._needs = {(each["company_id"], each["title"]): each for each in api.items("/v1/needs")}
        self.new = 0

    def person(self, wanted: dict[str, Any]) -> View:
        profile = wanted["profile"]
        person = self._people.get(profile["email"]) or self._make("/v1/people", profile)
        given = {consent["purpose"] for consent in person.get("consents", ())}
        for purpose in wanted["consents"]:
            if purpose not in given:
                person = self._consent(person, purpose)
        return person

    def company(self, wanted: dict[str, Any]) -> tuple[View, list[View]]:
        profile = wanted["profile"]
        company = self._companies.get(profile["name"]) or self._make("/v1/companies", profile)
        needs = [self._need(company["id"], need) for need in wanted["needs"]]
        return company, needs

    def partner(self, wanted: dict[str, Any]) -> View:
        profile = wanted["profile"]
        return self._partners.get(profile["name"]) or self._make("/v1/partners", profile)

    def prospect(self, wanted: dict[str, Any]) -> View:
        """Finds or makes a prospect, and records the approaches that it has not seen yet."""
        about = wanted["prospect"]
        known = self._prospects.get(prospect_stream(about["source"], about["external_id"]))
        if known is not None and known["state"] not in OPEN_PROSPECT_STATES:
            return known
        prospect = known or self._make("/v1/prospects", about)
        for approach in wanted["approaches"][len(prospect["approaches"]) :]:
            prospect = self._approach(prospect["id"], approach)
        return prospect

    def _approach(self, prospect_id: str, approach: dict[str, Any]) -> View:
        path, now = f"/v1/prospects/{prospect_id}/approaches", datetime.now(UTC)
        body: dict[str, Any] = {name: approach[name] for name in ("means", "outcome", "note", "decline") if name in approach}
        body["at"] = (now - timedelta(days=approach["days_ago"])).isoformat()
        if "next" in approach:
            due = now + timedelta(days=approach["due_in_days"])
            body["next_step"] = {"what": approach["next"], "due": due.isoformat()}
        return self._api.post(path, body)

    def _need(self, company_id: str, need: dict[str, Any]) -> View:
        known = self._needs.get((company_id, need["title"]))
        return known or self._api.post(f"/v1/companies/{company_id}/needs", need, _key(company_id, need))

    def _consent(self, person: View, purpose: str) -> View:
        shown = {"purpose": purpose, "text_version": CONSENT_TEXT, "language": person["preferred_language"]}
        consent = shown | {"recipients": RECIPIENTS}
        return self._api.post(f"/v1/people/{person['id']}/consents", consent, _key(person["id"], consent))

    def _make(self, path: str, profile: dict[str, Any]) -> View:
        self.new += 1
        return self._api.post(path, profile, _key(path, profile))


def load(api: Api) -> Loaded:
    """The whole sample, several profiles at a time."""
    loader = Loader(api)
    people = _each(loader.person, sample.people())
    companies = _each(loader.company, sample.companies())
    partners = _each(loader.partner, sample.partners())
    prospects = _each(loader.prospect, sample.prospects())
    needs = [stated for _, stated in companies]
    return Loaded(people, [one for one, _ in companies], needs, partners, prospects, loader.new)


def _each(make: Callable[[dict[str, Any]], T], wanted: Iterable[dict[str, Any]]) -> list[T]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(make, wanted))


def _key(where: str, body: dict[str, Any]) -> str:
    """The same for the same request, so that a start that was interrupted goes on where it ended."""
    return f"sample-{hashlib.sha256(json.dumps([where, body]).encode()).hexdigest()[:32]}"
