"""How fast 100,000 made-up people are ranked: for a need, for 1,000 needs, after a change, and loaded from the view.

Beside it the plain loop of ranking.py over the same people, and scikit-learn's brute-force neighbours over vectors made of the
same facts. That is less work than ranking: neighbours know nothing of conditions, of skills related in meaning or of verdicts.
"""

import os
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from random import Random
from typing import Any

import numpy as np
import psutil

from benchmarks.result import Result
from benchmarks.servers import installation, settings_of
from services.foundation.database import Document, open_database
from services.matching.facts import AskedSkill, NeedFacts, PersonFacts
from services.matching.kinship import Kinship
from services.matching.pool import Pool
from services.matching.ranking import best
from services.matching.standing import Standing
from services.matching.weights import DEFAULT_WEIGHTS
from services.profiles.contract import LEVELS
from services.vocabulary.skills.built_in import built_in
from services.vocabulary.towns import COORDINATES

PEOPLE, NEEDS, SHOWN = 100_000, 1_000, 20
PLAIN_NEEDS = 3
"""So many needs are measured by the plain loop; it takes seconds for each."""
SECTORS = ("mechanical_engineering", "agriculture", "renewable_energy", "construction", "trade", "services", "other")
PURPOSES = ("employment", "internship", "mentoring", "advice", "market_expertise", "joint_venture")
OCCUPATIONS = ("2144", "2132", "2151", "2142", "2161", "2433", "3322", "7411", "2141", "2145", "3115", "7212")
COUNTRIES = ("SY", "UA", "IR", "AF", "IQ", "TR", "TN", "EG", "ER", "VN", "BR", "IN")
PARTS = DEFAULT_WEIGHTS.all_parts()


def run() -> list[Result]:
    random = Random(4)
    concepts, places = tuple(built_in().concepts), tuple(COORDINATES)
    documents = [_document(random, number, concepts, places) for number in range(PEOPLE)]
    needs = [_need(random, number, concepts, places) for number in range(NEEDS)]
    load, memory, standing, people = _loading(documents)
    one = _each(lambda need: standing.index.best(need, PARTS, SHOWN), needs[:50])
    all_of_them = _seconds(lambda: [standing.index.best(need, PARTS, SHOWN) for need in needs])
    plain = _plain(standing, needs[:PLAIN_NEEDS], people)
    change = _changing(standing, needs, people, random)
    results = [
        Result("rank-one", one * 1_000, "ms", 50.0, 1.0, "most", "the limit, 20 of 100,000 people"),
        Result("rank-all", all_of_them, "s", 10.0, 1.0, "most", "the limit, 20 for each of 1,000 needs"),
        Result("rank-change", change * 1_000, "ms", 100.0, 1.0, "most", "the limit, a profile in all its lists"),
        Result("rank-load", load, "s", 20.0, 1.0, "most", "the limit, 100,000 profiles from the view"),
        Result("rank-memory", memory, "MB", 1_000.0, 1.0, "most", "the limit, 100,000 profiles"),
        Result("rank-plain", one * 1_000, "ms", plain * 1_000, 0.1, "most", "the plain loop, the same results"),
    ]
    neighbours = _neighbours(needs[:20], people)
    if neighbours is not None:
        peer = "scikit-learn, brute-force neighbours"
        results.append(Result("rank-neighbours", one * 1_000, "ms", neighbours * 1_000, 1.0, "most", peer))
    return results


def _loading(documents: list[Document]) -> tuple[float, float, Standing, list[PersonFacts]]:
    """Seconds and megabytes that loading takes; everybody once more for the plain loop."""
    with installation() as made:
        database = open_database(settings_of(made), "matching")
        for start in range(0, PEOPLE, 1_000):
            database["people"].insert_many(documents[start : start + 1_000])
        documents.clear()
        pool, process = Pool(database), psutil.Process(os.getpid())
        before = process.memory_info().rss
        standing = Standing(PARTS, lambda: None)
        load = _seconds(lambda: standing.load(pool.people(), ()))
        memory = (process.memory_info().rss - before) / 1e6
        return load, memory, standing, list(pool.people())


def _plain(standing: Standing, needs: list[NeedFacts], people: list[PersonFacts]) -> float:
    seconds = 0.0
    for need in needs:
        started = time.perf_counter()
        expected = best(need, people, DEFAULT_WEIGHTS, SHOWN)
        seconds += time.perf_counter() - started
        if standing.index.best(need, PARTS, SHOWN) != expected:
            raise RuntimeError("the index does not say what the plain loop says")
    return seconds / len(needs)


def _changing(standing: Standing, needs: list[NeedFacts], people: list[PersonFacts], random: Random) -> float:
    """The slowest of 20: among those who change is who stands in most lists."""
    for need in needs:
        standing.needs[need.need_id] = need
        standing._search_people(need)
    by_id = {person.person_id: person for person in people}
    known = [id for need in needs[:10] for id in standing.best_people(need.need_id)[:1]]
    changing = [*known, *random.sample(sorted(by_id), 10)]
    slowest = 0.0
    for number, id in enumerate(changing):
        person = by_id[changing[number - 1]]
        other = PersonFacts(**{name: getattr(person, name) for name in PersonFacts.__slots__} | {"person_id": id})
        slowest = max(slowest, _seconds(partial(standing.put_person, id, other)))
    return slowest


def _neighbours(needs: list[NeedFacts], people: list[PersonFacts]) -> float | None:
    """Seconds a need; None, with a line that says so, where scikit-learn is not there."""
    try:
        from sklearn.neighbors import NearestNeighbors
    except ImportError:
        print("scikit-learn is not installed: the ranking is not compared with its neighbours")
        return None
    numbers = {word: number for number, word in enumerate((*OCCUPATIONS, *SECTORS, *PURPOSES, *COUNTRIES, "de", "en"))}
    concepts = {concept: len(numbers) + number for number, concept in enumerate(built_in().concepts)}
    vectors = np.zeros((len(people), len(numbers) + len(concepts)), np.float32)
    for row, person in enumerate(people):
        known = (each.country for each in person.markets)
        words = [person.occupation, *person.sectors, *person.purposes, *person.languages, *known]
        vectors[row, [numbers[word] for word in words]] = 1.0
        vectors[row, [concepts[skill.concept] for skill in person.skills]] = 1.0
    asked = np.zeros((len(needs), vectors.shape[1]), np.float32)
    for row, need in enumerate(needs):
        words = [need.occupation, need.sector, need.purpose, need.target_market, *need.languages]
        asked[row, [numbers[word] for word in words]] = 1.0
        asked[row, [concepts[skill.concept] for skill in need.skills]] = 1.0
    fitted = NearestNeighbors(n_neighbors=SHOWN, algorithm="brute", n_jobs=1).fit(vectors)
    return _each(lambda row: fitted.kneighbors(asked[row : row + 1]), list(range(len(needs))))


def _document(random: Random, number: int, concepts: tuple[str, ...], places: tuple[str, ...]) -> Document:
    skills = random.sample(concepts, 8)
    details = {
        "kind": "person",
        "purposes": random.sample(PURPOSES, 3),
        "occupation": random.choice(OCCUPATIONS),
        "experience_years": random.randrange(30),
        "sectors": random.sample(SECTORS, 2),
        "skills": skills,
        "languages": [{"language": each, "level": random.choice(LEVELS)} for each in ("de", "en")],
        "markets": [
            {"country": country, "sector": random.choice(SECTORS), "years": random.randrange(15), "network": "some"}
            for country in random.sample(COUNTRIES, 2)
        ],
        "place": random.choice(places),
        "region": "DE-MV",
        "mobility_km": random.choice((0, 20, 50, 100)),
        "available_from": f"2026-{random.randrange(1, 13):02}-01",
        "weekly_hours": random.choice((None, 20, 40)),
    }
    return {
        "_id": f"person-{number:08}-0000-4000-8000-000000000000",
        "version": 1,
        "consents": ["matching"],
        "details": details,
        "sources": {"skills": ["said"], "occupation": ["staff"]},
        "concepts": [{"typed": each, "concept": each, "provenance": "staff"} for each in skills],
        "qualifications": {"qualification-1": {"staff": random.choice(("full", "pending", "none"))}},
    }


KINSHIP = Kinship.in_folder("")


def _need(random: Random, number: int, concepts: tuple[str, ...], places: tuple[str, ...]) -> NeedFacts:
    asked = random.sample(concepts, 5)
    return NeedFacts(
        need_id=f"need-{number:05}",
        purpose=random.choice(PURPOSES),
        occupation=random.choice(OCCUPATIONS),
        skills=tuple(AskedSkill(each, each, KINSHIP.related(each)) for each in asked),
        languages={"de": random.choice(("A2", "B1", "B2"))},
        sector=random.choice(SECTORS),
        target_market=random.choice(COUNTRIES),
        place=random.choice(places),
        region="DE-MV",
        wanted_from=date(2026, 6, 1),
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _each(work: Callable[[Any], object], of: Sequence[Any]) -> float:
    """Seconds for each of these on the average."""
    return _seconds(lambda: [work(each) for each in of]) / len(of)
