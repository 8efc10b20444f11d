"""The wording of every message, in German and English: ``<language>/<template>.txt``. The first line is the subject.

A parameter that a template names and nobody gives is an error (strict undefined), never a gap in a letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

LANGUAGES = ("de", "en")
LOCAL_TIME = ZoneInfo("Europe/Berlin")
"""Talks take place in Mecklenburg-Vorpommern."""

WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
FORMATS = {
    "de": {
        "face_to_face": "Treffen vor Ort",
        "video": "Videogespräch",
        "phone": "Telefongespräch",
        "discussion_round": "Gesprächsrunde",
        "workshop": "Workshop",
        "intercultural_training": "interkulturelles Training",
        "entrepreneurship_training": "Gründungstraining",
        "company_visit": "Betriebsbesuch",
    },
    "en": {
        "face_to_face": "meeting in person",
        "video": "video call",
        "phone": "phone call",
        "discussion_round": "discussion round",
        "workshop": "workshop",
        "intercultural_training": "intercultural training",
        "entrepreneurship_training": "entrepreneurship training",
        "company_visit": "company visit",
    },
}


CONSENTS = {
    "de": {
        "matching": "für die Vermittlung verglichen und vorgeschlagen zu werden",
        "show_to_companies": "Unternehmen gezeigt zu werden",
        "share_with_partners": "an Netzwerkpartner weitergegeben zu werden",
        "be_written_to": "E-Mails zu erhalten",
        "reports": "in Berichten mitgezählt zu werden",
    },
    "en": {
        "matching": "to be compared and proposed for matching",
        "show_to_companies": "to be shown to companies",
        "share_with_partners": "to be shared with partner organisations",
        "be_written_to": "to receive e-mails",
        "reports": "to be counted in reports",
    },
}
STORES = {
    "de": {
        "keys": "Schlüssel",
        "events": "Ereignisse und Warteschlangen aller Dienste (nur verschlüsselt, nicht mehr lesbar)",
        "matching": "Vermittlung",
        "notifications": "Benachrichtigungen",
        "views": "Ansichten für Mitarbeitende und Beteiligte",
        "feed": "Nachrichten an Netzwerkpartner",
        "requests": "aufbewahrte Anfragen und Antworten",
        "attachments": "Dateien an Nachrichten",
    },
    "en": {
        "keys": "keys",
        "events": "events and queues of all services (encrypted only, no longer readable)",
        "matching": "matching",
        "notifications": "notifications",
        "views": "views for staff and those involved",
        "feed": "feed for partner organisations",
        "requests": "kept requests and answers",
        "attachments": "files beside messages",
    },
}


@dataclass(frozen=True, slots=True)
class Mail:
    """What goes to the mail server: a subject of one line, and plain text."""

    subject: str
    text: str


def render(template: str, language: str, name: str, parameters: Mapping[str, str]) -> Mail:
    """The message in this language, or in German where there is no such language.

    Raises jinja2.TemplateNotFound for an unknown template and jinja2.UndefinedError for a missing parameter.
    """
    language = language if language in LANGUAGES else "de"
    written = _environments[language].get_template(f"{template}.txt").render(**parameters, name=name)
    subject, _, text = written.partition("\n")
    return Mail(subject.strip(), text.strip() + "\n")


def moment(iso: str, language: str) -> str:
    """A point in time in words, in local time: "Montag, 3. März 2025, 10:00 Uhr"."""
    local = datetime.fromisoformat(iso).astimezone(LOCAL_TIME)
    weekday, month = WEEKDAYS[language][local.weekday()], MONTHS[language][local.month - 1]
    if language == "de":
        return f"{weekday}, {local.day}. {month} {local.year}, {local:%H:%M} Uhr"
    return f"{weekday}, {local.day} {month} {local.year}, {local:%H:%M} (German time)"


def _stores(lines: str, language: str) -> list[tuple[str, str]]:
    """Each store in words, with the moment since which it is clean."""
    parts = (line.partition(" ") for line in lines.splitlines())
    return [(STORES[language].get(store, store), at) for store, _, at in parts]


def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / language),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "moment": lambda iso: moment(iso, language),
        "consent": lambda purpose: CONSENTS[language].get(purpose, purpose),
        "stores": lambda lines: _stores(lines, language),
        "meeting_format": lambda value: FORMATS[language].get(value, value),
    }
    environment.filters.update(filters)
    return environment


_environments = {language: _environment(language) for language in LANGUAGES}
