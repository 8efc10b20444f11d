"""The wording of every message, in six languages: ``<language>/<template>.txt``, and the words of a language in ``words.json``.

The first line is the subject, the rest are paragraphs and lists. Greeting, reference and farewell stand around them, the same
for all. Words are rendered once; the text and the HTML page are two views of the same paragraphs, so they never say different
things. A parameter that a template names and nobody gives is an error (strict undefined), never a gap in a letter.
"""

import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound, pass_context
from prometheus_client import Counter

from services.notifications.templates.moments import moment

LANGUAGES = ("de", "en", "uk", "ar", "fa", "fr")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
FALLBACKS = ("en", "de")
"""In which languages a message is written that is missing in its recipient's: whoever lives abroad reads English more often."""
REFERENCES = ("contact_id", "workshop_id", "notice_id", "erasure_id")
"""The parameters that say what a letter is about, whichever comes first."""
FOOT = "<!-- foot -->"
"""Where a link to unsubscribe goes into the page, if there is one."""
WIDTH = 76
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
"""Unicode's isolates: a Latin name between them does not turn the Arabic sentence around it (UAX 9)."""

FALLEN_BACK = Counter(
    "bruecke_letter_fallbacks_total", "Letters written in another language than their recipient's", ("template", "language")
)

log = structlog.get_logger()
_here = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a list, in lines."""

    kind: Literal["paragraph", "list"]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A message in the language in which it is written; ``fell_back`` where that is not the one asked for."""

    subject: str
    text: str
    html: str
    language: str
    direction: str
    fell_back: bool


def render(template: str, language: str, name: str, parameters: Mapping[str, str], zone: str = "") -> Written:
    """The message in this language, or in one of FALLBACKS; times also as the clocks show them in ``zone``.

    Raises jinja2.TemplateNotFound for an unknown template and jinja2.UndefinedError for a missing parameter.
    """
    written_in, source = _source(template, language)
    direction = "rtl" if written_in in RIGHT_TO_LEFT else "ltr"
    subject, _, body = source.render(**parameters, name=name, zone=zone).partition("\n")
    subject = subject.translate({ord(ISOLATE): None, ord(END_ISOLATE): None}).strip()
    blocks = _framed(_blocks(body), words_of(written_in), name, parameters, direction)
    page = _layout().render(subject=subject, blocks=blocks, language=written_in, direction=direction, foot=FOOT)
    return Written(subject, _text(blocks), page, written_in, direction, written_in != language)


@cache
def words_of(language: str) -> dict[str, Any]:
    """The words of a language, see its words.json."""
    words: dict[str, Any] = json.loads((_here / language / "words.json").read_text(encoding="utf-8"))
    return words


def _source(template: str, language: str) -> tuple[str, Template]:
    """The template, and the language in which there is one; that it is another than asked for is reported."""
    for each in dict.fromkeys((language, *FALLBACKS)):
        if each not in LANGUAGES:
            continue
        try:
            found = environment_of(each).get_template(f"{template}.txt")
        except TemplateNotFound:
            continue
        if each != language:
            log.warning("letter.fell_back", template=template, language=language, written_in=each)
            FALLEN_BACK.labels(template, language if language in LANGUAGES else "other").inc()
        return each, found
    raise TemplateNotFound(template)


def _blocks(body: str) -> list[Block]:
    """Lines that begin with ``- `` are a list; lines between empty ones are a paragraph."""
    blocks: list[Block] = []
    for part in body.strip().split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        prose = " ".join(line for line in lines if not line.startswith("- "))
        listed = tuple(line[2:].strip() for line in lines if line.startswith("- "))
        blocks += [Block("paragraph", (prose,))] if prose else []
        blocks += [Block("list", listed)] if listed else []
    return blocks


def _framed(body: list[Block], words: dict[str, Any], name: str, parameters: Mapping[str, str], direction: str) -> list[Block]:
    shown = _isolated(name) if direction == "rtl" else name
    blocks = [_paragraph(words["greeting_to"].format(name=shown) if name else words["greeting"]), *body]
    if parameters.get("guest") == "yes":
        blocks.append(_paragraph(words["guest"]))
    reference = next((parameters[each] for each in REFERENCES if parameters.get(each)), "")
    if reference:
        id = _isolated(reference) if direction == "rtl" else reference
        blocks.append(_paragraph(words["reference"].format(id=id)))
    return [*blocks, _paragraph(words["farewell"], words["team"])]


def _paragraph(*lines: str) -> Block:
    return Block("paragraph", lines)


def _isolated(value: Any) -> str:
    """The value between isolates; an address stays bare, as mail programs would take them for a part of it."""
    text = str(value)
    return f"{ISOLATE}{text}{END_ISOLATE}" if text and not text.startswith("https://") else text


def _text(blocks: list[Block]) -> str:
    parts = []
    for block in blocks:
        marks = ("- ", "  ") if block.kind == "list" else ("", "")
        parts.append("\n".join(_wrapped(line, *marks) for line in block.lines))
    return "\n\n".join(parts) + "\n"


def _wrapped(line: str, first: str, further: str) -> str:
    return textwrap.fill(
        line, WIDTH, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )


def names() -> tuple[str, ...]:
    """All templates, in the order of the alphabet."""
    return tuple(sorted({path.stem for path in _here.glob("*/*.txt")}))


def languages_of(template: str) -> tuple[str, ...]:
    """In which languages there is a text."""
    return tuple(each for each in LANGUAGES if (_here / each / f"{template}.txt").exists())


@cache
def environment_of(language: str, folder: Path | None = None) -> Environment:
    """The templates of a language, those below ``folder`` instead of the installed ones where it is given."""
    words = words_of(language)
    environment = Environment(
        loader=FileSystemLoader((folder or _here) / language),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_isolated if language in RIGHT_TO_LEFT else None,
    )
    filters: dict[str, Any] = {
        "moment": pass_context(lambda context, iso: moment(str(iso), words, context["zone"])),
        "local_moment": lambda iso: moment(str(iso), words),
        "consent": lambda purpose: words["consents"].get(purpose, purpose),
        "meeting_format": lambda value: words["formats"].get(value, value),
        "hiding_reason": lambda value: words["hiding_reasons"].get(value, value),
        "slots": lambda lines: [tuple(line.split()) for line in lines.splitlines()],
        "lines": str.splitlines,
        "stores": lambda lines: _stores(lines, words),
    }
    environment.filters.update(filters)
    return environment


def _stores(lines: str, words: dict[str, Any]) -> list[tuple[str, str]]:
    """Each store in words, with the moment since which it is clean."""
    parts = (line.partition(" ") for line in lines.splitlines())
    return [(words["stores"].get(store, store), at) for store, _, at in parts]


@cache
def _layout() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_here), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("layout.html")
