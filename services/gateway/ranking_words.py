"""Rankings and explanations as they are answered: in one language, without facts for whom they are not meant."""

from collections.abc import Iterable, Mapping
from typing import Any

Fields = Mapping[str, Any]

NOTICE: Mapping[str, str] = {
    "de": "Ein Programm hat Profil und Bedarf nach den genannten Kriterien verglichen und erklärt, was dabei herauskam. Es "
    "entscheidet nichts: Ob jemand angesprochen oder ausgewählt wird, entscheiden Menschen (KI-Verordnung (EU) 2024/1689, "
    "Anhang III Nr. 4).",
    "en": "A program has compared profile and need by the criteria that are named, and explains the result. It decides "
    "nothing: whether somebody is approached or chosen is decided by people (AI Act, (EU) 2024/1689, Annex III 4).",
}
NOTHING_TURNS_IT: Mapping[str, str] = {
    "de": "Daran ändert keine einzelne Angabe etwas.",
    "en": "No single statement would change this.",
}


def verdicts(given: Iterable[Fields], language: str, with_evidence: bool) -> list[dict[str, Any]]:
    return [
        {
            "criterion": each["criterion"],
            "points": each["points"],
            "weight": each["weight"],
            "reason": each[f"reason_{language}"],
            **({"evidence": list(each.get("evidence", ()))} if with_evidence else {}),
        }
        for each in given
    ]


def obstacles(given: Iterable[Fields], language: str, with_facts: bool) -> list[dict[str, Any]]:
    """``with_facts``: also the sentences, which name what stands in the profile."""
    return [
        {
            "condition": each["condition"],
            "lost": each["lost"],
            **({"reason": each[language], **_change(each.get("change"), language)} if with_facts else {}),
        }
        for each in given
    ]


def _change(change: Fields | None, language: str) -> dict[str, Any]:
    if change is None:
        return {"change": None, "change_field": None, "advice": NOTHING_TURNS_IT[language]}
    return {"change": change[language], "change_field": change["field"], "advice": change[language]}
