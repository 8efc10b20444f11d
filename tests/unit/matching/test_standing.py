"""Shortlists that follow changes hold, at any moment, exactly what ranking everybody anew would give."""

from hypothesis import given
from hypothesis import strategies as st

from services.matching import standing
from services.matching.facts import NeedFacts, PersonFacts
from services.matching.grades import is_ruled_out
from services.matching.ranking import best, most, score_of, total
from services.matching.shortlist import Shortlist
from services.matching.standing import Standing
from services.matching.weights import DEFAULT_WEIGHTS
from tests.unit.matching.crowd import crowds, needs, people

PARTS = DEFAULT_WEIGHTS.all_parts()
person_changes = st.tuples(st.just("person"), people)
need_changes = st.tuples(st.just("need"), needs)
leavings = st.tuples(st.just("leave"), st.integers(0, 40).map("person-{}".format))
withdrawals = st.tuples(st.just("withdraw"), st.integers(0, 9).map("need-{}".format))


def needs_of(person: PersonFacts, open_needs: dict[str, NeedFacts]) -> list[str]:
    keys = [
        (-score_of(total(need, person, PARTS), most(need, PARTS)), need.need_id)
        for need in open_needs.values()
        if not is_ruled_out(need, person)
    ]
    return [id for _, id in sorted(keys)[: standing.NEEDS_SHOWN]]


@given(
    crowds,
    st.lists(needs, max_size=8, unique_by=lambda need: need.need_id),
    st.lists(person_changes | need_changes | leavings | withdrawals, max_size=15),
)
def test_lists_that_followed_changes_equal_those_made_anew(
    crowd: list[PersonFacts], first_needs: list[NeedFacts], changes: list[tuple[str, object]]
) -> None:
    with small_lists():
        pool = {person.person_id: person for person in crowd}
        open_needs = {need.need_id: need for need in first_needs}
        followed = Standing(PARTS, pause=lambda: None)
        followed.load(pool.values(), open_needs.values())
        for _, change in changes:
            follow(followed, pool, open_needs, change)
            for need in open_needs.values():
                expected = [id for _, id in best(need, pool.values(), DEFAULT_WEIGHTS, standing.SHOWN)]
                assert followed.best_people(need.need_id) == expected
            for person in pool.values():
                expected = needs_of(person, open_needs) if person.consent_to_matching else []
                assert followed.best_needs(person.person_id) == expected


def follow(followed: Standing, pool: dict[str, PersonFacts], open_needs: dict[str, NeedFacts], change: object) -> None:
    before = shown(followed)
    followed.stale_needs.clear()
    followed.stale_people.clear()
    match change:
        case PersonFacts():
            pool[change.person_id] = change
            followed.put_person(change.person_id, change)
        case NeedFacts():
            open_needs[change.need_id] = change
            followed.put_need(change.need_id, change)
        case str() if change.startswith("person-"):
            pool.pop(change, None)
            followed.put_person(change, None)
        case str():
            open_needs.pop(change, None)
            followed.put_need(change, None)
    stale = {*followed.stale_needs, *followed.stale_people}
    after = shown(followed)
    assert {id for id in {*before, *after} if before.get(id, []) != after.get(id, [])} <= stale


def shown(followed: Standing) -> dict[str, list[str]]:
    people = {id: followed.best_needs(id) for id in followed.index.ids()}
    return people | {id: followed.best_people(id) for id in followed.needs}


class small_lists:  # noqa: N801
    """Lists so short that they overflow and run short with a dozen people."""

    SMALL = {"SHOWN": 2, "DEPTH": 3, "NEEDS_SHOWN": 2, "NEEDS_DEPTH": 3}  # noqa: RUF012

    def __enter__(self) -> None:
        self._usual = {name: getattr(standing, name) for name in self.SMALL}
        for name, value in self.SMALL.items():
            setattr(standing, name, value)

    def __exit__(self, *_: object) -> None:
        for name, value in self._usual.items():
            setattr(standing, name, value)


def test_a_list_that_lost_too_many_says_that_it_is_short() -> None:
    found = Shortlist([(-3, "a"), (-2, "b"), (-1, "c")], shown=2, depth=3, complete=False)
    assert found.put("a", None)
    assert not found.is_short
    found.put("b", None)
    assert found.is_short


def test_a_list_of_all_there_are_is_never_short() -> None:
    found = Shortlist([(-3, "a")], shown=2, depth=3, complete=True)
    found.put("a", None)
    assert not found.is_short
    assert found.shown() == []
