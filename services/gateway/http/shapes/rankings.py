"""What answers about rankings look like, for the OpenAPI document."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.gateway.http.shapes.common import Shape
from services.matching.contract import Evidence, TrialSummary, TriedNeed


class WordedVerdict(BaseModel):
    """What one criterion says, in the language of the answer. ``evidence`` is missing, and ``reason`` empty, for who
    may not know it."""

    criterion: str
    points: float
    weight: float
    reason: str
    evidence: list[Evidence] = Field(default_factory=list)


class RankedPerson(BaseModel):
    person_id: str
    place: int
    score: float
    verdicts: list[WordedVerdict]


class NeedRanking(BaseModel):
    """The people for a need, best first. ``notice``: what a ranking is and is not."""

    need_id: str
    ranked_at: datetime | None
    weights_version: int | None
    items: list[RankedPerson]
    notice: str


class NeedOfPerson(BaseModel):
    need_id: str
    company_id: str
    score: float
    verdicts: list[WordedVerdict]


class PersonRanking(BaseModel):
    """The needs for a person, best first."""

    person_id: str
    ranked_at: datetime | None
    weights_version: int | None
    items: list[NeedOfPerson]
    notice: str


class WordedObstacle(BaseModel):
    """What rules out or costs, how much of the score, and the smallest change that would turn it; null where none would."""

    condition: str
    lost: float
    reason: str | None = None
    change: str | None = None
    change_field: str | None = None
    advice: str | None = None


class PairExplanation(BaseModel):
    """All of ``ruled_out_by`` has to change; of ``costs`` the first is what costs most."""

    need_id: str
    person_id: str
    need_open: bool
    score: float
    weights_version: int
    explained_at: datetime
    ruled_out: bool
    ruled_out_by: list[WordedObstacle]
    costs: list[WordedObstacle]
    verdicts: list[WordedVerdict]
    notice: str


class SetOfWeights(BaseModel):
    """Weights by criterion, since when, by whom and why."""

    weights_version: int
    weights: dict[str, float]
    note: str
    set_at: datetime | None
    set_by: str | None


class RankingWeightsShape(SetOfWeights):
    """The weights that count. Version 0 are those that count as long as nobody has set any."""

    id: str
    version: int


class WeightTrial(Shape):
    """What a set of weights would change. Only those needs are told that change most; ``summary`` counts all."""

    state: Literal["running", "done"]
    weights: dict[str, float]
    begun_at: datetime
    tried_at: datetime | None = None
    compared_with: int | None = None
    summary: TrialSummary | None = None
    needs: list[TriedNeed] = Field(default_factory=list)
