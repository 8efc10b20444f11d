"""Towns and districts of Mecklenburg-Vorpommern with their coordinates, and how far they are apart."""

from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0

COORDINATES: dict[str, tuple[float, float]] = {
    "anklam": (53.857, 13.690),
    "bad doberan": (54.107, 11.905),
    "bergen auf rügen": (54.416, 13.433),
    "demmin": (53.905, 13.044),
    "greifswald": (54.093, 13.388),
    "grevesmühlen": (53.863, 11.186),
    "grimmen": (54.112, 13.044),
    "güstrow": (53.793, 12.176),
    "hagenow": (53.431, 11.192),
    "ludwigslust": (53.325, 11.497),
    "malchin": (53.744, 12.767),
    "neubrandenburg": (53.557, 13.260),
    "neustrelitz": (53.361, 13.063),
    "parchim": (53.426, 11.849),
    "pasewalk": (53.506, 13.990),
    "ribnitz-damgarten": (54.243, 12.457),
    "rostock": (54.089, 12.140),
    "sassnitz": (54.516, 13.643),
    "schwerin": (53.629, 11.413),
    "stralsund": (54.309, 13.082),
    "teterow": (53.775, 12.573),
    "ueckermünde": (53.738, 14.043),
    "waren": (53.519, 12.680),
    "wismar": (53.892, 11.460),
    "wolgast": (54.053, 13.770),
    "landkreis ludwigslust-parchim": (53.426, 11.849),
    "landkreis mecklenburgische seenplatte": (53.557, 13.260),
    "landkreis nordwestmecklenburg": (53.892, 11.460),
    "landkreis rostock": (53.793, 12.176),
    "landkreis vorpommern-greifswald": (54.093, 13.388),
    "landkreis vorpommern-rügen": (54.309, 13.082),
}
"""Latitude and longitude in degrees (WGS 84), of a district those of its seat; names in lower case."""


@lru_cache(maxsize=10_000)
def distance_km(one: str, other: str) -> float | None:
    """The distance as the crow flies, or None where a place is not in the table."""
    here, there = COORDINATES.get(_named(one)), COORDINATES.get(_named(other))
    return None if here is None or there is None else _haversine(here, there)


def _named(place: str) -> str:
    """The name as in the table: "Waren (Müritz)" is "waren"."""
    return place.partition("(")[0].strip().casefold()


def _haversine(here: tuple[float, float], there: tuple[float, float]) -> float:
    (latitude, longitude), (other_latitude, other_longitude) = here, there
    half_north = sin(radians(other_latitude - latitude) / 2)
    half_east = sin(radians(other_longitude - longitude) / 2)
    chord = half_north**2 + cos(radians(latitude)) * cos(radians(other_latitude)) * half_east**2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(chord))
