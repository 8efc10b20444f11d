"""Queries: the parameters of a request, read, or a problem that names each one that is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode

from services.gateway.problems import Problem
from services.gateway.search.clauses import All, Clause, OneOf
from services.gateway.search.parameters import FACETS, LONGEST, PARAMETERS, SORTS, Join, Unfit, near, say

MOST_VALUES = 20
PERSONAL_SORTS = frozenset({("people", "name")})

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, in which order, and what is counted. ``clauses``: by parameter; a facet leaves its own out."""

    resource: str
    names: bool
    clauses: Mapping[str, Clause]
    sort: str = "id"
    near: str = ""
    facets: tuple[str, ...] = ()
    digest: str = ""


def read_query(resource: str, pairs: Iterable[Pair], names: bool) -> Query:
    """The query that these parameters make. ``names``: whether the caller may see names, and so search in them.

    Raises a 422 problem with each wrong parameter and the reason; an unknown parameter is wrong too.
    """
    return _Reading(resource, list(pairs), names).query()


class _Reading:
    def __init__(self, resource: str, pairs: list[Pair], names: bool) -> None:
        self._resource = resource
        self._pairs = pairs
        self._names = names
        self._given: dict[str, list[str]] = {}
        self._wrong: list[dict[str, str]] = []
        for name, value in pairs:
            self._given.setdefault(name, []).append(value)

    def query(self) -> Query:
        clauses = self._clauses()
        sort, facets = self._sort(), self._facets()
        if self._wrong:
            first = self._wrong[0]
            detail = f"{first['field']}: {first['reason']}"
            raise Problem(422, "invalid-input", detail, field=first["field"], errors=self._wrong)
        near_place = self._given.get("place", [""])[0] if sort == "distance" else ""
        return Query(self._resource, self._names, clauses, sort, near_place, facets, self._digest())

    def _clauses(self) -> dict[str, Clause]:
        clauses: dict[str, Clause] = {}
        known = PARAMETERS[self._resource]
        for name, values in self._given.items():
            if name in known:
                clauses |= self._read(name, values, known[name].read, known[name].join)
            elif name == "q":
                clauses |= self._read(name, values, say(self._names), "once")
            elif name not in ("within_km", "sort", "facets"):
                self._fault(name, "there is no such parameter here; there are " + ", ".join(self._all_names()))
        return clauses | self._near()

    def _read(self, name: str, values: list[str], read: object, join: Join) -> dict[str, Clause]:
        if join == "once" and len(values) > 1:
            self._fault(name, "may be given once")
            return {}
        if len(values) > MOST_VALUES:
            self._fault(name, f"may be given {MOST_VALUES} times at most")
            return {}
        parts: list[Clause] = []
        for value in values:
            try:
                parts.append(_fit(value, read))
            except Unfit as reason:
                self._fault(name, str(reason))
        if not parts:
            return {}
        return {name: parts[0] if len(parts) == 1 else All(tuple(parts)) if join == "all" else OneOf(tuple(parts))}

    def _near(self) -> dict[str, Clause]:
        if "within_km" not in self._given:
            return {}
        places, distances = self._given.get("place", []), self._given["within_km"]
        if len(places) != 1 or len(distances) != 1:
            self._fault("within_km", "goes with one place")
            return {}
        try:
            return {"place": near(places[0], distances[0])}
        except Unfit as reason:
            self._fault("within_km", str(reason))
            return {}

    def _sort(self) -> str:
        chosen = self._given.get("sort", ["id"])
        known = [each for each in SORTS[self._resource] if self._names or (self._resource, each) not in PERSONAL_SORTS]
        if len(chosen) != 1 or chosen[0] not in known:
            self._fault("sort", f"must be one of {', '.join(known)}")
        elif chosen[0] == "distance" and len(self._given.get("place", ())) != 1:
            self._fault("sort", "distance goes with one place")
        elif chosen[0] == "relevance" and "q" not in self._given:
            self._fault("sort", "relevance goes with q")
        return chosen[0]

    def _facets(self) -> tuple[str, ...]:
        asked = [each for value in self._given.get("facets", ()) for each in value.split(",") if each]
        known = FACETS[self._resource]
        unknown = [each for each in asked if each not in known]
        if unknown:
            self._fault("facets", f"must be some of {', '.join(known)}")
        return tuple(dict.fromkeys(asked))

    def _fault(self, field: str, reason: str) -> None:
        self._wrong.append({"field": field[:LONGEST], "reason": reason})

    def _all_names(self) -> Sequence[str]:
        return ("q", *PARAMETERS[self._resource], "within_km", "sort", "facets", "limit", "cursor", "format")

    def _digest(self) -> str:
        """Tells this query from others; what is counted beside it makes no difference."""
        asked = sorted((name, value) for name, value in self._pairs if name != "facets")
        return sha256(f"{self._resource} {self._names} {urlencode(asked)}".encode()).hexdigest()


def _fit(value: str, read: object) -> Clause:
    if not value.strip() or len(value) > LONGEST:
        raise Unfit(f"must have 1 to {LONGEST} characters")
    if not value.isprintable():
        raise Unfit("must not contain control characters")
    clause: Clause = read(value)  # type: ignore[operator]
    return clause
