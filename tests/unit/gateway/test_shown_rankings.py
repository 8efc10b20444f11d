"""What a ranking tells whom: a company of people who agreed to be shown, why, and not where it is known from."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from services.gateway.house import Gateway
from services.gateway.permissions import require_for
from services.gateway.security import Caller
from services.gateway.shown_rankings import seen_verdicts, shown_candidates

NEED = {"_id": "need-1", "company_id": "company-1"}
COMPANY, AUDITOR, HEAD = Caller("u1", "company", "company-1"), Caller("u2", "auditor"), Caller("u3", "head")
REASONS = {"reason_de": "gleicher Beruf", "reason_en": "same occupation"}
OCCUPATION = {"criterion": "occupation", "points": 1.0, "weight": 0.5, **REASONS}
RECOGNITION = {"criterion": "recognition", "points": 0.5, "weight": 0.5, "reason_de": "teilweise", "reason_en": "partly"}
VERDICTS = [
    OCCUPATION | {"evidence": [{"field": "occupation", "asked": "2142", "found": "2142", "provenance": "verified"}]},
    RECOGNITION | {"evidence": [{"field": "recognition", "asked": "", "found": "partial", "provenance": ""}]},
]
RANKING = {"candidates": [{"person_id": f"person-{number}", "score": 0.9, "verdicts": VERDICTS} for number in (1, 2)]}


class People:
    """Of all who are asked for, the second has agreed to be shown."""

    def find(self, wanted: dict[str, Any], _: Any) -> Any:
        assert wanted["consents.purpose"] == "show_to_companies"

        async def to_list() -> list[dict[str, Any]]:
            return [{"_id": each} for each in wanted["_id"]["$in"] if each == "person-2"]

        return SimpleNamespace(to_list=to_list)


def seen_by(caller: Caller) -> list[tuple[int, dict[str, Any]]]:
    gateway = cast(Gateway, SimpleNamespace(views={"people": People()}))
    return asyncio.run(shown_candidates(gateway, caller, require_for(caller, "needs.rank", NEED), RANKING))


def test_a_company_is_told_of_nobody_who_has_not_agreed_to_be_shown() -> None:
    ((place, candidate),) = seen_by(COMPANY)
    assert (place, candidate["person_id"]) == (2, "person-2")
    occupation, recognition = candidate["verdicts"]
    assert occupation == OCCUPATION | {"evidence": []}
    assert recognition == RECOGNITION | {"reason_de": "", "reason_en": "", "evidence": []}


def test_auditors_see_no_facts_and_staff_all() -> None:
    assert [each["verdicts"] for _, each in seen_by(HEAD)] == [VERDICTS] * 2
    assert [each["verdicts"][1] for _, each in seen_by(AUDITOR)] == [RECOGNITION | {"evidence": []}] * 2


def test_a_person_sees_what_a_verdict_on_them_rests_on() -> None:
    person = Caller("u4", "person", "person-1")
    grant = require_for(person, "explanations.read", {"person_id": "person-1", "company_id": "company-1"})
    assert seen_verdicts(person, grant, VERDICTS) == VERDICTS
