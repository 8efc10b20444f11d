"""A person: someone with qualifications who agreed to cooperate."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Event
from services.profiles.contract import (
    ChangeRecognitionStatus,
    ConceptKey,
    ConfirmedSkill,
    MergeProfiles,
    MergeUndone,
    PersonDetails,
    ProfilesMerged,
    QualificationRecorded,
    QualificationRemoved,
    RecognitionStatusChanged,
    RecordQualification,
    RemoveQualification,
    SkillsStated,
    StateSkills,
)
from services.profiles.merging import Mergeable, of_the_absorbed
from services.profiles.profile import require_evidence

START = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for the moment of a decision that came by a merge."""


class SkillNotInProfile(Refusal):
    """Only of what was typed in the profile can be said which concept it means."""


class QualificationUnknown(Refusal):
    """The profile has no such qualification."""


class RecognitionDecidedInTheFuture(Refusal):
    """A decision that is still to come is pending."""


class Person(Mergeable):
    """Nobody is matched or shown to others without their active consent for it: see ``Profile.consents``.

    ``qualifications``: by id and provenance, as they were last recorded. ``concepts``: by typed skill and provenance.
    """

    category = "person"
    details_type = PersonDetails

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.qualifications: dict[str, dict[str, QualificationRecorded]] = {}
        self.recognitions: dict[str, RecognitionStatusChanged] = {}
        self.concepts: dict[tuple[str, str], str | None] = {}
        self.lent_qualifications: dict[str, str] = {}
        self.lent_concepts: dict[tuple[str, str], str] = {}

    def state_skills(self, command: StateSkills, _: Context) -> Iterator[Event]:
        require_evidence(command)
        typed = self.details.skills if isinstance(self.details, PersonDetails) else ()
        for index, skill in enumerate(command.skills):
            if skill.typed not in typed:
                raise SkillNotInProfile("the profile holds no skill that was typed like this", field=f"skills.{index}.typed")
        stated = [(skill.typed, skill.concept) for skill in command.skills]
        unheard = object()
        known = {key: concept for key, concept in self.concepts.items() if key not in self.lent_concepts}
        new = [each for each in stated if known.get((each[0], command.provenance), unheard) != each[1]]
        if new:
            skills = tuple(ConfirmedSkill(typed=typed, concept=concept) for typed, concept in new)
            yield SkillsStated(skills=skills, provenance=command.provenance, evidence=command.evidence)

    def record_qualification(self, command: RecordQualification, _: Context) -> Iterator[Event]:
        require_evidence(command)
        recorded = QualificationRecorded.model_validate(command.model_dump())
        lent = command.qualification_id in self.lent_qualifications
        if lent or self.qualifications.get(command.qualification_id, {}).get(command.provenance) != recorded:
            yield recorded

    def change_recognition_status(self, command: ChangeRecognitionStatus, context: Context) -> Iterator[Event]:
        self._require_qualification(command.qualification_id)
        if command.decided_on is not None and command.decided_on > context.time.date():
            raise RecognitionDecidedInTheFuture("a decision cannot lie in the future", field="decided_on")
        changed = RecognitionStatusChanged(**command.model_dump(), changed_at=context.time)
        known = self.recognitions.get(command.qualification_id)
        lent = command.qualification_id in self.lent_qualifications
        if known is None or lent or known.model_copy(update={"changed_at": context.time}) != changed:
            yield changed

    def remove_qualification(self, command: RemoveQualification, _: Context) -> Iterator[Event]:
        self._require_qualification(command.qualification_id)
        yield QualificationRemoved(qualification_id=command.qualification_id)

    def further_taken(self, command: MergeProfiles, context: Context) -> dict[str, Any]:
        """Qualifications that this profile does not hold, as a whole, and what its typed skills were not yet said to mean."""
        new = {each.recorded.qualification_id for each in command.qualifications}.difference(self.qualifications)
        return {
            "qualifications": tuple(each for each in command.qualifications if each.recorded.qualification_id in new),
            "recognitions": tuple(each for each in command.recognitions if each.qualification_id in new),
            "concepts": tuple(each for each in command.concepts if (each.typed, each.provenance) not in self.concepts),
        }

    def further_given_back(self, absorbed_id: str) -> dict[str, Any]:
        concepts = of_the_absorbed(self.lent_concepts, absorbed_id)
        return {
            "qualifications": of_the_absorbed(self.lent_qualifications, absorbed_id),
            "concepts": tuple(ConceptKey(typed=typed, provenance=provenance) for typed, provenance in concepts),
        }

    def _take_over(self, event: ProfilesMerged) -> None:
        for each in event.qualifications:
            self.qualifications.setdefault(each.recorded.qualification_id, {})[each.provenance] = each.recorded
            self.lent_qualifications[each.recorded.qualification_id] = event.absorbed_id
        for decided in event.recognitions:
            changed = RecognitionStatusChanged(**decided.model_dump(), changed_at=START)
            self.recognitions[decided.qualification_id] = changed
        self.concepts |= {(each.typed, each.provenance): each.concept for each in event.concepts}
        self.lent_concepts |= {(each.typed, each.provenance): event.absorbed_id for each in event.concepts}

    def _give_back(self, event: MergeUndone) -> None:
        for id in event.qualifications:
            self._forget_qualification(id)
        for each in event.concepts:
            self.concepts.pop((each.typed, each.provenance), None)
            self.lent_concepts.pop((each.typed, each.provenance), None)

    def _forget_qualification(self, id: str) -> None:
        for known in (self.qualifications, self.recognitions, self.lent_qualifications):
            known.pop(id, None)

    def apply(self, event: Event) -> None:
        match event:
            case ProfilesMerged():
                super().apply(event)
                self._take_over(event)
            case MergeUndone():
                super().apply(event)
                self._give_back(event)
            case SkillsStated():
                self.concepts |= {(skill.typed, event.provenance): skill.concept for skill in event.skills}
                for skill in event.skills:
                    self.lent_concepts.pop((skill.typed, event.provenance), None)
            case QualificationRecorded():
                self.qualifications.setdefault(event.qualification_id, {})[event.provenance] = event
                self.lent_qualifications.pop(event.qualification_id, None)
            case RecognitionStatusChanged():
                self.recognitions[event.qualification_id] = event
                self.lent_qualifications.pop(event.qualification_id, None)
            case QualificationRemoved():
                self._forget_qualification(event.qualification_id)
            case _:
                super().apply(event)

    def _require_qualification(self, id: str) -> None:
        if id not in self.qualifications:
            raise QualificationUnknown("there is no qualification with this id", field="qualification_id")
