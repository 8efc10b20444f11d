"""What profiles of all kinds share."""

from datetime import datetime
from typing import Any

from pydantic import Field

from services.gateway.http.shapes.common import Shape, Source
from services.profiles.contract import ConsentGranted


class Consent(ConsentGranted):
    """An active consent."""


class FieldStatement(Source):
    """What was stated of one field; ``merged_from``: the profile from which it came by a merge."""

    value: Any
    merged_from: str | None = None


class Profile(Shape):
    """``statements``: by field, what each source has stated, the statement that counts first. ``origin``: the prospect or
    referral that the profile was made of. ``covered``: statements in whose place others of the same provenance came by a merge.
    ``merged_into``: the profile that stands for this one; ``merged_from``: those for which this one stands."""

    statements: dict[str, list[FieldStatement]] = Field(default_factory=dict)
    covered: dict[str, list[FieldStatement]] = Field(default_factory=dict)
    origin: str | None = None
    merged_into: str | None = None
    merged_from: list[str] = Field(default_factory=list)
    created_at: datetime | None = None
    consents: list[Consent] = Field(default_factory=list)
