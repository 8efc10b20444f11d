"""The index measures all people at once, and says to the last digit what the plain loop says of them one by one."""

from hypothesis import given
from hypothesis import strategies as st

from services.matching.facts import NeedFacts, PersonFacts
from services.matching.people_index import PeopleIndex
from services.matching.ranking import best
from services.matching.weights import DEFAULT_WEIGHTS, Weights
from tests.unit.matching.crowd import crowds, needs, people, weights


@given(crowds, needs, weights | st.just(DEFAULT_WEIGHTS), st.integers(1, 20))
def test_index_and_plain_loop_agree_in_order_and_score(
    crowd: list[PersonFacts], need: NeedFacts, weighed: Weights, limit: int
) -> None:
    index = PeopleIndex()
    for person in crowd:
        index.put(person)
    standing = {person.person_id: person for person in crowd}
    assert index.best(need, weighed.all_parts(), limit) == best(need, standing.values(), weighed, limit)


@given(crowds, st.lists(people | st.integers(0, 40).map("person-{}".format), max_size=20), needs)
def test_an_index_that_followed_changes_equals_one_made_anew(
    crowd: list[PersonFacts], changes: list[PersonFacts | str], need: NeedFacts
) -> None:
    followed, standing = PeopleIndex(), {}
    for change in [*crowd, *changes]:
        if isinstance(change, str):
            followed.remove(change)
            standing.pop(change, None)
        else:
            followed.put(change)
            standing[change.person_id] = change
    parts = DEFAULT_WEIGHTS.all_parts()
    assert followed.best(need, parts, 20) == best(need, standing.values(), DEFAULT_WEIGHTS, 20)
    assert set(followed.ids()) == {id for id, person in standing.items() if person.consent_to_matching}


def test_more_people_than_there_was_room_for() -> None:
    need = NeedFacts(need_id="need-1", purpose="advice")
    crowd = [
        PersonFacts(f"person-{number:05}", True, frozenset({"advice"}), experience_years=number % 7) for number in range(3_000)
    ]
    index = PeopleIndex()
    for person in crowd:
        index.put(person)
    assert index.best(need, DEFAULT_WEIGHTS.all_parts(), 2_000) == best(need, crowd, DEFAULT_WEIGHTS, 2_000)
