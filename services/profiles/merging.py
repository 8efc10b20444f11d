"""Merging two profiles of the same person or company, and telling them apart again.

The survivor is lent what the absorbed profile holds and it does not: a statement counts where the survivor has none of that
provenance, or where staff asked to take it. What is stated afterwards is the survivor's own and stays when the merge is undone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.foundation.aggregate import Context, Decide, Refusal, Route, Routes
from services.foundation.messages import Command, Event
from services.profiles.contract import (
    FIGURES,
    PRECEDENCE,
    DismissDuplicate,
    DuplicateDismissed,
    MarkMerged,
    MarkSeparated,
    MergeProfiles,
    MergeRejected,
    MergeUndone,
    ProfileCreated,
    ProfileMergedInto,
    ProfileSeparated,
    ProfilesMerged,
    StatementKey,
    TakenStatements,
    UndoMerge,
)
from services.profiles.profile import Profile
from services.profiles.statements import Statement, Statements


class ProfileIsMerged(Refusal):
    """While a profile is merged into another, the other stands for it."""


class MergedIntoItself(Refusal):
    """A profile cannot absorb itself."""


class MergedKindsDiffer(Refusal):
    """A person is no company."""


class AlreadyMerged(Refusal):
    """The profile has absorbed this one before, and they were not told apart since."""


class NotMerged(Refusal):
    """Only what was merged can be told apart."""


class NothingToTake(Refusal):
    """The absorbed profile has no statement of this field that could count."""


class FieldNotInProfile(Refusal):
    """Profiles of this kind hold no such field, or not such a value."""


class DuplicateOfItself(Refusal):
    """A profile is always the same as itself."""


class Mergeable(Profile):
    """``absorbed``: the merge by which each profile was absorbed. ``merged_into``: the survivor, while there is one.

    ``unstated``: the details as they were first made, for fields that nobody stated.
    """

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.absorbed: dict[str, str] = {}
        self.separated: set[str] = set()
        self.merged_into = ""
        self.merge_id = ""
        self.dismissed: set[str] = set()
        self.unstated: dict[str, Any] = {}

    def merge(self, command: MergeProfiles, context: Context) -> Iterator[Event]:
        self._require_mergeable(command.absorbed_id)
        taken = tuple(self._taken(command))
        statements = [each for group in taken for each in self._statements(group)]
        details = self.build(dict(self.details or ()) | self.statements.with_further(statements).counting())
        yield ProfilesMerged(
            kind=details.kind,
            details=details,
            absorbed_id=command.absorbed_id,
            absorbed_version=command.absorbed_version,
            merge_id=context.command_id,
            taken=taken,
            **self.further_taken(command, context),
        )

    def _require_mergeable(self, absorbed_id: str) -> None:
        if absorbed_id == self.stream:
            raise MergedIntoItself("a profile cannot be merged into itself", field="absorbed_id")
        if not absorbed_id.startswith(f"{self.category}-"):
            raise MergedKindsDiffer(f"only another {self.category} can be merged into this one", field="absorbed_id")
        if absorbed_id in self.absorbed:
            raise AlreadyMerged("this profile was merged into this one before", field="absorbed_id")

    def _taken(self, command: MergeProfiles) -> Iterator[TakenStatements]:
        """What of the absorbed profile's statements is taken over, by source."""
        wanted = self._wanted(command)
        for group in command.statements:
            fields = {each.field: group.fields[each.field] for each in self._statements(group) if self._is_taken(each, wanted)}
            if wanted.issuperset(FIGURES) and FIGURES[0] in fields:
                fields = {"figures_year": None} | fields
            if fields:
                yield group.model_copy(update={"fields": fields})

    def _is_taken(self, statement: Statement, wanted: frozenset[str]) -> bool:
        if statement.field in wanted:
            return True
        return statement.field not in FIGURES and self.statements.made(statement.field, statement.provenance) is None

    def _wanted(self, command: MergeProfiles) -> frozenset[str]:
        """The fields that staff want to take; those that mean something together only, together. Raises NothingToTake."""
        offered: dict[str, list[str]] = {}
        for group in command.statements:
            for field in group.fields:
                offered.setdefault(field, []).append(group.provenance)
        for index, field in enumerate(command.take):
            if not self._could_count(field, offered.get(field, ())):
                reason = f"the absorbed profile states nothing of {field} that would count beside what this one holds"
                raise NothingToTake(reason, field=f"take.{index}")
        together = FIGURES if set(command.take).intersection(FIGURES) else ()
        return frozenset({*command.take, *together})

    def _could_count(self, field: str, sources: Iterable[str]) -> bool:
        """What one source said is not overwritten by a weaker one, a merge no more than an edit."""
        strength: tuple[str, ...] = PRECEDENCE
        best = min((strength.index(each) for each in sources if each in strength), default=None)
        own = min((strength.index(each.provenance) for each in self.statements if each.field == field), default=None)
        return best is not None and (own is None or best <= own)

    def _statements(self, group: TakenStatements) -> list[Statement]:
        return [
            Statement(field, self.typed(field, value), group.provenance, group.evidence)
            for field, value in group.fields.items()
        ]

    def typed(self, field: str, value: Any) -> Any:
        """The value as the details hold it. Raises FieldNotInProfile."""
        info = self.details_type.model_fields.get(field)
        if info is None or field == "kind":
            raise FieldNotInProfile(f"there is no field {field}", field=f"statements.{field}")
        try:
            return _reader(self.details_type, field).validate_python(value)
        except ValidationError:
            raise FieldNotInProfile(f"{field} cannot have this value", field=f"statements.{field}") from None

    def further_taken(self, command: MergeProfiles, context: Context) -> dict[str, Any]:
        """What is taken over beside statements, by the field of the event."""
        return {}

    def undo_merge(self, command: UndoMerge, context: Context) -> Iterator[Event]:
        """Asked again, it is so already; the merge that was rejected may have been undone before."""
        merge_id = self.absorbed.get(command.absorbed_id)
        if merge_id is None or command.merge_id not in ("", merge_id):
            if not command.merge_id and command.absorbed_id not in self.separated:
                raise NotMerged("no such profile was merged into this one", field="absorbed_id")
            return
        left = self.statements.without(command.absorbed_id)
        details = self.build(self.unstated | left.counting() | self.remembered(left))
        keys = self.statements.lent_by(command.absorbed_id)
        yield MergeUndone(
            kind=details.kind,
            details=details,
            absorbed_id=command.absorbed_id,
            merge_id=merge_id,
            reason=command.reason,
            statements=tuple(StatementKey(field=field, provenance=provenance) for field, provenance in keys),
            **self.further_given_back(command.absorbed_id),
        )

    def remembered(self, left: Statements) -> dict[str, Any]:
        """Details that are made of more than what counts now."""
        return {}

    def further_given_back(self, absorbed_id: str) -> dict[str, Any]:
        """What is given back beside statements, by the field of the event."""
        return {}

    def mark_merged(self, command: MarkMerged, _: Context) -> Iterator[Event]:
        """There are no chains: whoever is merged or has absorbed others is not absorbed."""
        about = command.model_dump()
        if self.erasures:
            yield MergeRejected(reason="erased", **about)
        elif self.absorbed:
            yield MergeRejected(reason="has_absorbed_others", **about)
        elif self.merged_into:
            yield MergeRejected(reason="merged_elsewhere", **about)
        else:
            yield ProfileMergedInto(**about)

    def mark_separated(self, command: MarkSeparated, _: Context) -> Iterator[Event]:
        if (self.merged_into, self.merge_id) == (command.survivor_id, command.merge_id):
            yield ProfileSeparated(**command.model_dump())

    def dismiss_duplicate(self, command: DismissDuplicate, _: Context) -> Iterator[Event]:
        if command.other_id == self.stream:
            raise DuplicateOfItself("a profile is no duplicate of itself", field="other_id")
        if not command.other_id.startswith(f"{self.category}-"):
            raise MergedKindsDiffer(f"only another {self.category} can be a duplicate of this one", field="other_id")
        if command.other_id not in self.dismissed:
            yield DuplicateDismissed(other_id=command.other_id)

    def further_owners(self) -> Iterator[str]:
        """While profiles are merged they are the same human being or company: erasing either erases both."""
        yield from super().further_owners()
        yield from self.absorbed
        if self.merged_into:
            yield self.merged_into

    def apply(self, event: Event) -> None:
        match event:
            case ProfilesMerged():
                self.details = event.details
                self.absorbed[event.absorbed_id] = event.merge_id
                self.separated.discard(event.absorbed_id)
                for statement in (each for group in event.taken for each in self._statements(group)):
                    self.statements.lend(event.absorbed_id, statement)
            case MergeUndone():
                self.details = event.details
                self.statements.give_back(event.absorbed_id)
                self.absorbed.pop(event.absorbed_id, None)
                self.separated.add(event.absorbed_id)
            case ProfileMergedInto():
                self.merged_into, self.merge_id = event.survivor_id, event.merge_id
            case ProfileSeparated():
                self.merged_into = self.merge_id = ""
            case DuplicateDismissed():
                self.dismissed.add(event.other_id)
            case ProfileCreated():
                self.unstated = dict(event.details)
                super().apply(event)
            case _:
                super().apply(event)


@cache
def _reader(details: type[Any], field: str) -> TypeAdapter[Any]:
    return TypeAdapter(details.model_fields[field].annotation)


TAKEN_WHILE_MERGED = frozenset({MarkMerged.TYPE, MarkSeparated.TYPE, UndoMerge.TYPE, "profiles.EraseProfile.v1"})
"""What a profile that was merged into another still does itself, beside what the other asks it by ``survivor_id``."""


def refusing_the_merged(routes: Routes) -> dict[type[Command], Route | tuple[Route, ...]]:
    """The routes, of which those to a profile that is merged refuse, and tell into which."""
    return {command: _refusing(command, given) for command, given in routes.items()}


def _refusing(command: type[Command], given: Route | tuple[Route, ...]) -> Route | tuple[Route, ...]:
    if command.TYPE in TAKEN_WHILE_MERGED:
        return given
    if isinstance(given, tuple):
        return tuple(_unless_merged(route) for route in given)
    return _unless_merged(given)


def _unless_merged(route: Route) -> Route:
    if not issubclass(route.aggregate, Mergeable):
        return route
    decide: Decide = route.decide

    def unless_merged(aggregate: Mergeable, command: Command, context: Context) -> Iterable[Event]:
        if aggregate.merged_into and getattr(command, "survivor_id", "") != aggregate.merged_into:
            raise ProfileIsMerged(f"this profile was merged into {aggregate.merged_into}; turn to that one, or undo the merge")
        return decide(aggregate, command, context)

    return replace(route, decide=unless_merged)


def of_the_absorbed(lenders: Mapping[Any, str], absorbed_id: str) -> tuple[Any, ...]:
    """The keys of what this profile has lent."""
    return tuple(key for key, lender in lenders.items() if lender == absorbed_id)
