"""What a Europass document says, in one form for both of its formats, and the person's profile that it makes."""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.profiles.contract import LEVELS

SKILLS = ("listening", "reading", "spoken_interaction", "spoken_production", "writing")
LONGEST_SKILL = 80
MOST_SKILLS = 100

_SECTIONS = {"A": "agriculture", "F": "construction", "G": "trade", **dict.fromkeys("HIJKLMNOPQRS", "services")}
_THREE_LETTERS = {
    "ara": "ar", "bul": "bg", "ces": "cs", "cze": "cs", "dan": "da", "deu": "de", "ger": "de", "ell": "el", "gre": "el",
    "eng": "en", "est": "et", "fas": "fa", "per": "fa", "fin": "fi", "fra": "fr", "fre": "fr", "hin": "hi", "hrv": "hr",
    "hun": "hu", "hye": "hy", "ita": "it", "kat": "ka", "kaz": "kk", "kur": "ku", "lav": "lv", "lit": "lt", "mkd": "mk",
    "nld": "nl", "dut": "nl", "nor": "no", "pol": "pl", "por": "pt", "pus": "ps", "ron": "ro", "rum": "ro", "rus": "ru",
    "slk": "sk", "slv": "sl", "som": "so", "spa": "es", "sqi": "sq", "srp": "sr", "swa": "sw", "swe": "sv", "tir": "ti",
    "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi", "zho": "zh",
}  # fmt: skip
"""ISO 639-3 and 639-2 codes of languages that have one of two letters; others stay as they are."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work from one month to another, counted from year 0. ``industry``: a NACE code or section."""

    start: int
    end: int
    industry: str = ""


@dataclass(slots=True)
class Curriculum:
    """``fields`` of the person's form as far as the document has them, ``qualifications`` as they are recorded."""

    fields: dict[str, Any] = field(default_factory=dict, repr=False)
    qualifications: list[dict[str, Any]] = field(default_factory=list, repr=False)
    jobs: list[Job] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def person(self) -> dict[str, Any]:
        """The fields of the form, with experience counted from the jobs."""
        return {name: value for name, value in {**self.fields, **_experience(self.jobs)}.items() if value not in ("", [], None)}


def spoken(code: str, levels: Mapping[str, str], *, native: bool = False, evidence: str = "self") -> dict[str, str] | None:
    """A language of the form; over all it is spoken at the lowest level of its skills. None where the document does not say."""
    language = _THREE_LETTERS.get(code.lower(), code.lower())
    known = {name: level.upper() for name, level in levels.items() if level.upper() in LEVELS}
    if not re.fullmatch("[a-z]{2,3}", language) or not (native or known):
        return None
    level = "native" if native else min(known.values(), key=lambda each: LEVELS.index(each))
    return {"language": language, "level": level, **known, **({"evidence": evidence} if evidence != "self" else {})}


def distinct(languages: Iterable[dict[str, str] | None]) -> list[dict[str, str]]:
    """Each language once, as it is named first."""
    found: dict[str, dict[str, str]] = {}
    for each in languages:
        if each is not None:
            found.setdefault(each["language"], each)
    return list(found.values())


def typed_skills(texts: Iterable[str], notes: list[str]) -> list[str]:
    """The skills that free texts list. Sentences are none: what is too long is left out, and that is said."""
    found: dict[str, str] = {}
    for text in texts:
        plain = html.unescape(re.sub(r"<(?:/p|/li|br)[^>]*>", "\n", text))
        for item in re.split(r"[\n;,|•]", re.sub(r"<[^>]+>", "", plain)):
            skill = re.sub(r"\s+", " ", item).strip(" -.\u2022")
            if len(skill) > LONGEST_SKILL:
                notes.append(f"a skill of more than {LONGEST_SKILL} characters was left out")
            elif skill:
                found.setdefault(skill.casefold(), skill)
    return list(found.values())[:MOST_SKILLS]


def qualification(title: str, awarded_by: str, field_of_study: str, level: str, country: str, year: str) -> dict[str, Any]:
    """A qualification with what the document says of it."""
    made: dict[str, Any] = {"title": title[:200], "awarded_by": awarded_by[:200], "field_of_study": field_of_study[:200]}
    if re.fullmatch("[1-8]", level):
        made["level"] = int(level)
    if re.fullmatch("[A-Za-z]{2}", country):
        made["country"] = {"EL": "GR", "UK": "GB"}.get(country.upper(), country.upper())  # as the EU writes them
    if re.fullmatch("(19[4-9]|20)[0-9]+", year) and len(year) == 4:
        made["year"] = int(year)
    return {name: value for name, value in made.items() if value != ""}


def month(year: str, number: str = "") -> int | None:
    """Months since year 0; None where there is no year."""
    digits = re.sub(r"\D", "", number)
    if not re.fullmatch("(19|20)[0-9]{2}", year):
        return None
    return int(year) * 12 + (min(max(int(digits), 1), 12) - 1 if digits else 0)


def this_month(today: date) -> int:
    return today.year * 12 + today.month - 1


def _experience(jobs: Iterable[Job]) -> dict[str, Any]:
    """Years in each sector and all in all; what went on at the same time counts once."""
    months: dict[str, set[int]] = defaultdict(set)
    for job in jobs:
        months[_sector(job.industry)].update(range(job.start, job.end))
    if not months:
        return {}
    years = {sector: len(worked) // 12 for sector, worked in months.items()}
    return {
        "experience_years": min(len(set().union(*months.values())) // 12, 80),
        "experience": [{"sector": sector, "years": min(count, 80)} for sector, count in sorted(years.items()) if count],
    }


def _sector(industry: str) -> str:
    """The sector of a NACE code. Manufacturing as a whole, and energy as a whole, are no sector of ours."""
    code = industry.strip().upper().removeprefix("NACE").strip()
    if re.match(r"C?\.?28", code):
        return "mechanical_engineering"
    return _SECTIONS.get(code[:1], "other")
