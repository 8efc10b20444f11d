"""Finding: from a query to the documents that fit, in order, page by page, and what there is of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any

from services.gateway.search.clauses import said
from services.gateway.search.parameters import SORTS
from services.gateway.search.postings import Entry, Postings
from services.gateway.search.queries import Query
from services.vocabulary.places import distance_km

MOST_VALUES = 100
"""So many values of a facet are counted, those that most documents hold."""
FARTHER_THAN_ANY = 40_000.0
UNKNOWN_TIME = 0.0

Scope = Mapping[str, Any]
"""A MongoDB filter that says what a caller may see at all."""
Place = tuple[Any, str]
"""Where a document stands in the order of a query: what it is sorted by, and its id."""


class ScopeNotUnderstood(ValueError):
    """A filter of what a caller may see that the index cannot apply. Nothing may be shown then."""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in order, the place of the last of them where there are more, how many there are in all, and counts by facet."""

    ids: list[str]
    last: Place | None
    total: int
    facets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def find(postings: Postings, query: Query, scope: Scope, limit: int, after: Place | None = None) -> Found:
    """A page of what fits, after this place. Raises ScopeNotUnderstood."""
    visible = visible_to(postings, scope)
    matching = _matching(postings, query, visible)
    place = _order(postings, query)
    places = (place(entry) for entry in postings.of(matching))
    first = nsmallest(limit + 1, places if after is None else (each for each in places if each > after))
    page = first[:limit]
    last = page[-1] if len(first) > limit else None
    return Found([id for _, id in page], last, matching.bit_count(), _facets(postings, query, visible))


def find_all(postings: Postings, query: Query, scope: Scope) -> list[str]:
    """The ids of all that fits, in order."""
    place = _order(postings, query)
    return [id for _, id in sorted(place(entry) for entry in postings.of(matching_in(postings, query, scope)))]


def matching_in(postings: Postings, query: Query, scope: Scope) -> int:
    """What fits and may be seen, as bits. Raises ScopeNotUnderstood."""
    return _matching(postings, query, visible_to(postings, scope))


def visible_to(postings: Postings, scope: Scope) -> int:
    """What lies within this scope, as bits. Raises ScopeNotUnderstood."""
    visible = postings.all()
    for name, wanted in scope.items():
        visible &= _within(postings, name, wanted)
    return visible


def _within(postings: Postings, name: str, wanted: Any) -> int:
    match name, wanted:
        case "_id", str():
            number = postings.numbers.get(wanted)
            return 0 if number is None else 1 << number
        case (("company_id" | "region"), str()):
            return postings.holding(f"{name}={wanted}")
        case (("company_id" | "region"), {"$in": [*values]}):
            return postings.holding_any(f"{name}={value}" for value in values)
        case "consents.purpose", str():
            return postings.holding(f"consent={wanted}")
        case (("erased_at" | "merged_into"), None):
            return postings.all()  # the index holds no tombstones, and nobody for whom another profile stands
    raise ScopeNotUnderstood(f"search cannot tell who is meant by {name}")


def _matching(postings: Postings, query: Query, visible: int, without: str = "") -> int:
    for name, clause in query.clauses.items():
        if name != without and visible:
            visible = clause.bits(postings, visible)
    return visible


def _facets(postings: Postings, query: Query, visible: int) -> dict[str, list[dict[str, Any]]]:
    """Each facet leaves its own parameter out, so that it also says what choosing another value would give."""
    return {name: _counts(postings, name, _matching(postings, query, visible, without=name)) for name in query.facets}


def _counts(postings: Postings, name: str, among: int) -> list[dict[str, Any]]:
    beginning = f"{name}="
    counted = ((term, (postings.holding(term) & among).bit_count()) for term in postings.beginning_with(beginning))
    most = nsmallest(MOST_VALUES, ((-count, term.removeprefix(beginning)) for term, count in counted if count))
    return [{"value": value, "count": -count} for count, value in most]


class _Order:
    """Gives each entry its place. Later and nearer come first, and what has no value last."""

    def __init__(self, postings: Postings, query: Query) -> None:
        self._sort = query.sort
        self._near = query.near
        self._distances: dict[str, float] = {}
        words = [bits for each in said(query.clauses.get("q")) for bits in [each.whole(postings)]]
        self._words = words if query.sort == "relevance" else []
        self._numbers = postings.numbers

    def __call__(self, entry: Entry) -> Place:
        match self._sort:
            case "updated" | "created":
                return -(entry.keys[self._sort] or UNKNOWN_TIME), entry.id
            case "name":
                return entry.keys["name"], entry.id
            case "distance":
                return self._distance(entry.keys["place"]), entry.id
            case "relevance":
                number = self._numbers[entry.id]
                return -sum(bits >> number & 1 for bits in self._words), entry.id
        return "", entry.id

    def _distance(self, place: str) -> float:
        if place not in self._distances:
            distance = distance_km(place, self._near)
            self._distances[place] = FARTHER_THAN_ANY if distance is None else distance
        return self._distances[place]


def _order(postings: Postings, query: Query) -> _Order:
    if query.sort not in SORTS[query.resource]:
        raise ValueError(query.sort)
    return _Order(postings, query)


def counted(ids: list[str], size: int) -> Iterator[list[str]]:
    """The ids in parts of this size."""
    return (ids[start : start + size] for start in range(0, len(ids), size))
