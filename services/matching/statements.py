"""What the pool keeps of where statements come from: by field, typed skill and qualification, in documents of the pool."""

from collections.abc import Collection, Iterator

from services.foundation.database import Document
from services.profiles.contract import (
    PRECEDENCE,
    MergeUndone,
    ProfileCreated,
    ProfilesMerged,
    ProfileUpdated,
    QualificationRecorded,
    QualificationRemoved,
    RecognitionStatusChanged,
    SkillsStated,
)

Statement = SkillsStated | QualificationRecorded | RecognitionStatusChanged | QualificationRemoved


def note_sources(document: Document, event: ProfileCreated | ProfileUpdated) -> None:
    """Of each field, who has stated it."""
    sources = document.setdefault("sources", {})
    if isinstance(event, ProfilesMerged):
        _take_over(document, event)
    elif isinstance(event, MergeUndone):
        _give_back(document, event)
    for field in event.stated:
        sources[field] = sorted({*sources.get(field, ()), event.provenance})


def note_statement(document: Document, event: Statement) -> None:
    match event:
        case SkillsStated():
            for skill in event.skills:
                _put_concept(document, skill.typed, skill.concept, event.provenance)
        case QualificationRecorded():
            _put_qualification(document, event, event.provenance)
        case RecognitionStatusChanged():
            document.setdefault("recognitions", {})[event.qualification_id] = event.status
        case QualificationRemoved():
            _drop_qualification(document, event.qualification_id)


def sources_of(document: Document) -> dict[str, str]:
    """Of each field, where the statement that counts comes from; how far qualifications are recognised is one of them."""
    found = {field: _first(sources) for field, sources in document.get("sources", {}).items()}
    qualified = [_first(each) for each in document.get("qualifications", {}).values()]
    if document.get("recognitions"):
        found["recognition"] = "staff"
    elif qualified:
        found["recognition"] = _first(qualified)
    return found


def concepts_of(document: Document) -> Iterator[tuple[str, str, str]]:
    """Each typed skill with what it means by the statement that counts, and where that comes from; "" means nothing known."""
    stated: dict[str, dict[str, str | None]] = {}
    for each in document.get("concepts", ()):
        stated.setdefault(each["typed"], {})[each["provenance"]] = each["concept"]
    for typed, by_source in stated.items():
        source = _first(by_source)
        yield typed, by_source[source] or "", source


def recognitions_of(document: Document) -> Iterator[str]:
    """How far each qualification is recognised: what was decided last, else what was recorded with it."""
    decided = document.get("recognitions", {})
    for id, by_source in document.get("qualifications", {}).items():
        yield decided.get(id) or by_source[_first(by_source)]


def _take_over(document: Document, event: ProfilesMerged) -> None:
    sources = document.setdefault("sources", {})
    for taken in event.taken:
        for field in taken.fields:
            sources[field] = sorted({*sources.get(field, ()), taken.provenance})
    for concept in event.concepts:
        _put_concept(document, concept.typed, concept.concept, concept.provenance)
    for qualification in event.qualifications:
        _put_qualification(document, qualification.recorded, qualification.provenance)
    for decided in event.recognitions:
        document.setdefault("recognitions", {})[decided.qualification_id] = decided.status


def _give_back(document: Document, event: MergeUndone) -> None:
    sources = document.setdefault("sources", {})
    for statement in event.statements:
        left = [each for each in sources.get(statement.field, ()) if each != statement.provenance]
        sources[statement.field] = left
    for id in event.qualifications:
        _drop_qualification(document, id)
    gone = {(each.typed, each.provenance) for each in event.concepts}
    document["concepts"] = [each for each in document.get("concepts", ()) if (each["typed"], each["provenance"]) not in gone]


def _put_concept(document: Document, typed: str, concept: str | None, provenance: str) -> None:
    others = [each for each in document.get("concepts", ()) if (each["typed"], each["provenance"]) != (typed, provenance)]
    document["concepts"] = [*others, {"typed": typed, "concept": concept, "provenance": provenance}]


def _put_qualification(document: Document, recorded: QualificationRecorded, provenance: str) -> None:
    document.setdefault("qualifications", {}).setdefault(recorded.qualification_id, {})[provenance] = recorded.recognition


def _drop_qualification(document: Document, id: str) -> None:
    document.get("qualifications", {}).pop(id, None)
    document.get("recognitions", {}).pop(id, None)


def _first(sources: Collection[str]) -> str:
    """The source that counts most of these; empty of none."""
    for each in PRECEDENCE:
        if each in sources:
            return each
    return min(sources, default="")
