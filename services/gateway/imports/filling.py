"""Filling in a form with the fields of a row."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from services.gateway.http.forms import Form, flaws
from services.gateway.imports.rows import Error, error

Given = Mapping[str, Any]


class RowRefused(Exception):
    """Why a row is not taken."""

    def __init__(self, errors: list[Error]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


def filled(form: type[Form], given: Given) -> dict[str, Any]:
    """The form with these fields, checked like a request's body."""
    try:
        fields = form.model_validate_json(orjson.dumps(given), strict=True).given()
    except ValidationError as fault:
        raise RowRefused([error(str(each["loc"][0]), each["msg"]) for each in fault.errors(include_input=False)]) from None
    errors = [error(path.partition(".")[0], reason) for path, reason in flaws(fields)]
    if errors:
        raise RowRefused(errors)
    return fields
