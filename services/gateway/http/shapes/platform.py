"""What answers about commands look like."""

from typing import Literal

from pydantic import BaseModel


class CommandStatus(BaseModel):
    """How a command ended, if it has."""

    id: str
    status: Literal["pending", "accepted", "refused", "parked"]
    stream: str = ""
    version: int = 0
    code: str = ""
    message: str = ""
    field: str = ""
