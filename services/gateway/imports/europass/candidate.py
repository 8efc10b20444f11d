"""The profile of europass.europa.eu: Candidate, on HR-Open and EURES."""

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

_DIMENSIONS = dict(
    zip(
        (
            "CEF-Understanding-Listening",
            "CEF-Understanding-Reading",
            "CEF-Speaking-Interaction",
            "CEF-Speaking-Production",
            "CEF-Writing-Production",
        ),
        SKILLS,
        strict=True,
    )
)
_COMPETENCY = ("PersonQualifications", "PersonCompetency")


def curriculum_of(candidate: Node, today: date) -> Curriculum:
    """What the document says."""
    made, profile = Curriculum(), first_of(candidate, "CandidateProfile")
    person = first_of(candidate, "CandidatePerson")
    made.fields = _identity(person)
    native = [spoken(_words(code), {}, native=True) for code in all_of(person, "PrimaryLanguageCode")]
    competencies = list(all_of(profile, *_COMPETENCY))
    made.fields["languages"] = distinct([*native, *map(_language, filter(_is_language, competencies))])
    named = [text_of(each, "CompetencyName") for each in competencies if not _is_language(each)]
    made.fields["skills"] = typed_skills(filter(None, named), made.notes)
    attended = all_of(profile, "EducationHistory", "EducationOrganizationAttendance")
    made.qualifications = [made_of for each in attended if (made_of := _qualification(each)).get("title")]
    made.jobs = list(_jobs(profile, today))
    return made


def _identity(person: Node) -> dict[str, Any]:
    ways = {text_of(each, "ChannelCode"): each for each in reversed(list(all_of(person, "Communication")))}
    mail, phone = ways.get("Email", {}), ways.get("Telephone", {})
    address = first_of(person, "Communication", "Address")
    town, code = text_of(address, "CityName"), text_of(address, "PostalCode")
    dialing = text_of(phone, "CountryDialing").lstrip("+")
    return {
        "name": " ".join(filter(None, (text_of(person, "PersonName", part) for part in ("GivenName", "FamilyName")))),
        "email": text_of(mail, "URI") or text_of(mail, "Text"),
        "phone": " ".join(filter(None, (dialing and f"+{dialing}", text_of(phone, "DialNumber")))),
        "address": "\n".join(filter(None, (text_of(address, "AddressLine"), f"{code} {town}".strip()))),
        "place": town,
    }


def _is_language(competency: Node) -> bool:
    return text_of(competency, "TaxonomyID") == "language"


def _language(competency: Node) -> dict[str, str] | None:
    levels = {
        _DIMENSIONS[kind]: text_of(each, "Score", "ScoreText")
        for each in all_of(competency, "CompetencyDimension")
        if (kind := text_of(each, "CompetencyDimensionTypeCode")) in _DIMENSIONS
    }
    return spoken(text_of(competency, "CompetencyID"), levels)


def _qualification(attended: Node) -> dict[str, Any]:
    return qualification(
        text_of(attended, "EducationDegree", "DegreeName") or text_of(attended, "ProgramName"),
        text_of(attended, "OrganizationName"),
        text_of(attended, "EducationDegree", "FieldOfStudy"),
        text_of(attended, "EducationLevelCode"),
        text_of(attended, "OrganizationContact", "Communication", "Address", "CountryCode"),
        text_of(attended, "AttendancePeriod", "EndDate", "FormattedDateTime")[:4],
    )


def _jobs(profile: Node, today: date) -> list[Job]:
    made = []
    for employer in all_of(profile, "EmploymentHistory", "EmployerHistory"):
        industry = text_of(employer, "IndustryCode")
        for position in all_of(employer, "PositionHistory"):
            start = _month(text_of(position, "EmploymentPeriod", "StartDate", "FormattedDateTime"))
            end = _month(text_of(position, "EmploymentPeriod", "EndDate", "FormattedDateTime"))
            end = this_month(today) if end is None else end
            if start is not None and start <= end:
                made.append(Job(start, end + 1, industry))
    return made


def _month(day: str) -> int | None:
    return month(day[:4], day[5:7])


def _words(node: Node) -> str:
    return str(node.get("#", "")) if isinstance(node, dict) else str(node)
