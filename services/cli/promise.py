"""``bruecke promise``: the proof that no conversation dies unnoticed, and whether gateway and matching agree about it."""

import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.options import DEFAULT_DATA, Data

if TYPE_CHECKING:
    from deploy.embedded.state import RunState
    from services.cli.api import Api

LOOKS = 10
LOOK_SECONDS = 0.3
"""How often, and in which distance, two views are compared: while contacts change, one is always a little ahead."""

Document = dict[str, Any]


def promise(
    as_of: Annotated[str | None, typer.Option("--as-of", help="A past moment with its zone (RFC 3339).")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Prove that every open contact had an owner and a dated next step, now or at a past moment. Exit status 1 if not."""
    from deploy.embedded.state import RunFolder

    folder = data.absolute()
    proof = _auditor(folder, RunFolder(folder).read()).get("/v1/promise", **({"as_of": as_of} if as_of else {}))
    for line in told(proof):
        print(line)
    if not proof["kept"]:
        raise typer.Exit(1)


def told(proof: Document) -> list[str]:
    """The proof in plain lines."""
    owners = ", ".join(f"{owner} {count}" for owner, count in proof["owners"].items())
    escalated = ", ".join(f"to the {whom} {count}" for whom, count in proof["escalated"].items())
    return [
        f"As of {proof['as_of']}: {'kept' if proof['kept'] else 'BROKEN'}",
        f"  open contacts  {proof['open']}",
        f"  silent         {proof['silent']}",
        *(f"                 {contact}" for contact in proof["silent_contacts"]),
        f"  overdue        {proof['overdue']}, reported {proof['reported']}",
        f"  escalated      {escalated or 0}",
        f"  steps owned by {owners or 'nobody'}",
        f"  checksum       {proof['checksum']}",
    ]


def examine_promise(data: Path, state: "RunState") -> list[str]:
    """What is wrong with the promise, in plain sentences: contacts that are silent, or views that differ about what is open."""
    import pymongo

    from deploy.embedded.problems import Problem

    prefix = os.environ.get("BRUECKE_MONGO_PREFIX", "bruecke_")
    try:
        api = _auditor(data, state)
        with pymongo.MongoClient[Document](state.mongo_url, tz_aware=True, serverSelectionTimeoutMS=3_000) as client:
            return _compare(api, client[f"{prefix}matching"]["agenda"])
    except Problem as problem:
        return [f"the promise cannot be proven: {problem}"]


def _compare(api: "Api", agenda: Any) -> list[str]:
    for _ in range(LOOKS):
        before = agenda_checksum(agenda.find({"open": True}))
        proof = api.get("/v1/promise")
        if proof["kept"] and proof["checksum"] == before:
            return []
        time.sleep(LOOK_SECONDS)
    return disagreements(proof, list(agenda.find({"open": True})))


def disagreements(proof: Document, agenda: list[Document]) -> list[str]:
    """What to say of a proof and matching's agenda that did not come to agree."""
    problems = [f"{proof['silent']} open contacts are silent: ./bruecke promise names them"] if proof["silent"] else []
    silent = sum(not (each.get("step") and each.get("due")) for each in agenda)
    if silent:
        problems.append(f"{silent} open contacts have no next step on matching's agenda")
    if proof["checksum"] != agenda_checksum(agenda):
        counts = f"{proof['open']} and {len(agenda)}"
        problems.append(f"gateway and matching's agenda differ about open contacts and their steps: {counts} are open")
    return problems


def agenda_checksum(agenda: Iterable[Document]) -> str:
    """The checksum that the gateway's proof has where it has seen the same."""
    from services.gateway.promise import seal_of

    reckoned = hashlib.sha256()
    for each in sorted(agenda, key=lambda document: str(document["_id"])):
        step = each.get("step") or {}
        reckoned.update(seal_of(each["_id"], each["version"], step.get("step_id", ""), each.get("due")))
    return f"sha256:{reckoned.hexdigest()}"


def _auditor(data: Path, state: "RunState") -> "Api":
    from deploy.embedded.tokens import issue_token
    from services.cli.api import Api

    return Api(state.address, issue_token(data, "auditor", None))
