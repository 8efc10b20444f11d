"""A person's profile and consents."""

from services.profiles.contract import (
    ConsentGranted,
    ConsentWithdrawn,
    GrantConsent,
    KnownMarket,
    PersonDetails,
    ProfileCreated,
    ProfileUpdated,
    SpokenLanguage,
    UpdatePerson,
    WithdrawConsent,
)
from services.profiles.profile import ConsentTextUnknown, ProfileAlreadyExists
from tests.unit.profiles.words import SEALED, create_person, person
from tests.unit.story import NOW

DETAILS = PersonDetails(
    name=SEALED,
    email=SEALED,
    occupation="2144",
    experience_years=8,
    sectors=("mechanical_engineering",),
    skills=("CAD", "pumps"),
    languages=(SpokenLanguage(language="de", level="B2"),),
    markets=(KnownMarket(country="SY", sector="agriculture", years=4),),
    purposes=("employment",),
    place="Rostock",
    region="DE-MV",
    mobility_km=50,
)
STATED = ("name", "email", "occupation", "experience_years", "sectors", "skills", "languages", "markets", "place", "region")
CREATED = ProfileCreated(kind="person", details=DETAILS, stated=STATED)
AGREE = GrantConsent(purpose="matching", text_version="2026-01", language="ar", recipients=("Institute",))
AGREED = ConsentGranted(purpose="matching", text_version="2026-01", language="ar", recipients=("Institute",), granted_at=NOW)


def test_nobody_agrees_to_a_text_that_does_not_exist() -> None:
    unknown = AGREE.model_copy(update={"text_version": "2025-13"})
    person().given(CREATED).when(unknown).then_refused(ConsentTextUnknown, "text_version")


def test_a_person_is_created_as_stated() -> None:
    person().when(create_person()).then(CREATED)


def test_creating_the_same_person_again_changes_nothing() -> None:
    person().given(CREATED).when(create_person()).then_nothing()


def test_an_existing_person_is_not_created_with_other_details() -> None:
    person().given(CREATED).when(create_person(place="Wismar")).then_refused(ProfileAlreadyExists)


def test_an_update_replaces_what_it_names_and_keeps_the_rest() -> None:
    updated = DETAILS.model_copy(update={"place": "Wismar", "skills": ()})
    story = person().given(CREATED).when(UpdatePerson(place="Wismar", skills=()))
    story.then(ProfileUpdated(kind="person", details=updated, stated=("skills", "place")))


def test_an_update_that_changes_nothing_says_nothing() -> None:
    person().given(CREATED).when(UpdatePerson(place="Rostock", mobility_km=50)).then_nothing()


def test_an_empty_update_says_nothing() -> None:
    person().given(CREATED).when(UpdatePerson()).then_nothing()


def test_a_second_update_builds_on_the_first() -> None:
    story = person().given(CREATED).when(UpdatePerson(place="Wismar")).when(UpdatePerson(mobility_km=10))
    updated = DETAILS.model_copy(update={"place": "Wismar", "mobility_km": 10})
    story.then(ProfileUpdated(kind="person", details=updated, stated=("mobility_km",)))


def test_a_consent_records_wording_language_recipients_and_time() -> None:
    person().given(CREATED).when(AGREE).then(AGREED)


def test_agreeing_to_the_same_wording_again_changes_nothing() -> None:
    person().given(CREATED, AGREED).when(AGREE.model_copy(update={"language": "de"})).then_nothing()


def test_a_new_wording_is_a_new_consent() -> None:
    newer = AGREE.model_copy(update={"text_version": "2026-02"})
    person().given(CREATED, AGREED).when(newer).then(AGREED.model_copy(update={"text_version": "2026-02"}))


def test_other_recipients_are_a_new_consent() -> None:
    wider = AGREE.model_copy(update={"recipients": ("Institute", "Chamber")})
    person().given(CREATED, AGREED).when(wider).then(AGREED.model_copy(update={"recipients": ("Institute", "Chamber")}))


def test_a_consent_is_withdrawn() -> None:
    withdrawn = ConsentWithdrawn(purpose="matching", withdrawn_at=NOW)
    person().given(CREATED, AGREED).when(WithdrawConsent(purpose="matching")).then(withdrawn)


def test_withdrawing_what_was_never_given_changes_nothing() -> None:
    person().given(CREATED, AGREED).when(WithdrawConsent(purpose="reports")).then_nothing()


def test_a_withdrawn_consent_can_be_given_again() -> None:
    withdrawn = ConsentWithdrawn(purpose="matching", withdrawn_at=NOW)
    person().given(CREATED, AGREED, withdrawn).when(AGREE).then(AGREED)
