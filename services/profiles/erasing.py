"""Being forgotten, as it concerns every stream that holds personal data: it is erased once, and then nothing may change it."""

from collections.abc import Iterable, Iterator
from typing import Any

from services.foundation.aggregate import Aggregate, Context, Decide, Refusal, Route, Routes
from services.foundation.messages import Command, Event
from services.profiles.contract import ErasePersonalData, EraseProfile, MarkMerged, PersonalDataErased, ProfileErased

TAKEN_OF_THE_ERASED = (EraseProfile, ErasePersonalData, MarkMerged)
"""Who was erased can be asked to be erased by a further erasure, and answers that it cannot be absorbed."""


class ProfileIsErased(Refusal):
    """Who was forgotten stays forgotten: nothing can be asked of this profile any more."""


class HoldsPersonalData(Aggregate):
    """``erasures``: the erasures that the stream was erased for; none while it lives."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.erasures: frozenset[str] = frozenset()

    def erase_personal_data(self, command: ErasePersonalData, _: Context) -> Iterator[Event]:
        """Asked by a further erasure, it says so again, because that one waits for it."""
        if command.erasure_id not in self.erasures:
            yield PersonalDataErased(erasure_id=command.erasure_id)

    def apply(self, event: Event) -> None:
        match event:
            case ProfileErased() | PersonalDataErased():
                self.erasures |= {event.erasure_id}


def refusing_the_erased(routes: Routes) -> Routes:
    """The same routes, but of a stream that was erased every command is refused, other than to erase it."""
    return {command: _each(command, given) for command, given in routes.items()}


def _each(command: type[Command], given: Route | tuple[Route, ...]) -> Route | tuple[Route, ...]:
    if issubclass(command, TAKEN_OF_THE_ERASED):
        return given
    return tuple(map(_guarded, given)) if isinstance(given, tuple) else _guarded(given)


def _guarded(route: Route) -> Route:
    if not issubclass(route.aggregate, HoldsPersonalData):
        return route
    return Route(route.aggregate, _unless_erased(route.decide), route.creates)


def _unless_erased(decide: Decide) -> Decide:
    def decided(aggregate: Any, command: Any, context: Context) -> Iterable[Event]:
        if aggregate.erasures:
            raise ProfileIsErased("this profile was erased, and nothing can be changed any more")
        return decide(aggregate, command, context)

    return decided
