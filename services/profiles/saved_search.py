"""A saved search: finds each hit once, and has its owner told at most once a day."""

from collections.abc import Iterator
from datetime import date

from services.foundation.aggregate import Aggregate, Context, Refusal
from services.foundation.messages import Event
from services.profiles.contract import (
    DeleteSearch,
    ReportHits,
    SaveSearch,
    SearchDeleted,
    SearchDigestDue,
    SearchHitsFound,
    SearchHitsSeen,
    SearchSaved,
    SeeHits,
)


class SearchAlreadySaved(Refusal):
    """A search with this id was saved before."""


class SearchWasDeleted(Refusal):
    """The search was deleted, and its key with it."""


class SavedSearch(Aggregate):
    """``known``: what is no new hit; ``untold``: how many hits the owner has not been told of; ``told_on``: the last day."""

    category = "search"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.owner = ""
        self.deleted = False
        self.known: set[str] = set()
        self.unseen = 0
        self.untold = 0
        self.told_on: date | None = None

    def save(self, command: SaveSearch, context: Context) -> Iterator[Event]:
        if self.exists:
            raise SearchAlreadySaved("a search with this id was saved before")
        yield SearchSaved(**command.model_dump(), actor=str(context.actor), saved_at=context.time)

    def delete(self, _command: DeleteSearch, _: Context) -> Iterator[Event]:
        if not self.deleted:
            yield SearchDeleted()

    def report(self, command: ReportHits, context: Context) -> Iterator[Event]:
        """What was found for a search that is deleted meanwhile concerns nobody any more."""
        if self.deleted:
            return
        new = tuple(hit for hit in dict.fromkeys(command.hits) if hit not in self.known)
        if new:
            yield SearchHitsFound(hits=new)
        count = self.untold + len(new)
        if count and self.owner and self.told_on != context.time.date():
            yield SearchDigestDue(owner=self.owner, count=count, due_at=context.time)

    def see(self, _command: SeeHits, _: Context) -> Iterator[Event]:
        if self.deleted:
            raise SearchWasDeleted("this search was deleted")
        if self.unseen:
            yield SearchHitsSeen()

    def apply(self, event: Event) -> None:
        match event:
            case SearchSaved():
                self.owner, self.known = event.owner, set(event.known)
            case SearchDeleted():
                self.deleted, self.known = True, set()
            case SearchHitsFound():
                self.known |= set(event.hits)
                self.unseen += len(event.hits)
                self.untold += len(event.hits)
            case SearchHitsSeen():
                self.unseen = self.untold = 0
            case SearchDigestDue():
                self.untold, self.told_on = 0, event.due_at.date()
