"""The people of the pool as columns of numbers, a row each, so that all of them are measured for a need at once.

It gives what the plain loop of ranking.py gives, to the last digit: the same whole numbers are added up, and what a rule of
grades.py says of one value is looked up there. It holds what can be compared, and none of the words.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from heapq import nsmallest

import numpy as np

from services.matching import grades
from services.matching.columns import NO_ROWS, Codes, Columns, Numbers, Postings
from services.matching.facts import NOT_SPOKEN, AskedSkill, KnownSkill, Market, NeedFacts, PersonFacts, level_number
from services.matching.grades import FULL, RELATION_GRADES
from services.matching.ranking import NOBODY, most
from services.profiles.contract import LEVELS
from services.vocabulary.places import distance_km, folded

FIRST_CAPACITY = 1_024
RULED_OUT = -1
"""Stands in the place of a total."""
FARTHEST_KM = 10**9
NO_DAY = 0
FULL_WEEK, HALF_WEEK, FEW_HOURS = 0, 1, 2

_PLACES_KEPT = 500
_BY_GRADE = sorted(RELATION_GRADES, key=lambda relation: RELATION_GRADES[relation])


class PeopleIndex:
    """Everybody who may be ranked."""

    def __init__(self) -> None:
        self._row_of: dict[str, int] = {}
        self._ids: list[str] = []
        self._free: list[int] = []
        self._capacity = 0
        self._single = Columns(np.int32)
        self._purposes = Columns(np.bool_)
        self._languages = Columns(np.int8, NOT_SPOKEN)
        self._sectors = Columns(np.bool_)
        self._markets = Columns(np.int16)
        self._families = (self._single, self._purposes, self._languages, self._sectors, self._markets)
        self._skills = Postings()
        self._occupations, self._places, self._regions = Codes(), Codes(), Codes()
        self._distances: dict[str, tuple[Numbers, Numbers]] = {}
        self._grow(FIRST_CAPACITY)

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, person_id: str) -> bool:
        return person_id in self._row_of

    def ids(self) -> Iterator[str]:
        return iter(self._row_of)

    def row(self, person_id: str) -> int:
        """Where this person stands; rows keep their place until whoever stands there leaves."""
        return self._row_of[person_id]

    def id_of(self, row: int) -> str:
        return self._ids[row]

    @property
    def rows(self) -> int:
        """How many rows there are, those of people who left among them."""
        return len(self._ids)

    def put(self, person: PersonFacts) -> None:
        """Takes a person in, or anew; one who may not be matched goes out."""
        if not person.consent_to_matching:
            self.remove(person.person_id)
            return
        row = self._row_of.get(person.person_id)
        if row is None:
            row = self._new_row(person.person_id)
        else:
            self._clear(row)
        self._write(row, person)

    def remove(self, person_id: str) -> None:
        row = self._row_of.pop(person_id, None)
        if row is not None:
            self._clear(row)
            self._skills.clear(row)
            self._ids[row] = ""
            self._free.append(row)

    def best(self, need: NeedFacts, parts: Mapping[str, int], limit: int) -> list[tuple[int, str]]:
        """Totals and ids of the best, like ``ranking.best``."""
        return self.first(self.totals(need, parts), limit)

    def first(self, totals: Numbers, limit: int) -> list[tuple[int, str]]:
        """The best of these totals, one a row."""
        rows = np.flatnonzero(totals >= 0)
        if len(rows) <= limit:
            return self._in_order(totals, rows)
        among = totals[rows]
        last = np.partition(among, len(rows) - limit)[len(rows) - limit]
        better = self._in_order(totals, rows[among > last])
        # thousands may have the same total, e.g. where only one criterion weighs: of these only the ids are compared
        equal = (self._ids[row] for row in rows[among == last].tolist())
        return better + [(int(last), id) for id in nsmallest(limit - len(better), equal)]

    def _in_order(self, totals: Numbers, rows: Numbers) -> list[tuple[int, str]]:
        found = ((int(totals[row]), self._ids[row]) for row in rows)
        return sorted(found, key=lambda each: (-each[0], each[1]))

    def totals(self, need: NeedFacts, parts: Mapping[str, int]) -> Numbers:
        """The total of each row, like ``ranking.total``; RULED_OUT where somebody is ruled out or nobody stands."""
        (result,) = self.totals_by(need, [parts])
        return result

    def totals_by(self, need: NeedFacts, weighings: Sequence[Mapping[str, int]]) -> list[Numbers]:
        """The totals by each of these sets of weights; everybody is measured once for all of them."""
        rows = self._eligible(need, len(self._ids))
        dtypes = [np.dtype(np.int32 if most(need, parts) < 2**31 else np.int64) for parts in weighings]
        totals = [np.zeros(len(rows), dtype) for dtype in dtypes]
        for name, grade in grades.GRADES.items():
            counting = [(parts[name], each) for parts, each in zip(weighings, totals, strict=True) if parts.get(name)]
            if counting and grade(need, NOBODY) is not None:
                column: Numbers | None = getattr(self, f"_{name}_grades")(need, rows)
                if column is not None:
                    for part, each in counting:
                        each += column.astype(each.dtype, copy=False) * each.dtype.type(part)
        return [self._spread(rows, each) for each in totals]

    def _spread(self, rows: Numbers, totals: Numbers) -> Numbers:
        result: Numbers = np.full(len(self._ids), RULED_OUT, totals.dtype)
        result[rows] = totals
        return result

    def _eligible(self, need: NeedFacts, count: int) -> Numbers:
        """The rows of those whom nothing rules out, like ``grades.is_ruled_out``: measuring starts with these."""
        fits = self._purposes.get(need.purpose, count)
        if fits is None:
            return NO_ROWS
        rows = np.flatnonzero(fits)
        for language, level in need.languages.items():
            rows = rows[self._levels_missing(language, level, rows) < grades.FAR_BELOW]
        if need.is_for_market and need.target_market:
            rows = rows[self._market_grades(need, rows) > 0]
        return rows

    def _levels_missing(self, language: str, level: str, rows: Numbers) -> Numbers:
        spoken = self._languages.get(language, len(self._ids))
        known = np.full(len(rows), NOT_SPOKEN, np.int8) if spoken is None else spoken[rows]
        return np.maximum(np.int8(level_number(level)) - known, 0)

    # --- one column of grades a criterion: None where nobody has any; of these rows -----------------------------------

    def _skills_grades(self, need: NeedFacts, rows: Numbers) -> Numbers:
        together = np.zeros(len(rows), np.int32)
        best = np.zeros(len(self._ids), np.int32)
        for asked in need.skills:
            best[:] = 0
            for relation, words in _words_asked(asked):
                for word in words:
                    best[self._skills.rows(word)] = RELATION_GRADES[relation]
            together += best[rows]
        return together // len(need.skills)

    def _occupation_grades(self, need: NeedFacts, rows: Numbers) -> Numbers:
        table = [grades.occupation_grade(need.occupation, each) for each in self._occupations.texts]
        return np.array(table, np.int32)[self._column("occupation", rows)]

    def _experience_grades(self, _: NeedFacts, rows: Numbers) -> Numbers:
        return self._column("experience", rows)

    def _languages_grades(self, need: NeedFacts, rows: Numbers) -> Numbers:
        table = np.array([grades.language_grade(missing) for missing in range(len(LEVELS) + 1)], np.int32)
        together = np.zeros(len(rows), np.int32)
        for language, level in need.languages.items():
            together += table[self._levels_missing(language, level, rows)]
        return together // len(need.languages)

    def _sector_grades(self, need: NeedFacts, rows: Numbers) -> Numbers | None:
        known = self._sectors.get(need.sector, len(self._ids))
        return None if known is None else known[rows] * np.int32(FULL)

    def _market_grades(self, need: NeedFacts, rows: Numbers) -> Numbers:
        best = np.zeros(len(rows), np.int32)
        for country, sector in self._markets:
            column = self._markets.get((country, sector), len(self._ids)) if country == need.target_market else None
            if column is not None:
                known = column[rows].astype(np.int32)
                np.maximum(best, known if sector == need.sector else known * 7 // 10, out=best)
        return best

    def _place_grades(self, need: NeedFacts, rows: Numbers) -> Numbers:
        same_place, distance = self._from(need.place)
        codes = self._column("place", rows)
        mobility, far = self._column("mobility", rows), distance[codes]
        result: Numbers = np.where(far <= 2.0 * mobility, 5_000, 2_000)
        result[far <= mobility] = 9_000
        region = self._regions.of(need.region)
        same_region = self._column("region", rows) == region if need.region else np.zeros(len(rows), np.bool_)
        unknown = np.isnan(far)
        result[unknown] = np.where(same_region[unknown], grades.region_grade(True), grades.region_grade(False))
        result[same_place[codes]] = FULL
        return result.astype(np.int32)

    def _availability_grades(self, need: NeedFacts, rows: Numbers) -> Numbers:
        wanted = need.wanted_from.toordinal() if need.wanted_from else NO_DAY
        days = self._column("available", rows)
        late = days - np.int32(wanted)
        grade: Numbers = np.where(late <= 0, FULL, np.where(late <= grades.SOON_DAYS, 7_000, 3_000)).astype(np.int32)
        grade[days == NO_DAY] = 5_000
        week = self._column("week", rows)
        half, few = week == HALF_WEEK, week == FEW_HOURS
        grade[half] = grade[half] * 3 // 4
        grade[few] = grade[few] // 2
        return grade

    def _recognition_grades(self, _: NeedFacts, rows: Numbers) -> Numbers:
        return self._column("recognition", rows)

    # --- rows -----------------------------------------------------------------------------------------------------------

    def _column(self, name: str, rows: Numbers) -> Numbers:
        found = self._single.get(name, len(self._ids))
        return np.zeros(len(rows), np.int32) if found is None else found[rows]

    def _from(self, place: str) -> tuple[Numbers, Numbers]:
        """Of each place that people live in: whether it is this one, and how far it is, NaN where that is not known."""
        same, distance = self._distances.get(place, (np.empty(0, np.bool_), np.empty(0)))
        new = self._places.texts[len(same) :]
        if new:
            same = np.append(same, np.array([folded(each) == folded(place) for each in new], np.bool_))
            farther = [distance_km(each, place) for each in new]
            distance = np.append(distance, [np.nan if each is None else each for each in farther])
            if len(self._distances) >= _PLACES_KEPT:
                self._distances.clear()
            self._distances[place] = same, distance
        return same, distance

    def _new_row(self, person_id: str) -> int:
        if self._free:
            row = self._free.pop()
            self._ids[row] = person_id
        else:
            row = len(self._ids)
            self._ids.append(person_id)
            if row >= self._capacity:
                self._grow(2 * self._capacity)
        self._row_of[person_id] = row
        return row

    def _grow(self, capacity: int) -> None:
        self._capacity = capacity
        for family in self._families:
            family.grow(capacity)

    def _clear(self, row: int) -> None:
        for family in self._families:
            family.clear(row)

    def _write(self, row: int, person: PersonFacts) -> None:
        for purpose in person.purposes:
            self._purposes.put(purpose, row, True)
        for language, level in person.languages.items():
            self._languages.put(language, row, level_number(level))
        for sector in person.sectors:
            self._sectors.put(sector, row, True)
        for (country, sector), grade in _market_grades_of(person).items():
            self._markets.put((country, sector), row, grade)
        for name, value in self._singles_of(person).items():
            self._single.put(name, row, value)
        self._skills.put(row, {word for skill in person.skills for word in _words_known(skill)})

    def _singles_of(self, person: PersonFacts) -> dict[str, int]:
        return {
            "occupation": self._occupations.of(person.occupation),
            "experience": grades.experience_grade(person.experience_years),
            "place": self._places.of(person.place),
            "region": self._regions.of(person.region),
            "mobility": min(max(person.mobility_km, -1), FARTHEST_KM),
            "available": person.available_from.toordinal() if person.available_from else NO_DAY,
            "week": _week(person.weekly_hours),
            "recognition": grades.recognition_grade(person.recognitions),
        }


def _week(hours: int | None) -> int:
    if hours is None or hours >= 30:
        return FULL_WEEK
    return HALF_WEEK if hours >= 15 else FEW_HOURS


def _market_grades_of(person: PersonFacts) -> dict[tuple[str, str], int]:
    """By country and sector, what the knowledge counts in its own sector; of several the best."""
    best: dict[tuple[str, str], int] = {}
    for each in person.markets:
        grade = grades.market_grade(Market(each.country, each.sector, each.years, each.network), each.sector)
        best[each.country, each.sector] = max(grade, best.get((each.country, each.sector), 0))
    return best


def _words_known(skill: KnownSkill) -> Iterator[Hashable]:
    yield "text", skill.text
    yield ("concept", skill.concept) if skill.concept else ("unexplained", skill.text)


def _words_asked(asked: AskedSkill) -> Iterator[tuple[str, list[Hashable]]]:
    """Under which words those stand who have it, by how their skill is related; what counts more comes later."""
    if not asked.concept:
        yield "same", [("text", asked.text)]
        return
    for relation in _BY_GRADE:
        words: list[Hashable] = [("concept", id) for id, related in asked.related.items() if related == relation]
        yield relation, [*words, ("unexplained", asked.text)] if relation == "same" else words
