"""How likely it is that two profiles are of the same person or company, and why one may think so.

Each reason raises the likelihood by its weight: 1 - (1 - a)(1 - b)…; what speaks against it lowers it. The figures are
judgement, not measurement: whether two profiles are the same, people decide.
"""

from collections.abc import Callable, Iterator, Mapping
from math import prod
from typing import NamedTuple

from rapidfuzz import fuzz

from services.gateway.duplicates.marks import Marks
from services.gateway.duplicates.names import is_latin, sounded

PROBABLE = 0.5
"""From this score on two profiles are shown as probable duplicates."""
NEARLY = 0.84
"""From this similarity on names are nearly the same."""
FURTHER_NAME, SAME_SOUND = 0.92, 0.9
"""How alike names are of which one has a further name, or which sound the same in different scripts."""

NAMES = ("name", "own_script_name")


class Reason(NamedTuple):
    """Why two profiles may be the same: the fields compared, how much it weighs, and the sentence in both languages."""

    fields: tuple[str, ...]
    weight: float
    de: str
    en: str


class Likeness(NamedTuple):
    """``score``: from 0 to 1."""

    score: float
    reasons: tuple[Reason, ...]


Compare = Callable[[Marks, Marks], Likeness]


def people_alike(one: Marks, other: Marks) -> Likeness:
    """How alike two people are by their marks."""
    similarity, by = _people_names(one, other)
    reasons = [
        *_same(one, other, "email", 0.75, "gleiche E-Mail-Adresse", "same e-mail address"),
        *_same(one, other, "phone", 0.6, "gleiche Telefonnummer", "same phone number"),
        *_name_reasons(similarity, by, "gleicher Name", "same name"),
        *_same(one, other, "address", 0.4, "gleiche Anschrift", "same address"),
    ]
    beside = [
        *_same(one, other, "place", 0.1, "gleicher Ort", "same place"),
        *_same(one, other, "occupation", 0.15, "gleicher Beruf", "same occupation"),
    ]
    against = (1.0 if similarity >= 0.6 else 0.6) * _differing(one, other, {"place": 0.9, "occupation": 0.9})
    return _weighed(reasons, beside, against)


def companies_alike(one: Marks, other: Marks) -> Likeness:
    """How alike two companies are by their marks."""
    similarity = _likeness(one["name"], other["name"])
    reasons = [
        *_same(one, other, "register_entry", 0.85, "gleicher Registereintrag", "same register entry"),
        *_same(one, other, "vat_id", 0.85, "gleiche USt-IdNr.", "same VAT id"),
        *_same(one, other, "contact_email", 0.75, "gleiche E-Mail-Adresse", "same e-mail address"),
        *_same(one, other, "contact_phone", 0.6, "gleiche Telefonnummer", "same phone number"),
        *_name_reasons(similarity, ("name",), "gleicher Firmenname", "same company name"),
        *_same(one, other, "website", 0.5, "gleiche Website", "same website"),
    ]
    place = list(_same(one, other, "place", 0.1, "gleicher Ort", "same place"))
    if place and one["domain"] and one["domain"] == other["domain"]:
        german, english = "gleiche E-Mail-Domain am gleichen Ort", "same e-mail domain in the same place"
        reasons.append(Reason(("contact_email", "place"), 0.35, german, english))
    against = _differing(one, other, {"place": 0.9, "register_entry": 0.5, "vat_id": 0.5})
    return _weighed(reasons, place, against * (1.0 if similarity >= 0.5 else 0.7))


def _same(one: Marks, other: Marks, field: str, weight: float, german: str, english: str) -> Iterator[Reason]:
    if one[field] and one[field] == other[field]:
        yield Reason((field,), weight, german, english)


def _differing(one: Marks, other: Marks, factors: Mapping[str, float]) -> float:
    """How much less likely it is for all of these fields that both have filled, and differently."""
    return prod(factor for field, factor in factors.items() if one[field] and other[field] and one[field] != other[field])


def _name_reasons(similarity: float, fields: tuple[str, ...], german: str, english: str) -> Iterator[Reason]:
    if similarity >= 1.0:
        yield Reason(fields, 0.65, german, english)
    elif similarity >= NEARLY and len(fields) > 1:
        yield Reason(fields, 0.5, "Namen klingen in beiden Schriften gleich", "names sound the same in both scripts")
    elif similarity >= NEARLY:
        weight = round(0.35 + 0.25 * (similarity - NEARLY) / (1 - NEARLY), 4)
        shown = min(similarity, 0.99)  # never 1.00 where they differ
        yield Reason(fields, weight, f"Namen fast gleich ({shown:.2f})", f"names are nearly the same ({shown:.2f})")


def _people_names(one: Marks, other: Marks) -> tuple[float, tuple[str, ...]]:
    """The similarity of the names that are most alike, and the fields in which they stand."""
    best: tuple[float, tuple[str, ...]] = (0.0, ("name",))
    for first in NAMES:
        for second in NAMES:
            found = _likeness(one[first], other[second])
            if found > best[0]:
                best = found, (first,) if first == second else NAMES
    return best


def _likeness(words: tuple[str, ...], others: tuple[str, ...]) -> float:
    """From 0 to 1, whatever the order of the words."""
    if not words or not others:
        return 0.0
    if words == others:
        return 1.0
    if is_latin(words) != is_latin(others):
        sounds = sounded(words)
        return SAME_SOUND if len(sounds) > 1 and sorted(sounds) == sorted(sounded(others)) else 0.0
    fewer, more = sorted((set(words), set(others)), key=len)
    subset = FURTHER_NAME if len(fewer) > 1 and fewer < more else 0.0
    return max(subset, fuzz.ratio(" ".join(words), " ".join(others)) / 100)


def _weighed(reasons: list[Reason], beside: list[Reason], against: float) -> Likeness:
    """``beside``: what alone makes nobody think of a duplicate."""
    if not reasons:
        return Likeness(0.0, ())
    ordered = tuple(sorted([*reasons, *beside], key=lambda reason: -reason.weight))
    return Likeness(round((1 - prod(1 - reason.weight for reason in ordered)) * against, 3), ordered)
