"""People, with what identifies them in the clear, their qualifications, and what their skills mean."""

from typing import Any

from services.foundation.messages import Envelope, Event
from services.gateway.duplicates.marks import keys_of_person
from services.gateway.views.merging import taken_from
from services.gateway.views.profile import ProfileView
from services.gateway.views.provenance import by_precedence
from services.gateway.words import opened_words
from services.profiles.contract import (
    PERSON_SEALED,
    MergeUndone,
    ProfilesMerged,
    QualificationRecorded,
    QualificationRemoved,
    RecognitionStatusChanged,
    SkillsStated,
)

Fields = dict[str, Any]


class PersonView(ProfileView):
    """{_id, version, name, email, …, statements: {field: [{value, provenance, evidence, at, by}]}, consents: […],
    qualifications: [{id, title, …, recognition, statements: […]}], skill_concepts: [{typed, concept, provenance, …}],
    concepts: [id of each concept that counts]}"""

    collection = "people"
    categories = frozenset({"person"})
    sealed = PERSON_SEALED

    def apply(self, document: Fields, event: Event, envelope: Envelope) -> None:
        match event:
            case QualificationRecorded():
                _change_qualification(document, event.qualification_id, self._recorded(document, event, envelope))
            case RecognitionStatusChanged():
                decided = event.model_dump(mode="json", exclude={"qualification_id", "changed_at"})
                decided["reference"] = opened_words(self._vault, envelope.stream, event.reference, "reference")
                status = decided.pop("status")
                _change_qualification(document, event.qualification_id, {"recognition": status, "decision": decided})
            case QualificationRemoved():
                kept = [each for each in document["qualifications"] if each["id"] != event.qualification_id]
                document["qualifications"] = kept
            case SkillsStated():
                self._keep_concepts(document, event, envelope)
            case ProfilesMerged():
                super().apply(document, event, envelope)
                self._take_over(document, event, envelope.stream)
            case MergeUndone():
                super().apply(document, event, envelope)
                _give_back(document, event)
            case _:
                super().apply(document, event, envelope)
        document.setdefault("qualifications", [])
        document["concepts"] = _counting_concepts(document)

    def _recorded(self, document: Fields, event: QualificationRecorded, envelope: Envelope) -> Fields:
        """The qualification as it counts, beside what each source has stated. A decided recognition is not typed over."""
        known = _qualification(document, event.qualification_id)
        stated = event.model_dump(exclude={"qualification_id", "provenance", "evidence"})
        others = [each for each in known.get("statements", ()) if each["provenance"] != event.provenance]
        made = by_precedence([*others, {"value": stated, **self.source_of(event.provenance, event.evidence, envelope)}])
        counting = dict(made[0]["value"])
        if "decision" in known:
            counting["recognition"] = known["recognition"]
        return {**counting, "statements": made}

    def _keep_concepts(self, document: Fields, event: SkillsStated, envelope: Envelope) -> None:
        source = self.source_of(event.provenance, event.evidence, envelope)
        stated = {skill.typed: skill.concept for skill in event.skills}
        others = [
            each
            for each in document.get("skill_concepts", ())
            if each["provenance"] != event.provenance or each["typed"] not in stated
        ]
        new = [{"typed": typed, "concept": concept, **source} for typed, concept in stated.items()]
        document["skill_concepts"] = by_precedence([*others, *new])

    def _take_over(self, document: Fields, event: ProfilesMerged, owner: str) -> None:
        for each in event.qualifications:
            id = each.recorded.qualification_id
            stated = each.recorded.model_dump(exclude={"qualification_id", "provenance", "evidence"})
            made = by_precedence(
                [*_qualification(document, id).get("statements", ()), {"value": stated, **taken_from(self._vault, owner, each)}]
            )
            _change_qualification(document, id, {**made[0]["value"], "statements": made})
        for decided in event.recognitions:
            decision = decided.model_dump(mode="json", exclude={"qualification_id"})
            decision["reference"] = opened_words(self._vault, owner, decided.reference, "reference")
            status = decision.pop("status")
            _change_qualification(document, decided.qualification_id, {"recognition": status, "decision": decision})
        new = [
            {"typed": each.typed, "concept": each.concept, **taken_from(self._vault, owner, each)} for each in event.concepts
        ]
        if new:
            document["skill_concepts"] = by_precedence([*document.get("skill_concepts", ()), *new])

    def duplicate_keys(self, document: Fields) -> list[str]:
        return keys_of_person(document)


def _give_back(document: Fields, event: MergeUndone) -> None:
    kept = [each for each in document["qualifications"] if each["id"] not in event.qualifications]
    document["qualifications"] = kept
    gone = {(each.typed, each.provenance) for each in event.concepts}
    if gone:
        concepts = document["skill_concepts"]
        document["skill_concepts"] = [each for each in concepts if (each["typed"], each["provenance"]) not in gone]


def _qualification(document: Fields, id: str) -> Fields:
    return next((each for each in document.get("qualifications", ()) if each["id"] == id), {"id": id})


def _change_qualification(document: Fields, id: str, changes: Fields) -> None:
    known = document.get("qualifications", [])
    changed = {**_qualification(document, id), **changes}
    document["qualifications"] = [*(each for each in known if each["id"] != id), changed]


def _counting_concepts(document: Fields) -> list[str]:
    """The concepts of the skills that the profile holds; of several statements, the first counts."""
    counting: dict[str, str | None] = {}
    for each in document.get("skill_concepts", ()):
        counting.setdefault(each["typed"], each["concept"])
    return sorted({concept for typed, concept in counting.items() if concept and typed in document.get("skills", ())})
