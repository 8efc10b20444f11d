"""The CV of Cedefop: SkillsPassport 3.x, whose XML and JSON have the same elements."""

from datetime import date
from typing import Any

from services.gateway.imports.europass.curriculum import (
    SKILLS,
    Curriculum,
    Job,
    distinct,
    month,
    qualification,
    spoken,
    this_month,
    typed_skills,
)
from services.gateway.imports.europass.tree import Node, all_of, first_of, text_of

_LEVELS = dict(zip(SKILLS, ("Listening", "Reading", "SpokenInteraction", "SpokenProduction", "Writing"), strict=True))
_TEXTS = ("JobRelated", "Organisational", "Computer", "Other")
_ADDRESS = ("ContactInfo", "Address", "Contact")


def curriculum_of(passport: Node, today: date) -> Curriculum:
    """What the document says."""
    made, learner = Curriculum(), first_of(passport, "LearnerInfo")
    made.fields = _identity(learner)
    made.fields["languages"] = distinct([*_mother_tongues(learner), *_foreign_languages(learner)])
    texts = [text_of(learner, "Skills", part, "Description") for part in _TEXTS]
    made.fields["skills"] = typed_skills(filter(None, texts), made.notes)
    made.qualifications = [_qualification(each) for each in all_of(learner, "Education") if text_of(each, "Title")]
    made.jobs = [job for each in all_of(learner, "WorkExperience") if (job := _job(each, today))]
    return made


def _identity(learner: Node) -> dict[str, Any]:
    who = first_of(learner, "Identification")
    street, code, town = (text_of(who, *_ADDRESS, part) for part in ("AddressLine", "PostalCode", "Municipality"))
    return {
        "name": " ".join(filter(None, (text_of(who, "PersonName", part) for part in ("FirstName", "Surname")))),
        "email": text_of(who, "ContactInfo", "Email", "Contact"),
        "phone": text_of(who, "ContactInfo", "Telephone", "Contact"),
        "address": "\n".join(filter(None, (street, f"{code} {town}".strip()))),
        "place": town,
    }


def _mother_tongues(learner: Node) -> list[dict[str, str] | None]:
    found = all_of(learner, "Skills", "Linguistic", "MotherTongue")
    return [spoken(text_of(each, "Description", "Code"), {}, native=True) for each in found]


def _foreign_languages(learner: Node) -> list[dict[str, str] | None]:
    made = []
    for each in all_of(learner, "Skills", "Linguistic", "ForeignLanguage"):
        levels = {name: text_of(each, "ProficiencyLevel", element) for name, element in _LEVELS.items()}
        certified = first_of(each, "VerifiedBy", "Certificate") or first_of(each, "Certificate")
        evidence = "certificate" if certified else "self"
        made.append(spoken(text_of(each, "Description", "Code"), levels, evidence=evidence))
    return made


def _qualification(education: Node) -> dict[str, Any]:
    return qualification(
        text_of(education, "Title"),
        text_of(education, "Organisation", "Name"),
        text_of(education, "Field", "Label"),
        text_of(education, "Level", "Code"),
        text_of(education, "Organisation", *_ADDRESS, "Country", "Code"),
        _part(education, "To", "Year"),
    )


def _job(experience: Node, today: date) -> Job | None:
    start = month(_part(experience, "From", "Year"), _part(experience, "From", "Month"))
    end = month(_part(experience, "To", "Year"), _part(experience, "To", "Month"))
    end = this_month(today) if end is None else end
    return None if start is None or end < start else Job(start, end + 1, text_of(experience, "Employer", "Sector", "Code"))


def _part(of: Node, side: str, part: str) -> str:
    """Year or month: an element in JSON, an attribute like ``month="--06"`` in XML."""
    return text_of(of, "Period", side, part) or text_of(of, "Period", side, f"@{part.lower()}")
