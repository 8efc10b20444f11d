"""Saved searches: what someone looks for again and again, and which profiles have come to it since."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.foundation.messages import Command, Event
from services.profiles.contract.values import Sealed

SEARCH_SEALED = ("title", "query")
"""A search may hold a name that somebody typed: it is sealed with a key of its own."""

MOST_KNOWN = 2_000
"""So many hits a search may have when it is saved, if new ones are to be told."""
MOST_HITS = 500
"""So many hits one command reports."""

Searched = Literal["people", "companies", "needs"]
SearchOwner = Annotated[str, StringConstraints(pattern=r"^(|(person|company|partner)-[0-9a-f-]{36})$")]
"""The company, person or partner that the owner speaks for; "" of staff."""
Hit = Annotated[str, StringConstraints(pattern=r"^(person|company|need)-[0-9a-f-]{36}$")]


class SaveSearch(Command, type="profiles.SaveSearch.v1"):
    """``query``: the parameters as in an address. ``notify``: whether new hits are looked for; ``known`` are no new ones."""

    owner: SearchOwner = ""
    resource: Searched
    title: Annotated[Sealed, Field(min_length=1)]
    query: Sealed = ""
    notify: bool = True
    known: Annotated[tuple[Hit, ...], Field(max_length=MOST_KNOWN)] = ()


class DeleteSearch(Command, type="profiles.DeleteSearch.v1"):
    """Its key is destroyed."""


class ReportHits(Command, type="profiles.ReportHits.v1"):
    """These profiles fit. None of them: only looks whether its owner is to be told of earlier ones."""

    hits: Annotated[tuple[Hit, ...], Field(max_length=MOST_HITS)] = ()


class SeeHits(Command, type="profiles.SeeHits.v1"):
    """The owner has seen the hits found so far."""


class SearchSaved(Event, type="profiles.SearchSaved.v1"):
    """``actor``: who saved it, as role and opaque id."""

    actor: str
    owner: str = ""
    resource: str
    title: str
    query: str = ""
    notify: bool = True
    known: tuple[str, ...] = ()
    saved_at: datetime


class SearchDeleted(Event, type="profiles.SearchDeleted.v1"):
    pass


class SearchHitsFound(Event, type="profiles.SearchHitsFound.v1"):
    """New hits; each is found once."""

    hits: tuple[str, ...]


class SearchHitsSeen(Event, type="profiles.SearchHitsSeen.v1"):
    pass


class SearchDigestDue(Event, type="profiles.SearchDigestDue.v1"):
    """The owner is to be told of ``count`` hits, at most once a day. Staff read them on the platform."""

    owner: str
    count: int
    due_at: datetime
