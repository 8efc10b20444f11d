"""Which people suit a need, best first, and why. The platform ranks and explains; people decide (EU AI Act, Annex III 4).

The score is the weighted mean of the criteria for which the need asks. What no weight can make up for rules someone out.
"""

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import NamedTuple

from services.matching.contract import Candidate, Verdict
from services.matching.criteria import CRITERIA, Opinion, levels_missing
from services.matching.facts import NeedFacts, PersonFacts

__all__ = ["Hindrance", "NeedFacts", "PersonFacts", "hindrances", "rank"]

FAR_BELOW = 2
"""So many CEFR levels below the asked one rule someone out; a language not spoken at all is one level below A1."""


class Hindrance(NamedTuple):
    """Why someone is not ranked, naming what would have to change."""

    condition: str
    reason_de: str
    reason_en: str


class Judgement(NamedTuple):
    """One person for one need: the score, and what each criterion says (None where the need does not ask)."""

    score: float
    person_id: str
    opinions: tuple[Opinion | None, ...]


def rank(need: NeedFacts, people: Iterable[PersonFacts], limit: int = 20) -> tuple[Candidate, ...]:
    """The best ``limit`` people for the need; of equal scores the smaller id comes first."""
    judged = (_judge(need, person) for person in people if next(hindrances(need, person), None) is None)
    best = nsmallest(limit, judged, key=lambda judgement: (-judgement.score, judgement.person_id))
    return tuple(map(_candidate, best))


def hindrances(need: NeedFacts, person: PersonFacts) -> Iterator[Hindrance]:
    """Everything that rules this person out for this need: the answer to "why not?"."""
    if not person.consent_to_matching:
        yield Hindrance("consent", "Die Einwilligung in die Vermittlung fehlt.", "Consent to matching is missing.")
    if need.purpose not in person.purposes:
        yield Hindrance(
            "purpose",
            f"Der Zweck „{need.purpose}“ ist nicht gewünscht.",
            f"The purpose “{need.purpose}” is not wanted.",
        )
    for language, level in need.languages.items():
        if levels_missing(need, person, language) >= FAR_BELOW:
            spoken = person.languages.get(language, "–")
            yield Hindrance(
                "languages",
                f"{language}: gesucht ist {level}, vorhanden {spoken}; höchstens eine Stufe darf fehlen.",
                f"{language}: {level} is asked for, {spoken} is there; one level may be missing at most.",
            )


def _judge(need: NeedFacts, person: PersonFacts) -> Judgement:
    opinions = tuple(criterion(need, person) for criterion, _ in CRITERIA)
    weighed = [(opinion.points, weight) for opinion, (_, weight) in zip(opinions, CRITERIA, strict=True) if opinion]
    score = sum(points * weight for points, weight in weighed) / sum(weight for _, weight in weighed)
    return Judgement(round(score, 4), person.person_id, opinions)


def _candidate(judgement: Judgement) -> Candidate:
    verdicts = tuple(
        Verdict(
            criterion=criterion.__name__,
            points=round(opinion.points, 4),
            weight=weight,
            reason_de=opinion.reason_de,
            reason_en=opinion.reason_en,
        )
        for opinion, (criterion, weight) in zip(judgement.opinions, CRITERIA, strict=True)
        if opinion
    )
    return Candidate(person_id=judgement.person_id, score=judgement.score, verdicts=verdicts)
