"""A Europass document becomes a person: the same commands as a form, under the provenance ``said``, and once however often."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.foundation.aggregate import derived_id, derived_stream
from services.gateway.house import Gateway
from services.gateway.imports.cells import CellWrong
from services.gateway.imports.columns import PEOPLE
from services.gateway.imports.europass import candidate, passport
from services.gateway.imports.europass.curriculum import Curriculum
from services.gateway.imports.europass.tree import read
from services.gateway.imports.kinds import KINDS
from services.gateway.imports.opaque import digest
from services.gateway.imports.rows import Error, Row, error
from services.gateway.imports.settling import Settled, Settler, carry_out
from services.gateway.problems import Problem
from services.gateway.security import Caller
from services.profiles.contract import RecordQualification

SOURCE = "europass"
READERS = {"SkillsPassport": passport.curriculum_of, "Candidate": candidate.curriculum_of}
COLUMNS = {column.name: column for column in PEOPLE}


@dataclass(slots=True)
class Imported:
    """How it ended. ``given`` and ``qualifications``: what the document and the parameters make. ``recorded``: how many of the
    qualifications were news."""

    settled: Settled
    given: dict[str, Any] = field(repr=False)
    qualifications: list[dict[str, Any]] = field(repr=False)
    notes: list[str] = field(default_factory=list)
    recorded: int = 0


def curriculum_of(content: bytes, today: date) -> Curriculum:
    """What the document says; raises 400 and 415 problems for what is no Europass document."""
    root, node = read(content)
    if root not in READERS:
        raise Problem(400, "unreadable-document", "this is no Europass document (SkillsPassport or Candidate)")
    return READERS[root](node, today)


def beside(parameters: Mapping[str, str]) -> tuple[dict[str, Any], list[Error]]:
    """What is said beside the document, read like the cells of a file, and what of it cannot be read."""
    said: dict[str, Any] = {}
    errors = []
    for name, words in parameters.items():
        try:
            said[name] = COLUMNS[name].read(words.strip())
        except CellWrong as wrong:
            errors.append(error(name, str(wrong)))
    return said, errors


async def carry_in(
    gateway: Gateway, caller: Caller, made: Curriculum, parameters: Mapping[str, str], correlation_id: str, *, dry_run: bool
) -> Imported:
    """Creates the person or tells them what is news, then records the qualifications. Raises NotAnswering."""
    said, errors = beside(parameters)
    given = made.person() | said
    if not given.get("email"):
        errors.append(error("email", "is missing: a person is found again by it"))
    row = Row(1, errors=errors, given=given)
    settler = Settler(gateway, caller, KINDS["people"], correlation_id, SOURCE, "said", dry_run=dry_run)
    if not errors:
        address = given["email"].strip().casefold()
        row.stream = derived_stream("person", SOURCE, await asyncio.to_thread(digest, gateway.vault, address))
    known = await settler.find([row.stream]) if row.stream else {}
    imported = Imported(await settler.settle(row, known.get(row.stream)), given, made.qualifications, made.notes)
    if not dry_run and imported.settled.status != "refused":
        version = imported.settled.version or known[row.stream]["version"]
        for command in qualifications(row.stream, made.qualifications):
            outcome = await carry_out(gateway, row.stream, command, caller.actor, None, correlation_id)
            imported.recorded += outcome.version > version
            version = max(outcome.version, version)
        imported.settled = Settled(imported.settled.status, row.stream, version)
    return imported


def qualifications(stream: str, stated: Sequence[Mapping[str, Any]]) -> list[RecordQualification]:
    """The commands that record them. Their ids follow from title and school, so that a newer document corrects the older."""
    made = []
    for each in stated:
        which = (re.sub(r"\W+", " ", each.get(part, "").casefold()).strip() for part in ("title", "awarded_by"))
        id = f"qualification-{derived_id(stream, *which)}"
        made.append(RecordQualification.model_validate({"qualification_id": id, "provenance": "said", **each}))
    return made
