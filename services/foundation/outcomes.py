"""Outcomes: how a command ended, told to whoever sent it. The outcomes of a batch travel in one message a receiver."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

OutcomeStatus = Literal["accepted", "refused", "parked"]


class Outcome(BaseModel):
    """Accepted: ``stream`` is now at ``version``. Refused: ``code``, ``message`` and ``field`` say why. Parked: a fault of ours
    keeps the command as a dead letter until staff replay it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    command_id: str
    stream: str
    status: OutcomeStatus
    version: int = 0
    code: str = ""
    message: str = ""
    field: str = ""


_outcomes = TypeAdapter(list[Outcome])


def pack(outcomes: list[Outcome]) -> bytes:
    return _outcomes.dump_json(outcomes, exclude_defaults=True)


def unpack(value: bytes) -> list[Outcome]:
    """Raises pydantic.ValidationError for anything that ``pack`` did not make."""
    return _outcomes.validate_json(value)
