"""Rankings: a state on a topic of its own, ``matching.rankings``, not facts of a stream."""

from pydantic import BaseModel, ConfigDict

from services.foundation.messages import Event


class Evidence(BaseModel):
    """What a verdict rests on: what the need asks, and what was found in this field of the profile; empty where nothing is.

    ``provenance``: whether the statement that counts was ``said``, entered by ``staff`` or ``verified``; empty if unknown.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    field: str
    asked: str = ""
    found: str = ""
    provenance: str = ""


class Verdict(BaseModel):
    """How one criterion judges one person for one need: points of 0 to 1, its weight, and why, in German and English."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    criterion: str
    points: float
    weight: float
    reason_de: str
    reason_en: str
    evidence: tuple[Evidence, ...] = ()


class Candidate(BaseModel):
    """A person's place in the ranking for a need; ``score`` is from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    person_id: str
    score: float
    verdicts: tuple[Verdict, ...] = ()


class NeedRanked(Event, type="matching.NeedRanked.v1"):
    """The people for a need, best first, as of now: a state on its own topic ``matching.rankings``, not a fact of a stream."""

    need_id: str
    company_id: str
    open: bool
    candidates: tuple[Candidate, ...] = ()
    weights_version: int = 0


class RankedNeed(BaseModel):
    """A need's place among those that suit a person."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    need_id: str
    company_id: str
    score: float
    verdicts: tuple[Verdict, ...] = ()


class PersonRanked(Event, type="matching.PersonRanked.v1"):
    """The needs for a person, best first, as of now: a state on the same topic; empty after leaving the pool."""

    person_id: str
    needs: tuple[RankedNeed, ...] = ()
    weights_version: int = 0
