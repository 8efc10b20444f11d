"""What may stand in the body of a request: the contract's commands, with personal data in the clear.

The forms are derived from the commands, so that a limit is written down once. What no command says is added here: texts hold no
control characters, and times lie in this or the neighbouring century.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, create_model
from pydantic_core import PydanticCustomError

MULTI_LINE = frozenset({"body", "what", "reason", "outcome", "note", "address", "description", "words", "report"})
"""Fields in which a text may have several lines."""

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
)


def _is_email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise PydanticCustomError("email", "must be an e-mail address like name@example.org")
    return text


def fits(most: int) -> AfterValidator:
    """For texts that may come in any script: sealed they must fit into their command, whose limit is one of bytes."""

    def check(text: str) -> str:
        if len(text.encode()) > most:
            raise PydanticCustomError("too_many_bytes", "must not take more than {most} bytes in UTF-8", {"most": most})
        return text

    return AfterValidator(check)


Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
OptionalName = Annotated[str, StringConstraints(max_length=200)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=500)]
MeetingPlace = Annotated[str, StringConstraints(max_length=500)]
Evidence = Annotated[str, StringConstraints(max_length=300)]
Reference = Annotated[str, StringConstraints(max_length=100)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Address = Annotated[str, StringConstraints(max_length=300)]
Email = Annotated[
    str, StringConstraints(max_length=254), AfterValidator(_is_email), Field(json_schema_extra={"format": "email"})
]
EmailOrNothing = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(lambda text: text and _is_email(text)),
]
"""Of somebody whose address may be unknown."""
Phone = Annotated[str, StringConstraints(pattern=r"^(|\+?[0-9][0-9 ()/.-]{2,38})$")]


class Form(BaseModel):
    """A request's body. A field that it does not know is an error, and "5" is not 5."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def given(self) -> dict[str, Any]:
        """The fields that the client has sent."""
        return self.model_dump(exclude_unset=True)


def form_of(model: type[BaseModel], *, without: Collection[str] = (), called: str = "", **clear: Any) -> type[Form]:
    """The form of a command or of a part of one: its fields but for ``without``, those in ``clear`` with another type."""
    fields: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        if field in clear:
            fields[field] = (clear[field], info.default if not info.is_required() else ...)
        elif field not in without:
            fields[field] = (info.annotation, info)
    return create_model(called or model.__name__, __base__=Form, __doc__=model.__doc__, **fields)


def takes(form: type[Form], *, optional: bool = False) -> dict[str, Any]:
    """The part of the OpenAPI document that describes this body; see openapi.py, which moves the schema to its place."""
    schema = form.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": not optional, "content": {"application/json": {"schema": schema}}}}


def takes_one_of(*forms: type[Form]) -> dict[str, Any]:
    """The same for a body that is one of several forms, each of which another route takes."""
    schema = {"anyOf": [{"$ref": f"#/components/schemas/{form.__name__}"} for form in forms]}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def flaws(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Field and reason of every text and time in here that no contract rules out and nobody can mean."""
    match value:
        case str():
            reason = _flaw_in_text(value, multi_line=path.rpartition(".")[2] in MULTI_LINE)
            if reason:
                yield path, reason
        case datetime() if not EARLIEST <= value < LATEST:
            yield path, f"must lie between {EARLIEST.year} and {LATEST.year}"
        case Mapping():
            for name, part in value.items():
                yield from flaws(part, f"{path}.{name}" if path else str(name))
        case list() | tuple():
            for index, part in enumerate(value):
                yield from flaws(part, f"{path}.{index}")


def _flaw_in_text(text: str, multi_line: bool) -> str:
    if (_CONTROL if multi_line else _CONTROL_OR_BREAK).search(text):
        return "must not contain control characters" + ("" if multi_line else " or line breaks")
    if text and not text.strip():
        return "must not be blank"
    return ""
