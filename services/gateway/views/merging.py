"""What a merge does to the documents of both profiles.

A statement that came by a merge says so (``merged_from``); one of the same provenance that it covers is kept in ``covered``.
The last of them that is left shows again when a merge is undone.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from services.foundation.messages import Envelope, Event
from services.foundation.privacy import KeyVault
from services.gateway.views.provenance import by_precedence
from services.gateway.views.unsealing import opened
from services.gateway.words import opened_words
from services.profiles.contract import (
    DuplicateDismissed,
    MergeRejected,
    MergeUndone,
    ProfileMergedInto,
    ProfileSeparated,
    ProfilesMerged,
    Taken,
    TakenStatements,
)

Fields = dict[str, Any]


def keep_merge(vault: KeyVault, sealed: Iterable[str], document: Fields, event: Event, envelope: Envelope) -> None:
    """Changes a profile's document by an event of merging; by no other."""
    match event:
        case ProfilesMerged():
            document["merged_from"] = [*_others(document, event.absorbed_id), event.absorbed_id]
            for group in event.taken:
                source = taken_from(vault, envelope.stream, group)
                _take(document, _opened(vault, sealed, envelope.stream, group), event.absorbed_id, source)
        case MergeUndone():
            document["merged_from"] = _others(document, event.absorbed_id)
            for each in event.statements:
                _give_back(document, each.field, each.provenance, event.absorbed_id)
            _forget_covered(document, event.absorbed_id)
        case ProfileMergedInto():
            document["merged_into"] = event.survivor_id
        case ProfileSeparated():
            document["merged_into"] = None
        case MergeRejected():
            document["merge_rejected"] = event.model_dump()
        case DuplicateDismissed():
            document["not_duplicates"] = sorted({*document.get("not_duplicates", ()), event.other_id})


def taken_from(vault: KeyVault, owner: str, taken: Taken) -> Fields:
    """Where something that was taken over comes from, as statements say it."""
    evidence = opened_words(vault, owner, taken.evidence, "evidence")
    return {"provenance": taken.provenance, "evidence": evidence, "at": taken.at, "by": taken.by}


def state_own(document: Fields, field: str, made: Fields) -> None:
    """Keeps a statement of the profile's own in place of all others of its provenance."""
    _put(document, field, made)
    covered = [each for each in _covered(document, field) if each["provenance"] != made["provenance"]]
    _keep_covered(document, field, covered)


def _opened(vault: KeyVault, sealed: Iterable[str], owner: str, group: TakenStatements) -> Fields:
    return opened(vault, owner, group.fields, [field for field in sealed if field in group.fields])


def _take(document: Fields, fields: Fields, absorbed_id: str, source: Fields) -> None:
    for field, value in fields.items():
        before = [each for each in document["statements"].get(field, ()) if each["provenance"] == source["provenance"]]
        if before:
            _keep_covered(document, field, [*_covered(document, field), *before])
        _put(document, field, {"value": value, **source, "merged_from": absorbed_id})


def _give_back(document: Fields, field: str, provenance: str, absorbed_id: str) -> None:
    """What shows is taken away if it came from there; of what lies below, the last that did not shows again."""
    statements = document["statements"]
    shown = next((each for each in statements.get(field, ()) if each["provenance"] == provenance), None)
    if shown is None or shown.get("merged_from") != absorbed_id:
        return
    statements[field] = [each for each in statements[field] if each is not shown]
    below = [each for each in _covered(document, field) if each["provenance"] == provenance]
    below = [each for each in below if each.get("merged_from") != absorbed_id]
    if below:
        _put(document, field, below[-1])
        _keep_covered(document, field, [each for each in _covered(document, field) if each is not below[-1]])
    elif not statements[field]:
        del statements[field]


def _forget_covered(document: Fields, absorbed_id: str) -> None:
    for field in list(document.get("covered", ())):
        _keep_covered(document, field, [each for each in _covered(document, field) if each.get("merged_from") != absorbed_id])


def _put(document: Fields, field: str, made: Fields) -> None:
    others = [each for each in document["statements"].get(field, ()) if each["provenance"] != made["provenance"]]
    document["statements"][field] = by_precedence([*others, made])


def _covered(document: Fields, field: str) -> list[Fields]:
    return list(document.get("covered", {}).get(field, ()))


def _keep_covered(document: Fields, field: str, covered: list[Fields]) -> None:
    if covered:
        document.setdefault("covered", {})[field] = covered
    else:
        document.get("covered", {}).pop(field, None)


def _others(document: Fields, absorbed_id: str) -> list[str]:
    return [each for each in document.get("merged_from", ()) if each != absorbed_id]


def merged_statements(document: Fields) -> Iterator[tuple[str, Fields]]:
    """Field by field, the statements that came by a merge."""
    for field, made in document.get("statements", {}).items():
        yield from ((field, each) for each in made if "merged_from" in each)
