"""The feed: what partners are told of people, contacts and referrals, and what they are not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.foundation.messages import Actor, Envelope, Event
from services.gateway.views.feed import FeedView, is_decided, may_see
from services.matching import contract as matching
from services.profiles import contract as profiles

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
REGION, OTHER_REGION = "UA-46", "TR-33"
SEALED = "sealed.v1.Rm9v"


def created(region: str = REGION, **more: Any) -> profiles.ProfileCreated:
    return profiles.ProfileCreated(kind="person", details=details(region, **more))


def updated(region: str = REGION, **more: Any) -> profiles.ProfileUpdated:
    return profiles.ProfileUpdated(kind="person", details=details(region, **more))


def details(region: str, **more: Any) -> profiles.PersonDetails:
    fields = {"name": SEALED, "email": SEALED, "occupation": "2144", "sectors": ("trade",), "place": "Lviv", "region": region}
    return profiles.PersonDetails(**fields | more)


def granted(purpose: str = "share_with_partners") -> profiles.ConsentGranted:
    return profiles.ConsentGranted(purpose=purpose, text_version="2026-01", language="de", granted_at=NOW)


def withdrawn(purpose: str = "share_with_partners") -> profiles.ConsentWithdrawn:
    return profiles.ConsentWithdrawn(purpose=purpose, withdrawn_at=NOW)


def told(stream: str, *events: Event) -> list[dict[str, Any]]:
    """The entries that these events of a stream lead to, in order."""
    view, document, entries = FeedView(), {"_id": stream}, []
    for version, event in enumerate(events, 1):
        envelope = Envelope(f"c{version}.0", stream, "test", NOW, Actor("u1", "head"), "k", version=version, position=version)
        document["version"] = version
        view.apply(document, event, envelope)
        entries.extend(entry | {"version": version} for _, entry in view.derive(document, event, envelope))
    return entries


def kinds(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entry["kind"], entry["region"]) for entry in entries]


def test_of_a_person_without_consent_nobody_is_told() -> None:
    assert told("person-1", created(), updated(), granted("matching"), withdrawn("matching")) == []


def test_consent_shares_the_profile_without_name_or_address() -> None:
    (entry,) = told("person-1", created(skills=("welding",)), granted())
    assert (entry["kind"], entry["region"], entry["data"]["skills"]) == ("person_shared", REGION, ("welding",))
    assert not {"name", "email", "phone"} & entry["data"].keys()


def test_a_changed_profile_is_told_again() -> None:
    assert kinds(told("person-1", created(), granted(), updated())) == [("person_shared", REGION), ("person_changed", REGION)]


def test_withdrawing_leaves_a_tombstone_without_data() -> None:
    *_, last = told("person-1", created(), granted(), withdrawn())
    assert (last["kind"], last["region"], last["data"]) == ("person_withdrawn", REGION, {})


def test_who_moves_is_withdrawn_from_one_region_and_shared_with_the_other() -> None:
    entries = told("person-1", created(), granted(), updated(OTHER_REGION))
    assert kinds(entries)[1:] == [("person_withdrawn", REGION), ("person_shared", OTHER_REGION)]
    assert [entry["index"] for entry in entries[1:]] == [0, 1]


def test_withdrawing_twice_is_told_once() -> None:
    assert len(told("person-1", created(), granted(), withdrawn(), withdrawn())) == 2


def test_every_entry_has_an_id_of_its_own_and_the_same_one_each_time() -> None:
    story = (created(), granted(), updated(OTHER_REGION), withdrawn())
    ids = [entry["_id"] for entry in told("person-1", *story)]
    assert len(set(ids)) == len(ids)
    assert ids == [entry["_id"] for entry in told("person-1", *story)]


def test_of_a_contact_no_free_text_is_told() -> None:
    proposed = matching.ContactProposed(
        person_id="person-1", company_id="company-1", need_id="need-1", coordinator="u1", region=REGION
    )
    meeting = matching.MeetingScheduled(
        meeting_id="m1", format="video", starts_at=NOW, ends_at=NOW + timedelta(hours=1), first=True, place="Café Mira"
    )
    entries = told("contact-1", proposed, meeting)
    assert kinds(entries) == [("contact_proposed", REGION), ("meeting_scheduled", REGION)]
    assert {entry["person_id"] for entry in entries} == {"person-1"}
    assert "place" not in entries[1]["data"]
    assert "coordinator" not in entries[0]["data"]


def entry(**more: Any) -> dict[str, Any]:
    fields = {"kind": "person_shared", "subject": "person-1", "person_id": "", "partner_id": "", "region": REGION, "version": 2}
    return fields | more


@pytest.mark.parametrize(
    ("about", "announced", "seen"),
    [
        (entry(), REGION, True),
        (entry(), None, False),
        (entry(), OTHER_REGION, False),
        (entry(region=OTHER_REGION), OTHER_REGION, False),
        (entry(kind="person_withdrawn"), None, True),
        (entry(kind="person_withdrawn", region=OTHER_REGION), None, False),
        (entry(kind="contact_proposed", person_id="person-1"), REGION, True),
        (entry(kind="contact_proposed", person_id="person-1"), None, False),
        (entry(kind="referral_received", partner_id="partner-1"), None, True),
        (entry(kind="referral_received", partner_id="partner-2"), REGION, False),
    ],
)
def test_a_partner_sees_its_regions_as_far_as_people_consent_now(about: dict[str, Any], announced: str, seen: bool) -> None:
    assert may_see(about, "partner-1", {REGION}, announced) == seen


@pytest.mark.parametrize(
    ("person", "decided"), [(None, False), ({"version": 1}, False), ({"version": 2}, True), ({"version": 3}, True)]
)
def test_an_entry_is_decided_once_its_person_is_as_new(person: dict[str, Any] | None, decided: bool) -> None:
    assert is_decided(entry(), person) == decided


def test_of_a_contact_it_is_decided_by_the_person_as_it_stands() -> None:
    assert is_decided(entry(person_id="person-1"), None)


def test_of_a_merged_person_partners_get_a_tombstone_and_hear_again_when_it_is_told_apart() -> None:
    merged = profiles.ProfileMergedInto(survivor_id="person-2", merge_id="m1")
    apart = profiles.ProfileSeparated(survivor_id="person-2", merge_id="m1")
    entries = told("person-1", created(), granted(), merged, apart)
    assert kinds(entries) == [("person_shared", REGION), ("person_withdrawn", REGION), ("person_shared", REGION)]
