"""Tokens of the local issuer for an installation's data folder."""

from pathlib import Path
from typing import cast

from deploy.embedded import keys
from deploy.embedded.problems import Problem


class TokenImpossible(Problem):
    """There is no such role, or the role needs somebody to speak for."""


def issue_token(data: Path, role: str, stream: str | None = None) -> str:
    """A token that the installation in this folder accepts, whether or not it is running. Raises TokenImpossible.

    ``stream``: the id of the company, person or partner that the token speaks for.
    """
    from services.gateway.security import ROLES, STREAM_ROLES, Role, issue

    if role not in ROLES:
        raise TokenImpossible(f"there is no role {role!r}; choose one of {', '.join(sorted(ROLES))}")
    if role in STREAM_ROLES and not (stream or "").startswith(f"{role}-"):
        raise TokenImpossible(f"a token for a {role} needs the id that it speaks for: --for {role}-...")
    if role not in STREAM_ROLES and stream:
        raise TokenImpossible(f"a {role} speaks for nobody in particular; leave --for out")
    return issue(cast(Role, role), stream or f"local-{role}", stream or "", keys.token_secret(data))
