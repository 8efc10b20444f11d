"""A message is a sign of life of its contact, and changes nothing else."""

from datetime import timedelta

from services.matching.contract import ContactClosed, MessagePosted, NoteSignOfLife, SignOfLifeNoted
from services.matching.sign_of_life import sign_of_life
from tests.unit.matching.words import ARRANGED, CONTACT, PERSON, contact
from tests.unit.recording import recorded
from tests.unit.story import NOW

SIGN = NoteSignOfLife(message_id="message-1", by=PERSON, at=NOW)
WORKSHOP = "workshop-00000000-0000-4000-8000-000000000001"


def posted(subject: str) -> MessagePosted:
    return MessagePosted(message_id="message-1", subject=subject, author=PERSON, role="person", body="", language="de")


def test_a_message_in_a_contact_is_noted_there() -> None:
    (request,) = sign_of_life(recorded(posted(CONTACT), "thread-1"))
    assert (request.stream, request.command) == (CONTACT, SIGN)


def test_a_message_in_a_workshop_is_no_sign_of_a_contact() -> None:
    assert list(sign_of_life(recorded(posted(WORKSHOP), "thread-1"))) == []
    assert list(sign_of_life(recorded(ContactClosed(reason="no_fit"), CONTACT))) == []


def test_the_next_step_stays() -> None:
    story = contact().given(*ARRANGED)
    step = story.aggregate.step
    story.when(SIGN).then(SignOfLifeNoted(**SIGN.model_dump()))
    assert story.aggregate.step == step


def test_what_is_not_newer_and_what_comes_after_the_end_changes_nothing() -> None:
    noted = SignOfLifeNoted(**SIGN.model_dump())
    contact().given(*ARRANGED, noted).when(SIGN).then_nothing()
    earlier = SIGN.model_copy(update={"at": NOW - timedelta(days=1)})
    contact().given(*ARRANGED, noted).when(earlier).then_nothing()
    contact().given(*ARRANGED, ContactClosed(reason="no_fit")).when(SIGN).then_nothing()
