"""What answers about probable duplicates look like."""

from pydantic import BaseModel


class DuplicateReason(BaseModel):
    """Why two profiles may be the same: the fields that were compared, the weight from 0 to 1, and the sentence."""

    fields: list[str]
    weight: float
    de: str
    en: str


class DuplicateProfile(BaseModel):
    """A profile that may be a duplicate, in short: ``occupation`` of people, ``sector`` of companies."""

    id: str
    version: int
    name: str | None
    place: str | None = None
    occupation: str | None = None
    sector: str | None = None


class Duplicate(BaseModel):
    """Another profile that is probably the same; ``score`` from 0 to 1."""

    profile: DuplicateProfile
    score: float
    reasons: list[DuplicateReason]


class Duplicates(BaseModel):
    """Probable duplicates of a profile, best first."""

    items: list[Duplicate]


class DuplicatePair(BaseModel):
    """Two profiles that are probably the same; ``score`` from 0 to 1."""

    profiles: list[DuplicateProfile]
    score: float
    reasons: list[DuplicateReason]
