"""``bruecke token``: a token for trying out."""

from typing import Annotated

import typer

from services.cli.options import DEFAULT_DATA, Data


def token(
    role: Annotated[str, typer.Argument(help="coordinator, head, company, person, partner, auditor or operator")],
    stream: Annotated[str, typer.Option("--for", help="The company, person or partner that the token speaks for.")] = "",
    data: Data = DEFAULT_DATA,
) -> None:
    """Print a token that the installation in the data folder accepts for twelve hours."""
    from deploy.embedded.tokens import issue_token

    print(issue_token(data.absolute(), role, stream or None))
