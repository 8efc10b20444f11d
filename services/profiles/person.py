"""A person: someone with qualifications who agreed to cooperate."""

from collections.abc import Iterator

from services.foundation.aggregate import Context, Refusal
from services.foundation.messages import Event
from services.profiles.contract import (
    ChangeRecognitionStatus,
    ConfirmedSkill,
    PersonDetails,
    QualificationRecorded,
    QualificationRemoved,
    RecognitionStatusChanged,
    RecordQualification,
    RemoveQualification,
    SkillsStated,
    StateSkills,
)
from services.profiles.profile import Profile, require_evidence


class SkillNotInProfile(Refusal):
    """Only of what was typed in the profile can be said which concept it means."""


class QualificationUnknown(Refusal):
    """The profile has no such qualification."""


class RecognitionDecidedInTheFuture(Refusal):
    """A decision that is still to come is pending."""


class Person(Profile):
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

    def state_skills(self, command: StateSkills, _: Context) -> Iterator[Event]:
        require_evidence(command)
        typed = self.details.skills if isinstance(self.details, PersonDetails) else ()
        for index, skill in enumerate(command.skills):
            if skill.typed not in typed:
                raise SkillNotInProfile("the profile holds no skill that was typed like this", field=f"skills.{index}.typed")
        stated = [(skill.typed, skill.concept) for skill in command.skills]
        unheard = object()
        new = [each for each in stated if self.concepts.get((each[0], command.provenance), unheard) != each[1]]
        if new:
            skills = tuple(ConfirmedSkill(typed=typed, concept=concept) for typed, concept in new)
            yield SkillsStated(skills=skills, provenance=command.provenance, evidence=command.evidence)

    def record_qualification(self, command: RecordQualification, _: Context) -> Iterator[Event]:
        require_evidence(command)
        recorded = QualificationRecorded.model_validate(command.model_dump())
        if self.qualifications.get(command.qualification_id, {}).get(command.provenance) != recorded:
            yield recorded

    def change_recognition_status(self, command: ChangeRecognitionStatus, context: Context) -> Iterator[Event]:
        self._require_qualification(command.qualification_id)
        if command.decided_on is not None and command.decided_on > context.time.date():
            raise RecognitionDecidedInTheFuture("a decision cannot lie in the future", field="decided_on")
        changed = RecognitionStatusChanged(**command.model_dump(), changed_at=context.time)
        known = self.recognitions.get(command.qualification_id)
        if known is None or known.model_copy(update={"changed_at": context.time}) != changed:
            yield changed

    def remove_qualification(self, command: RemoveQualification, _: Context) -> Iterator[Event]:
        self._require_qualification(command.qualification_id)
        yield QualificationRemoved(qualification_id=command.qualification_id)

    def apply(self, event: Event) -> None:
        match event:
            case SkillsStated():
                self.concepts |= {(skill.typed, event.provenance): skill.concept for skill in event.skills}
            case QualificationRecorded():
                self.qualifications.setdefault(event.qualification_id, {})[event.provenance] = event
            case RecognitionStatusChanged():
                self.recognitions[event.qualification_id] = event
            case QualificationRemoved():
                self.qualifications.pop(event.qualification_id, None)
                self.recognitions.pop(event.qualification_id, None)
            case _:
                super().apply(event)

    def _require_qualification(self, id: str) -> None:
        if id not in self.qualifications:
            raise QualificationUnknown("there is no qualification with this id", field="qualification_id")
