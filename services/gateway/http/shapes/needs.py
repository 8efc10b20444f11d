"""What answers about needs look like."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.gateway.http.shapes.common import Shape, Source
from services.matching.contract import Candidate
from services.profiles.contract import NeedStated


class Need(Shape, NeedStated):
    """What a company looks for."""

    need_id: str = Field(default="", exclude=True)
    provenance: str = Field(default="", exclude=True)
    evidence: str = Field(default="", exclude=True)
    source: Source | None = None
    company_id: str = ""
    open: bool = True


class Candidates(BaseModel):
    """The people for a need, best first."""

    need_id: str
    ranked_at: datetime | None
    items: list[Candidate]
