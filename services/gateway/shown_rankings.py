"""What each reader may know of a ranking.

A company is told of people who agreed to be shown to it, and why, as far as that rests on what it may read of them; nobody but
staff and the person sees the facts themselves with where they come from.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.disclosing import WITHOUT_NAME, audience
from services.gateway.house import Document, Gateway
from services.gateway.permissions import ALL, OWN, Grant
from services.gateway.security import Caller

REASONS = ("reason_de", "reason_en")


async def shown_candidates(gateway: Gateway, caller: Caller, grant: Grant, ranking: Document) -> list[tuple[int, Document]]:
    """These candidates, each with its place among all, best first."""
    candidates = ranking.get("candidates", ())
    ids = [each["person_id"] for each in candidates]
    agreed = set(ids) if caller.role != "company" else await _who_agreed(gateway, caller, ids)
    return [
        (place, {**each, "verdicts": seen_verdicts(caller, grant, each["verdicts"])})
        for place, each in enumerate(candidates, start=1)
        if each["person_id"] in agreed
    ]


def seen_verdicts(caller: Caller, grant: Grant, verdicts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """These verdicts with what the caller may know of them. A reason that is not meant for them is empty."""
    if grant is ALL or (grant is OWN and caller.role == "person"):
        return [dict(each) for each in verdicts]
    return [_without_facts(each, caller.role == "company") for each in verdicts]


def _without_facts(verdict: Mapping[str, Any], only_what_is_shown: bool) -> dict[str, Any]:
    fields = {fact["field"] for fact in verdict.get("evidence", ())}
    covered = dict.fromkeys(REASONS, "") if only_what_is_shown and not fields <= WITHOUT_NAME else {}
    return {**verdict, **covered, "evidence": []}


async def _who_agreed(gateway: Gateway, caller: Caller, ids: list[str]) -> set[str]:
    wanted = {"_id": {"$in": ids}, **await audience(gateway, caller)}
    return {each["_id"] for each in await gateway.views["people"].find(wanted, {"_id": 1}).to_list()}
