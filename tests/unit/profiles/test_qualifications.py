"""A person's qualifications, their recognition, and what typed skills mean."""

from datetime import date, timedelta

from services.profiles.contract import (
    ChangeRecognitionStatus,
    ConfirmedSkill,
    QualificationRecorded,
    QualificationRemoved,
    RecognitionStatusChanged,
    RecordQualification,
    RemoveQualification,
    SkillsStated,
    StateSkills,
    TypedSkill,
)
from services.profiles.person import QualificationUnknown, RecognitionDecidedInTheFuture, SkillNotInProfile
from services.profiles.profile import EvidenceMissing
from tests.unit.profiles.words import DEGREE, create_person, person
from tests.unit.story import NOW, Story

CAD = "http://data.europa.eu/esco/skill/cad"
RECORD = RecordQualification(qualification_id=DEGREE, title="B.Sc. Mechanical Engineering", level=6, country="SY", year=2014)
RECORDED = QualificationRecorded(
    qualification_id=DEGREE, title="B.Sc. Mechanical Engineering", level=6, country="SY", year=2014
)
CHANGE = ChangeRecognitionStatus(qualification_id=DEGREE, status="partial", authority="IHK FOSA", decided_on=date(2026, 2, 3))
CHANGED = RecognitionStatusChanged(
    qualification_id=DEGREE, status="partial", authority="IHK FOSA", decided_on=date(2026, 2, 3), changed_at=NOW
)
CONFIRM = StateSkills(skills=(TypedSkill(typed="CAD", concept=CAD),))
CONFIRMED = SkillsStated(skills=(ConfirmedSkill(typed="CAD", concept=CAD),))


def someone() -> Story:
    return person().when(create_person())


def test_a_qualification_is_recorded_once() -> None:
    someone().when(RECORD).then(RECORDED)
    someone().given(RECORDED).when(RECORD).then_nothing()


def test_what_the_person_said_of_a_qualification_stays_beside_what_staff_entered() -> None:
    said = RECORDED.model_copy(update={"year": 2013, "provenance": "said"})
    story = someone().given(said).when(RECORD)
    story.then(RECORDED)
    assert set(story.aggregate.qualifications[DEGREE]) == {"said", "staff"}


def test_a_qualification_is_verified_with_evidence() -> None:
    verified = RECORD.model_copy(update={"provenance": "verified"})
    someone().when(verified).then_refused(EvidenceMissing, field="evidence")


def test_its_recognition_goes_on() -> None:
    someone().given(RECORDED).when(CHANGE).then(CHANGED)
    someone().given(RECORDED, CHANGED).when(CHANGE, at=NOW + timedelta(days=1)).then_nothing()


def test_no_authority_has_decided_tomorrow() -> None:
    tomorrow = CHANGE.model_copy(update={"decided_on": NOW.date() + timedelta(days=1)})
    someone().given(RECORDED).when(tomorrow).then_refused(RecognitionDecidedInTheFuture, field="decided_on")


def test_a_qualification_that_nobody_recorded_is_neither_recognised_nor_removed() -> None:
    someone().when(CHANGE).then_refused(QualificationUnknown, field="qualification_id")
    someone().when(RemoveQualification(qualification_id=DEGREE)).then_refused(QualificationUnknown, field="qualification_id")


def test_a_qualification_is_removed_with_its_recognition() -> None:
    story = someone().given(RECORDED, CHANGED).when(RemoveQualification(qualification_id=DEGREE))
    story.then(QualificationRemoved(qualification_id=DEGREE))
    story.when(RECORD).then(RECORDED)
    story.when(CHANGE).then(CHANGED)


def test_a_typed_skill_is_confirmed_to_mean_a_concept() -> None:
    someone().when(CONFIRM).then(CONFIRMED)
    someone().given(CONFIRMED).when(CONFIRM).then_nothing()


def test_that_no_concept_fits_can_be_said_too() -> None:
    none = StateSkills(skills=(TypedSkill(typed="CAD", concept=None),))
    someone().given(CONFIRMED).when(none).then(SkillsStated(skills=(ConfirmedSkill(typed="CAD"),)))


def test_only_of_what_was_typed_can_be_said_what_it_means() -> None:
    other = StateSkills(skills=(TypedSkill(typed="CAD", concept=CAD), TypedSkill(typed="welding", concept=CAD)))
    someone().when(other).then_refused(SkillNotInProfile, field="skills.1.typed")
