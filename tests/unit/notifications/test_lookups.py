"""What is kept beside an event for the policies."""

from collections.abc import Iterable
from dataclasses import replace

from services.foundation.database import Document
from services.foundation.messages import Event
from services.foundation.projection import Projection
from services.matching.contract import (
    ContactAccepted,
    ContactAssigned,
    ContactProposed,
    ContactReopened,
    NoticeAnswered,
    NoticePosted,
    ParticipantPromoted,
    ParticipantRegistered,
    ParticipantWaitlisted,
    RegistrationCancelled,
    WorkshopAnnounced,
)
from services.notifications.address_book import ContactSides, agreed
from services.notifications.lookups import ContactsLookedAfter, NoticesKnown, SearchersKnown, WorkshopsKnown, attending
from services.notifications.occasion import Attending
from services.profiles.contract import SearchSaved
from tests.unit.recording import recorded
from tests.unit.story import NOW

PERSON, COMPANY, GUEST, PARTNER = "person-1", "company-1", "guest-1", "partner-1"
ANNOUNCED = WorkshopAnnounced(
    kind="workshop",
    title="Export",
    description="",
    language="de",
    starts_at=NOW,
    ends_at=NOW,
    capacity=2,
    place="Rathaus",
    link="",
    region="DE-MV",
    coordinator="coordinator-1",
)


def kept(projection: Projection, events: Iterable[Event]) -> Document:
    document: Document = {"_id": "stream"}
    for version, event in enumerate(events, 1):
        projection.apply(document, event, replace(recorded(event, "stream").envelope, version=version))
    return document


def test_who_takes_part_in_a_workshop_is_known_for_every_version_of_it() -> None:
    history = [
        ANNOUNCED,
        ParticipantRegistered(participant_id=PERSON),
        ParticipantRegistered(participant_id=GUEST, partner_id=PARTNER),
        ParticipantWaitlisted(participant_id=COMPANY),
        RegistrationCancelled(participant_id=PERSON),
        ParticipantPromoted(participant_id=COMPANY),
        RegistrationCancelled(participant_id=GUEST),
    ]
    entries = kept(WorkshopsKnown(), history)["entries"]
    guest = Attending(GUEST, False, PARTNER)
    assert attending(entries, 1) == ()
    assert attending(entries, 4) == (Attending(PERSON, False), guest, Attending(COMPANY, True))
    assert attending(entries, 5) == (guest, Attending(COMPANY, True))
    assert attending(entries, 6) == (guest, Attending(COMPANY, False))
    assert attending(entries, 7) == (Attending(COMPANY, False),)


def test_nothing_of_a_guest_is_kept_but_who_brings_them() -> None:
    guest = ParticipantRegistered(participant_id=GUEST, partner_id=PARTNER, name="sealed.v1.name", email="sealed.v1.email")
    assert "sealed" not in str(kept(WorkshopsKnown(), [ANNOUNCED, guest]))


def test_who_looks_after_a_contact_changes_with_its_assignment() -> None:
    proposed = ContactProposed(person_id=PERSON, company_id=COMPANY, need_id="need-1", coordinator="one", deputy="two")
    document = kept(ContactsLookedAfter(), [proposed, ContactAssigned(coordinator="three")])
    assert (document["coordinator"], document["deputy"]) == ("three", "")


def test_who_had_agreed_to_a_contact_is_known_for_every_version_of_it() -> None:
    proposed = ContactProposed(person_id=PERSON, company_id=COMPANY, need_id="need-1", coordinator="one")
    person, company = ContactAccepted(side="person"), ContactAccepted(side="company")
    answers = kept(ContactSides(), [proposed, person, company, ContactReopened(), company])["answers"]
    told = [agreed(answers, version) for version in range(1, 6)]
    assert told == [frozenset(each) for each in ((), ("person",), ("person", "company"), (), ("company",))]


def test_who_wrote_a_notice_and_its_answers_is_known() -> None:
    posted = NoticePosted(kind="offer", author=PERSON, role="person", title="x", body="x", language="de", expires_at=NOW)
    answered = NoticeAnswered(answer_id="answer-1", author=COMPANY, role="company", body="x", language="de")
    document = kept(NoticesKnown(), [posted, answered])
    assert (document["author"], document["answers"]) == (PERSON, {"answer-1": COMPANY})


def test_a_search_of_staff_is_known_as_theirs_and_no_other() -> None:
    saved = SearchSaved(actor="coordinator:one", resource="people", title="x", saved_at=NOW)
    assert kept(SearchersKnown(), [saved])["staff"] == "one"
    assert kept(SearchersKnown(), [saved.model_copy(update={"actor": "company:two", "owner": COMPANY})])["staff"] == ""
