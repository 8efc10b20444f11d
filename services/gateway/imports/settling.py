"""Settling a row: the profile that it is about is created, or told what is news to it, through the same commands as a form.

Nothing is written twice. The id of a profile follows from what the source calls it, so a second creation meets the first and is
refused; a change states the version that it was compared with, so one that was compared with an old view is refused as well. In
both cases the row is compared again, with the profile as it stands now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from services.foundation.messages import Actor, Command
from services.foundation.outcomes import Outcome
from services.foundation.privacy import KeyMissing
from services.gateway.house import Document, Gateway
from services.gateway.imports.filling import RowRefused
from services.gateway.imports.kinds import ERASED, ImportKind
from services.gateway.imports.patience import patiently
from services.gateway.imports.prospects import ImportProspects
from services.gateway.imports.rows import Error, Row, error
from services.gateway.security import Caller

OVERTAKEN = frozenset({"profile-already-exists", "prospect-already-identified", "stale-version"})
"""Refusals that mean: the profile has changed since it was looked at."""

LOOKED_UP = 25
"""Ids in one query: SecantusDB takes quadratic time over long ``$in`` lists."""

HIDDEN = "the profile is there, but cannot be read: it was erased or merged, or the views lag behind"


@dataclass(frozen=True, slots=True)
class Settled:
    """How a row ended: ``created``, ``changed``, ``unchanged``, ``refused``; a dry run ``would_create`` or ``would_change``.

    ``version``: of the profile, where it was written.
    """

    status: str
    id: str = ""
    version: int = 0
    errors: list[Error] = field(default_factory=list)


class Settler:
    """Settles the rows of one import for its caller."""

    def __init__(
        self,
        gateway: Gateway,
        caller: Caller,
        kind: ImportKind | ImportProspects,
        correlation_id: str,
        source: str,
        provenance: str = "staff",
        *,
        dry_run: bool,
    ) -> None:
        self._gateway = gateway
        self._caller = caller
        self._kind = kind
        self._correlation_id = correlation_id
        self._source = source
        self._provenance = provenance
        self._dry_run = dry_run

    async def find(self, ids: Sequence[str]) -> dict[str, Document]:
        """The profiles of these ids that there are. Raises NotAnswering."""
        profiles, found = self._gateway.views[self._kind.collection], {}
        for start in range(0, len(ids), LOOKED_UP):
            wanted = {"_id": {"$in": list(ids[start : start + LOOKED_UP])}}
            for document in await patiently(lambda wanted=wanted: profiles.find(wanted).to_list()):  # type: ignore[misc]
                found[document["_id"]] = document
        return found

    async def settle(self, row: Row, document: Document | None) -> Settled:
        """Settles a row whose profile looked like this a moment ago. Raises NotAnswering."""
        if row.errors:
            return Settled("refused", errors=row.errors)
        if row.same_as:
            return Settled("unchanged", row.stream)
        while True:
            try:
                settled = await self._attempt(row, document)
            except RowRefused as refused:
                return Settled("refused", errors=refused.errors)
            except KeyMissing:
                return Settled("refused", errors=[error("", ERASED)])
            if settled is not None:
                return settled
            document = await self._newer(row.stream, document)
            if document is None:
                return Settled("refused", row.stream, errors=[error("", HIDDEN)])

    async def _attempt(self, row: Row, document: Document | None) -> Settled | None:
        """Compares and writes; None where the profile has changed meanwhile."""
        if document is None:
            return await self._create(row)
        news = self._kind.news(document, row, self._provenance)
        if not news:
            return Settled("unchanged", row.stream)
        if self._dry_run:
            return Settled("would_change", row.stream)
        command = await patiently(lambda: self._kind.change(self._gateway, document, news))
        outcome = await self._carry_out(row.stream, command, document["version"])
        return _settled("changed" if outcome.version > document["version"] else "unchanged", outcome)

    async def _create(self, row: Row) -> Settled | None:
        if row.by_id:
            return Settled("refused", errors=[error("id", "there is no profile with this id")])
        given = self._kind.new_fields(row, self._source, self._provenance)
        if self._dry_run:
            return Settled("would_create", row.stream)
        command = await patiently(lambda: self._kind.creation(self._gateway, self._caller, row.stream, given))
        return _settled("created", await self._carry_out(row.stream, command, None))

    async def _carry_out(self, stream: str, command: Command, expected_version: int | None) -> Outcome:
        """Asks under one id until there is an answer, so that asking again does nothing twice."""
        return await carry_out(self._gateway, stream, command, self._caller.actor, expected_version, self._correlation_id)

    async def _newer(self, stream: str, document: Document | None) -> Document | None:
        """The profile as it stands now, where the one at hand was overtaken."""
        version = document["version"] + 1 if document is not None else 1
        watch, patience = self._gateway.watch, self._gateway.settings.answer_deadline_seconds
        return await patiently(lambda: watch.at_least(self._kind.collection, stream, version, patience))


async def carry_out(
    gateway: Gateway, stream: str, command: Command, actor: Actor, expected_version: int | None, correlation_id: str
) -> Outcome:
    """The outcome of a command that is sent under one id until it is answered. Raises NotAnswering."""
    about = {"command_id": str(uuid4()), "correlation_id": correlation_id}

    async def attempt() -> Outcome:
        return await gateway.commander.execute(command, stream, actor, expected_version=expected_version, **about)

    return await patiently(attempt)


def _settled(status: str, outcome: Outcome) -> Settled | None:
    if outcome.status == "accepted":
        return Settled(status, outcome.stream, outcome.version)
    if outcome.code in OVERTAKEN:
        return None
    reason = outcome.message or "the command was put aside; staff can have it tried again"
    return Settled("refused", outcome.stream, errors=[error(outcome.field.partition(".")[0], reason)])
