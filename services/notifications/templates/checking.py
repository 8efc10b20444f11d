"""Looks for what would make a letter fail: a template that is missing, or a field in it that nobody fills."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound
from jinja2.meta import find_undeclared_variables

from services.notifications.templates import LANGUAGES, environment_of, names, render

ALWAYS = frozenset({"name", "zone"})
"""The fields that every letter has."""


@dataclass(frozen=True, slots=True)
class Failure:
    """``field``: the one that nobody fills, "" for another fault."""

    template: str
    language: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.template} ({self.language or 'all languages'}): {self.reason}"


def failures(examples: Iterable[tuple[str, dict[str, str]]], folder: Path | None = None) -> Iterator[Failure]:
    """What is wrong with the templates of these examples, in any language. ``folder``: where they lie, if not here."""
    known = list(examples)
    yield from (Failure(name, "", "", "nobody sends it") for name in names() if name not in dict(known))
    for template, parameters in known:
        for language in LANGUAGES:
            yield from _unfilled(template, language, parameters, folder)
            yield from _ill_titled(template, language, parameters, folder)
            if folder is None:
                yield from _unrendered(template, language, parameters)


def _unfilled(template: str, language: str, parameters: dict[str, str], folder: Path | None) -> Iterator[Failure]:
    environment = environment_of(language, folder)
    try:
        source, _, _ = environment.loader.get_source(environment, f"{template}.txt")  # type: ignore[union-attr]
        fields = find_undeclared_variables(environment.parse(source))
    except TemplateNotFound:
        yield Failure(template, language, "", "there is no such text")
        return
    except TemplateError as fault:
        yield Failure(template, language, "", f"it cannot be read: {fault}")
        return
    for field in sorted(fields - parameters.keys() - ALWAYS):
        yield Failure(template, language, field, f"nobody fills the field {field!r}")


def _unrendered(template: str, language: str, parameters: dict[str, str]) -> Iterator[Failure]:
    try:
        render(template, language, "Lena", parameters)
    except (TemplateError, ValueError, KeyError, TypeError) as fault:
        yield Failure(template, language, "", f"it cannot be written: {fault}")


def _ill_titled(template: str, language: str, parameters: dict[str, str], folder: Path | None) -> Iterator[Failure]:
    """Looks at the first line as it is filled, before anything tidies it."""
    try:
        filled = environment_of(language, folder).get_template(f"{template}.txt").render(**parameters, name="Lena", zone="")
    except (TemplateError, ValueError, KeyError, TypeError):
        return  # the others say so
    subject = filled.partition("\n")[0]
    if not subject.strip():
        yield Failure(template, language, "", "it has no subject")
    elif re.search(r"^\s|\s$|\s\s", subject):
        yield Failure(template, language, "", "its subject has spaces too many")
