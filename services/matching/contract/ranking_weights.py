"""The weights of ranking, how a new set of them is tried first, and why somebody is not ranked higher for a need.

Source: DOMAIN.md, "Ranking people for a need".
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.foundation.aggregate import derived_stream
from services.foundation.messages import Command, Event
from services.matching.contract.ranking import Verdict

WEIGHTS_STREAM = derived_stream("weights", "ranking")
"""The one stream of the weights."""
DEFAULT_WEIGHT_BY_CRITERION: Mapping[str, float] = {
    "skills": 0.25,
    "occupation": 0.15,
    "experience": 0.05,
    "languages": 0.15,
    "sector": 0.08,
    "market": 0.12,
    "place": 0.08,
    "availability": 0.06,
    "recognition": 0.06,
}
"""What counts as long as nobody has set other weights."""
MOST_TOLD = 100
"""A trial tells the changes of so many needs; its summary counts all of them."""

Weight = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
CriterionName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
WeightByCriterion = Annotated[dict[CriterionName, Weight], Field(min_length=1, max_length=40)]
WeightsNote = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""Why the weights are changed. It speaks of criteria, not of people, and stays readable: the rules have to be accounted for."""
NeedId = Annotated[str, StringConstraints(pattern=r"^need-[0-9a-f-]{36}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^person-[0-9a-f-]{36}$")]
CompanyId = Annotated[str, StringConstraints(pattern=r"^company-[0-9a-f-]{36}$")]


class CriterionWeight(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    criterion: str
    weight: float


class SetWeights(Command, type="matching.SetWeights.v1"):
    """Makes these weights count from now on. A criterion that is not named weighs nothing."""

    weights: WeightByCriterion
    note: WeightsNote


class WeightsSet(Event, type="matching.WeightsSet.v1"):
    """``weights_version`` rises by one each time; 0 are the weights that count as long as nobody has set any."""

    weights_version: int
    weights: tuple[CriterionWeight, ...]
    note: str
    set_at: datetime


class TryWeights(Command, type="matching.TryWeights.v1"):
    """Asks what these weights would change in the present rankings. Nothing changes by it."""

    weights: WeightByCriterion


class WeightsTrialBegun(Event, type="matching.WeightsTrialBegun.v1"):
    weights: tuple[CriterionWeight, ...]
    begun_at: datetime


class Move(BaseModel):
    """Somebody who gains or loses. A place of None is beyond those who are named for a need."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    person_id: str
    place_before: int | None = None
    place_after: int | None = None
    score_before: float
    score_after: float


class TriedNeed(BaseModel):
    """What changes for one need: whose place differs, the places in the new order first."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    need_id: str
    company_id: str
    entering: int
    leaving: int
    moves: tuple[Move, ...] = ()


class TrialSummary(BaseModel):
    """Over all open needs. ``gaining`` and ``losing``: places of people; somebody may gain at one need and lose at another."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    needs: int
    needs_changed: int
    gaining: int
    losing: int
    entering: int
    leaving: int


class RecordTrial(Command, type="matching.RecordTrial.v1"):
    """What matching has found out for a trial; sent by matching itself."""

    compared_with: int
    summary: TrialSummary
    needs: Annotated[tuple[TriedNeed, ...], Field(max_length=MOST_TOLD)]


class WeightsTried(Event, type="matching.WeightsTried.v1"):
    """What the weights of a trial would change against those of version ``compared_with``; the most changed needs first."""

    compared_with: int
    summary: TrialSummary
    needs: tuple[TriedNeed, ...]
    tried_at: datetime


class ToldChange(BaseModel):
    """The smallest change that turns something: of which field of the profile, and in words."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    field: str
    de: str
    en: str


class Obstacle(BaseModel):
    """What rules somebody out, or costs points: ``lost`` of the score from 0 to 1. No ``change``: nothing would turn it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    condition: str
    lost: float = 0.0
    de: str
    en: str
    change: ToldChange | None = None


class ExplainPair(Command, type="matching.ExplainPair.v1"):
    """Asks how somebody stands for a need, by the profiles of at least these versions."""

    need_id: NeedId
    person_id: PersonId
    company_id: CompanyId
    person_version: Annotated[int, Field(ge=0)] = 0
    company_version: Annotated[int, Field(ge=0)] = 0
    weights_version: Annotated[int, Field(ge=0)] = 0


class PairExplained(Event, type="matching.PairExplained.v1"):
    """How a person stands for a need. ``ruled_out_by``: all of it has to change. ``costs``: what costs most comes first."""

    need_id: str
    person_id: str
    company_id: str
    need_open: bool
    score: float
    ruled_out_by: tuple[Obstacle, ...]
    costs: tuple[Obstacle, ...]
    verdicts: tuple[Verdict, ...]
    weights_version: int
    explained_at: datetime


def explanation_stream(need_id: str, person_id: str) -> str:
    """The one stream of a pair: what is asked again and has not changed leaves no second event."""
    return derived_stream("explanation", need_id, person_id)
