"""Places: one name for all ways to write them, and what lies around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.vocabulary.places import coordinates, distance_km, folded, within
from services.vocabulary.towns import COORDINATES, OTHER_NAMES

KNOWN = st.sampled_from(sorted(COORDINATES))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Waren (Müritz)", "waren"),
        ("Röbel/Müritz", "röbel"),
        ("GUESTROW", "güstrow"),
        ("Hanse- und Universitätsstadt Rostock", "rostock"),
        ("Universitäts- und Hansestadt Greifswald", "greifswald"),
        ("Landeshauptstadt Schwerin", "schwerin"),
        ("Wismar, Hansestadt", "wismar"),
        ("  Bad   Doberan ", "bad doberan"),
        ("Bergen", "bergen auf rügen"),
        ("Vorpommern-Ruegen", "landkreis vorpommern-rügen"),
        ("Hamburg", "hamburg"),
        ("", ""),
    ],
)
def test_a_place_has_one_name_however_it_is_written(written: str, name: str) -> None:
    assert folded(written) == name


def test_every_place_lies_in_the_land_and_every_other_name_leads_to_one() -> None:
    assert all(53.1 <= north <= 54.7 and 10.5 <= east <= 14.5 for north, east in COORDINATES.values())
    assert set(OTHER_NAMES.values()) <= set(COORDINATES)
    assert all(folded(name) == name for name in COORDINATES)


def test_around_rostock_lie_its_neighbours_and_not_the_capital() -> None:
    near = within("Rostock", 25)
    assert {"rostock", "bad doberan", "schwaan", "graal-müritz"} <= near
    assert not near & {"schwerin", "stralsund", "neubrandenburg"}


def test_a_place_that_is_not_in_the_table_is_near_itself_only() -> None:
    assert coordinates("Hamburg") is None
    assert distance_km("Hamburg", "Rostock") is None
    assert within("Hamburg", 500) == {"hamburg"}


@given(KNOWN, KNOWN, st.floats(0, 400))
def test_what_is_within_a_distance_is_not_farther(one: str, other: str, km: float) -> None:
    distance = distance_km(one, other)
    assert distance is not None
    assert (other in within(one, km)) == (distance <= km or one == other)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(written: str) -> None:
    assert folded(folded(written)) == folded(written)
