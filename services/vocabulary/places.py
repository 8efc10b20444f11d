"""Where places of Mecklenburg-Vorpommern are, how far they are apart, and which lie within a distance."""

import re
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from unicodedata import normalize

from services.vocabulary.towns import COORDINATES, OTHER_NAMES

EARTH_RADIUS_KM = 6371.0

_TITLE = re.compile(r"^(?:(?:(?:hanse|universitäts)-? und (?:universitäts|hanse)stadt|(?:hanse|residenz|landeshaupt)stadt) )+")
_WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PLAIN = {name.translate(_WITHOUT_UMLAUTS): name for name in COORDINATES} | {
    other.translate(_WITHOUT_UMLAUTS): name for other, name in OTHER_NAMES.items()
}


@lru_cache(maxsize=10_000)
def folded(place: str) -> str:
    """One name for all ways to write a place: "Waren (Müritz)" is "waren", "Guestrow" and "Hansestadt Güstrow" are "güstrow".

    A place that is not in the table is folded too (case, spaces, what stands in brackets), so that it can be compared.
    """
    lower = normalize("NFKC", normalize("NFKC", place).casefold())
    name = " ".join(re.split(r"[(/,]", lower)[0].split())
    name = _TITLE.sub("", name)
    return _PLAIN.get(name.translate(_WITHOUT_UMLAUTS), name)


def coordinates(place: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees (WGS 84), of a district those of its seat; None where it is not in the table."""
    return COORDINATES.get(folded(place))


@lru_cache(maxsize=10_000)
def distance_km(one: str, other: str) -> float | None:
    """The distance as the crow flies, or None where a place is not in the table."""
    here, there = coordinates(one), coordinates(other)
    return None if here is None or there is None else _haversine(here, there)


@lru_cache(maxsize=1_000)
def within(place: str, km: float) -> frozenset[str]:
    """The folded names of all places in the table at most so far from this one, itself among them.

    Of a place that is not in the table nothing is known but that it is near itself: only its own folded name comes back.
    """
    here = coordinates(place)
    if here is None:
        return frozenset({folded(place)})
    return frozenset(name for name, there in COORDINATES.items() if _haversine(here, there) <= km) | {folded(place)}


def _haversine(here: tuple[float, float], there: tuple[float, float]) -> float:
    (latitude, longitude), (other_latitude, other_longitude) = here, there
    half_north = sin(radians(other_latitude - latitude) / 2)
    half_east = sin(radians(other_longitude - longitude) / 2)
    chord = half_north**2 + cos(radians(latitude)) * cos(radians(other_latitude)) * half_east**2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))
