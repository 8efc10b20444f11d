"""What failures look like."""

from pydantic import BaseModel, ConfigDict, Field


class FieldError(BaseModel):
    """A field and what is wrong with it."""

    field: str
    reason: str


class ProblemDetails(BaseModel):
    """Why a request failed (RFC 9457). ``code`` is stable and meant for programs, ``title`` for people."""

    model_config = ConfigDict(title="Problem")
    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str = ""
    errors: list[FieldError] = Field(default_factory=list)
