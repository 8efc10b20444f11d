"""What answers about how a profile came about look like."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.gateway.http.shapes.prospects import Approach


class Origin(BaseModel):
    """Where a profile comes from. ``source``: of a prospect, where its data was found; of a referral, the partner."""

    kind: Literal["prospect", "referral"]
    id: str
    found_through: str | None = None
    source: str | None = None
    coordinator: str | None = None
    identified_at: datetime | None = None


class History(BaseModel):
    """How a profile came about; ``origin`` is null where staff or the person made it directly."""

    id: str
    origin: Origin | None
    approaches: list[Approach]
    agreed_at: datetime | None
