"""Which people suit a need, best first, and why. The platform ranks and explains; people decide (EU AI Act, Annex III 4).

The score is the weighted mean of the criteria for which the need asks. What no weight can make up for rules someone out.
Here everything is computed plainly, one person after the other; index.py does the same for many at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from typing import NamedTuple

from services.matching.code_words import english, german
from services.matching.contract import Candidate, Verdict
from services.matching.criteria import CRITERIA, Opinion
from services.matching.facts import NeedFacts, PersonFacts
from services.matching.grades import FAR_BELOW, FULL, GRADES, is_ruled_out, lacks_the_market, levels_missing
from services.matching.weights import DEFAULT_WEIGHTS, Weights

__all__ = ["Hindrance", "Judgement", "NeedFacts", "PersonFacts", "hindrances", "judge", "rank"]

SHOWN = 20
"""So many people are named for a need."""


class Hindrance(NamedTuple):
    """Why someone is not ranked, naming what would have to change."""

    condition: str
    reason_de: str
    reason_en: str


class Judgement(NamedTuple):
    """One person for one need. ``opinions``: by criterion, those that the need asks for. ``score``: 0 to 1 whatever hinders."""

    need_id: str
    person_id: str
    score: float
    opinions: Mapping[str, Opinion]
    hindrances: tuple[Hindrance, ...]
    weights: Weights

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(
            Verdict(
                criterion=name,
                points=round(opinion.points, 4),
                weight=self.weights.by_criterion.get(name, 0.0),
                reason_de=opinion.reason_de,
                reason_en=opinion.reason_en,
                evidence=opinion.evidence,
            )
            for name, opinion in self.opinions.items()
        )


def rank(
    need: NeedFacts, people: Iterable[PersonFacts], weights: Weights = DEFAULT_WEIGHTS, limit: int = SHOWN
) -> tuple[Candidate, ...]:
    """The best ``limit`` people for the need; of equal scores the smaller id comes first."""
    by_id = {person.person_id: person for person in people}
    return tuple(candidate(judge(need, by_id[id], weights)) for _, id in best(need, by_id.values(), weights, limit))


def best(need: NeedFacts, people: Iterable[PersonFacts], weights: Weights, limit: int) -> list[tuple[int, str]]:
    """The same without words: totals and ids. A total is the score in whole numbers, see ``total``."""
    parts = weights.all_parts()
    eligible = (person for person in people if not is_ruled_out(need, person))
    totals = ((total(need, person, parts), person.person_id) for person in eligible)
    return nsmallest(limit, totals, key=lambda each: (-each[0], each[1]))


def total(need: NeedFacts, person: PersonFacts, parts: Mapping[str, int]) -> int:
    """The sum of the criteria's grades times their weights. Of one need all totals are parts of ``most(need, parts)``."""
    return sum((grade(need, person) or 0) * parts[name] for name, grade in GRADES.items() if name in parts)


NOBODY = PersonFacts(person_id="", consent_to_matching=False)


def most(need: NeedFacts, parts: Mapping[str, int]) -> int:
    """The total of somebody who has all that the need asks for."""
    return FULL * sum(parts.get(name, 0) for name, grade in GRADES.items() if grade(need, NOBODY) is not None)


def score_of(points: int, of: int) -> float:
    return points / of if of else 0.0


def judge(need: NeedFacts, person: PersonFacts, weights: Weights = DEFAULT_WEIGHTS) -> Judgement:
    """Everything about one person for one need, also where something rules the person out."""
    said = {name: criterion(need, person) for name, criterion in CRITERIA.items()}
    opinions = {name: opinion for name, opinion in said.items() if opinion is not None}
    parts = weights.all_parts()
    score = score_of(total(need, person, parts), most(need, parts))
    return Judgement(need.need_id, person.person_id, score, opinions, tuple(hindrances(need, person)), weights)


def candidate(judgement: Judgement) -> Candidate:
    return Candidate(person_id=judgement.person_id, score=round(judgement.score, 4), verdicts=judgement.verdicts)


def hindrances(need: NeedFacts, person: PersonFacts) -> Iterator[Hindrance]:
    """Everything that rules this person out for this need: the answer to "why not?"."""
    if not person.consent_to_matching:
        yield Hindrance("consent", "Die Einwilligung in die Vermittlung fehlt.", "Consent to matching is missing.")
    if need.purpose not in person.purposes:
        yield Hindrance(
            "purpose",
            f"Der Zweck „{german(need.purpose)}“ ist nicht gewünscht.",
            f"The purpose “{english(need.purpose)}” is not wanted.",
        )
    if lacks_the_market(need, person):
        yield Hindrance(
            "market",
            f"Gesucht ist Kenntnis des Zielmarkts {need.target_market}; angegeben ist keine.",
            f"Knowledge of the target market {need.target_market} is what is asked for; none is stated.",
        )
    for language, level in need.languages.items():
        if levels_missing(need, person, language) >= FAR_BELOW:
            spoken = person.languages.get(language, "–")
            yield Hindrance(
                "languages",
                f"{language}: gesucht ist {level}, vorhanden {spoken}; höchstens eine Stufe darf fehlen.",
                f"{language}: {level} is asked for, {spoken} is there; one level may be missing at most.",
            )
