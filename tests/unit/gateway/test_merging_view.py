"""What merges do to the documents of both profiles: taking, covering, giving back."""

from typing import Any

import pytest

from services.foundation.messages import Event
from services.gateway.views.company import CompanyView
from services.gateway.views.person import PersonView
from services.profiles.contract import (
    CompanyDetails,
    ConceptKey,
    ConsentGranted,
    ContactPersonAdded,
    DuplicateDismissed,
    MergeRejected,
    MergeUndone,
    NeedStated,
    PersonDetails,
    ProfileCreated,
    ProfileErased,
    ProfileMergedInto,
    ProfileSeparated,
    ProfilesMerged,
    ProfileUpdated,
    QualificationRecorded,
    StatementKey,
    TakenConcept,
    TakenNeed,
    TakenQualification,
    TakenRecognition,
    TakenStatements,
)
from tests.unit.gateway.test_views import NOW, ClearVault, fold

OTHER, THIRD, CLERK = "person-2", "person-3", "u2 (head)"
OWN = PersonDetails(name="Anna Kovač", email="a@example.org", place="Rostock")
CREATED = ProfileCreated(kind="person", details=OWN, stated=("name", "email", "place"))
KEYS = ["e:a@example.org"]


def person(*events: Event) -> dict[str, Any]:
    return fold(PersonView(ClearVault()), "person-1", CREATED, *events)[0]  # type: ignore[arg-type]


def company(*events: Event) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    details = CompanyDetails(name="Bau GmbH", sector="construction")
    created = ProfileCreated(kind="company", details=details, stated=("name", "sector"))
    return fold(CompanyView(ClearVault()), "company-1", created, *events)  # type: ignore[arg-type]


def taken(provenance: str = "staff", evidence: str = "", **fields: Any) -> TakenStatements:
    return TakenStatements(provenance=provenance, evidence=evidence, at=NOW, by=CLERK, fields=fields)


def merged(*groups: TakenStatements, absorbed: str = OTHER, details: PersonDetails = OWN, **further: Any) -> ProfilesMerged:
    about = {"kind": "person", "absorbed_id": absorbed, "absorbed_version": 1, "merge_id": f"merge of {absorbed}"}
    return ProfilesMerged(details=details, taken=groups, **about, **further)


def undone(*keys: tuple[str, str], absorbed: str = OTHER, details: PersonDetails = OWN, **further: Any) -> MergeUndone:
    statements = tuple(StatementKey(field=field, provenance=provenance) for field, provenance in keys)
    about = {"kind": "person", "absorbed_id": absorbed, "merge_id": f"merge of {absorbed}"}
    return MergeUndone(details=details, statements=statements, **about, **further)


def shown(document: dict[str, Any], field: str) -> list[tuple[str, Any]]:
    return [(each["provenance"], each["value"]) for each in document["statements"].get(field, ())]


def covered(document: dict[str, Any], field: str) -> list[Any]:
    return [each["value"] for each in document.get("covered", {}).get(field, ())]


def without_moments(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in ("covered", "updated_at", "version")}


MOVED = OWN.model_copy(update={"place": "Wismar", "address": "Markt 1"})
MERGED = merged(taken("verified", "passport", address="Markt 1"), taken(place="Wismar"), details=MOVED)


def test_what_is_taken_says_where_it_comes_from() -> None:
    document = person(MERGED)
    assert (document["place"], document["address"], document["merged_from"]) == ("Wismar", "Markt 1", [OTHER])
    (address,) = document["statements"]["address"]
    source = {"provenance": "verified", "evidence": "passport", "at": NOW, "by": CLERK}
    assert address == {"value": "Markt 1", **source, "merged_from": OTHER}


def test_a_statement_of_the_same_provenance_is_covered_and_others_stand_beside_it() -> None:
    document = person(MERGED, merged(taken("said", place="Bremen"), absorbed=THIRD, details=MOVED))
    assert shown(document, "place") == [("said", "Bremen"), ("staff", "Wismar")]
    assert covered(document, "place") == ["Rostock"]
    assert document["merged_from"] == [OTHER, THIRD]


def test_what_is_given_back_leaves_the_document_as_it_was() -> None:
    document = person(MERGED, undone(("address", "verified"), ("place", "staff")))
    assert without_moments(document) == without_moments(person())
    assert document["covered"] == {}


@pytest.mark.parametrize("first", [OTHER, THIRD])
def test_of_two_merges_that_cover_each_other_either_is_undone_first(first: str) -> None:
    second = THIRD if first == OTHER else OTHER
    both = (merged(taken(place="Wismar")), merged(taken(place="Bremen"), absorbed=THIRD))
    assert covered(person(*both), "place") == ["Rostock", "Wismar"]
    one = person(*both, undone(("place", "staff"), absorbed=first))
    assert shown(one, "place") == [("staff", "Bremen" if first == OTHER else "Wismar")]
    assert covered(one, "place") == ["Rostock"]
    none = person(*both, undone(("place", "staff"), absorbed=first), undone(("place", "staff"), absorbed=second))
    assert (shown(none, "place"), covered(none, "place")) == ([("staff", "Rostock")], [])


def test_what_is_stated_since_is_the_profiles_own_and_nothing_below_it_comes_back() -> None:
    moved = OWN.model_copy(update={"place": "Stralsund"})
    stated = ProfileUpdated(kind="person", details=moved, stated=("place",))
    document = person(merged(taken(place="Wismar")), stated, undone(details=moved))
    assert (shown(document, "place"), covered(document, "place")) == ([("staff", "Stralsund")], [])
    assert "merged_from" not in document["statements"]["place"][0]


def test_a_qualification_comes_with_its_evidence_and_decision_and_goes_with_them() -> None:
    recorded = QualificationRecorded(qualification_id="q1", title="B.Eng.", provenance="verified", evidence="seen")
    merge = merged(
        qualifications=(TakenQualification(provenance="verified", evidence="seen", at=NOW, by=CLERK, recorded=recorded),),
        recognitions=(TakenRecognition(qualification_id="q1", status="full", authority="IHK FOSA", reference="AZ 1"),),
    )
    (qualification,) = person(merge)["qualifications"]
    assert (qualification["id"], qualification["title"], qualification["recognition"]) == ("q1", "B.Eng.", "full")
    assert qualification["decision"] == {"authority": "IHK FOSA", "reference": "AZ 1", "decided_on": None}
    assert qualification["statements"][0]["evidence"] == "seen"
    assert person(merge, undone(qualifications=("q1",)))["qualifications"] == []


def test_a_confirmed_skill_counts_only_while_it_is_lent() -> None:
    skilled = OWN.model_copy(update={"skills": ("Estrich",)})
    concept = TakenConcept(at=NOW, by=CLERK, typed="Estrich", concept="esco:1")
    merge = merged(taken(skills=["Estrich"]), concepts=(concept,), details=skilled)
    assert person(merge)["concepts"] == ["esco:1"]
    key = ConceptKey(typed="Estrich", provenance="staff")
    document = person(merge, undone(("skills", "staff"), concepts=(key,)))
    assert (document["concepts"], document["skill_concepts"]) == ([], [])


def test_who_is_merged_has_no_keys_and_is_found_again_when_told_apart() -> None:
    rests = ProfileMergedInto(survivor_id=OTHER, merge_id="m")
    document = person(rests)
    assert (document["merged_into"], document["duplicate_keys"]) == (OTHER, [])
    again = person(rests, ProfileSeparated(survivor_id=OTHER, merge_id="m"))
    assert again["merged_into"] is None
    assert set(KEYS) <= set(again["duplicate_keys"]) == set(person()["duplicate_keys"])


def test_what_staff_have_dismissed_is_kept_once() -> None:
    document = person(
        DuplicateDismissed(other_id=THIRD), DuplicateDismissed(other_id=OTHER), DuplicateDismissed(other_id=OTHER)
    )
    assert document["not_duplicates"] == [OTHER, THIRD]


ERASED = ProfileErased(kind="person", erasure_id="erasure-1", erased_at=NOW)


def test_a_tombstone_holds_nothing_by_which_duplicates_are_found() -> None:
    document = person(MERGED, DuplicateDismissed(other_id=THIRD), ERASED)
    assert not {"duplicate_keys", "not_duplicates", "merged_from", "statements", "covered", "name", "address"} & set(document)
    assert document["erasure_id"] == "erasure-1"


def test_a_tombstone_that_is_asked_to_rest_says_why_not_and_is_not_found_either() -> None:
    rejected = MergeRejected(survivor_id=OTHER, merge_id="m", reason="erased")
    document = person(ERASED, rejected)
    assert (document["merge_rejected"]["reason"], document["duplicate_keys"]) == ("erased", [])
    assert "statements" not in document


def test_consents_are_left_alone_on_both_sides() -> None:
    granted = ConsentGranted(purpose="matching", text_version="2026-01", language="de", granted_at=NOW)
    for event in (MERGED, ProfileMergedInto(survivor_id=OTHER, merge_id="m")):
        assert person(granted, event)["consents"] == person(granted)["consents"]


def test_a_companys_contact_people_and_needs_come_and_go_with_the_merge() -> None:
    deputy = ContactPersonAdded(contact_person_id="contactperson-1", name="Ömer Ünal")
    details = CompanyDetails(name="Bau GmbH", sector="construction")
    need = TakenNeed(need_id="need-2", original_id="need-1")
    about = {"kind": "company", "details": details, "absorbed_id": "company-2", "merge_id": "m"}
    merge = ProfilesMerged(absorbed_version=1, contact_people=(deputy,), needs=(need,), **about)  # type: ignore[arg-type]
    document, _ = company(merge)
    assert [each["name"] for each in document["contact_people"]] == [deputy.name]
    assert document["merged_needs"] == {"need-2": "company-2"}
    back, _ = company(merge, MergeUndone(contact_people=("contactperson-1",), **about))  # type: ignore[arg-type]
    assert (back["contact_people"], back["merged_needs"]) == ([], {})


def test_needs_of_a_company_that_rests_are_closed_for_readers_and_open_again_afterwards() -> None:
    needs = [NeedStated(need_id=id, title="Bauleitung", purpose="employment") for id in ("need-1", "need-2")]
    rests = ProfileMergedInto(survivor_id="company-2", merge_id="m")
    document, derived = company(*needs, rests)
    assert [each["open"] for each in document["needs"]] == [True, True]
    assert [each["open"] for name, each in derived if name == "needs"] == [True, True, False, False]
    _, derived = company(*needs, rests, ProfileSeparated(survivor_id="company-2", merge_id="m"))
    assert [each["open"] for name, each in derived if name == "needs"][-2:] == [True, True]


def test_the_history_tells_with_whom_and_only_what_was_taken() -> None:
    _, derived = fold(PersonView(ClearVault()), "person-1", CREATED, MERGED, undone(("place", "staff")))  # type: ignore[arg-type]
    assert [entry["data"] for _, entry in derived][1:] == [
        {"absorbed_id": OTHER, "fields": ["address", "place"], "provenance": "merge"},
        {"absorbed_id": OTHER, "fields": ["place"], "provenance": "merge"},
    ]
