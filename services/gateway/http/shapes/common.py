"""What answers of many kinds share."""

from datetime import datetime

from pydantic import BaseModel

from services.profiles.contract import Provenance


class Shape(BaseModel):
    """A view's document: its id and the version of its stream, which is also its ETag."""

    id: str
    version: int
    updated_at: datetime | None = None


class Source(BaseModel):
    """Where a statement comes from, what it rests on, when and by whom it was handed in."""

    provenance: Provenance
    evidence: str = ""
    at: datetime
    by: str
